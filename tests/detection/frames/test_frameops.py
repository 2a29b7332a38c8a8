"""Every frame operation on both implementations; the numpy twin is the specification of the compiled one."""

import importlib
import os
import struct
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from detection.frames import _frameops_py, frameops
from detection.frames.frameops import FrameOps

Gray = npt.NDArray[np.uint8]

TWIN = FrameOps(_frameops_py)
SIZES = [(1, 1), (1, 9), (2, 2), (3, 3), (5, 7), (8, 8), (61, 83), (240, 320), (9, 5000), (300, 3)]


@pytest.fixture(params=["python", "cython"])
def ops(request: pytest.FixtureRequest) -> FrameOps:
    if request.param == "python":
        return TWIN
    return FrameOps(compiled())


def compiled() -> Any:
    """Skip on a machine without a compiler, where the twin alone is tested; CI builds with BUILD_EXTENSION=yes."""
    return pytest.importorskip("cy_frame", exc_type=ImportError)


def picture(shape: tuple[int, ...], seed: int = 1) -> Gray:
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


@pytest.mark.skipif("EXAM_NO_EXTENSIONS" in os.environ, reason="this run is about the Python twin")
def test_continuous_integration_has_the_compiled_one() -> None:
    assert frameops.IMPLEMENTATION == "cython" or not os.environ.get("CI")


@pytest.mark.parametrize(("value", "expected"), [("1", "python"), ("", "cython")])
def test_a_switch_chooses_the_implementation(value: str, expected: str) -> None:
    compiled()
    code = "from detection.frames import frameops; print(frameops.IMPLEMENTATION)"
    environ = {**os.environ, "EXAM_NO_EXTENSIONS": value}
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == expected


def test_the_stub_names_what_the_extension_offers() -> None:
    cy_frame = compiled()
    with open("cy_frame.pyi", encoding="utf-8") as stub:
        named = {line.split("(")[0].split()[1].rstrip(":") for line in stub if line.startswith(("def ", "class "))}
    offered = {name for name in dir(cy_frame) if not name.startswith("_") and callable(getattr(cy_frame, name))}
    assert named == offered


# --------------------------------------------------------------------------------------------- unmask


@pytest.mark.parametrize("size", [0, 1, 3, 4, 7, 8, 9, 15, 16, 17, 63, 64, 65, 1023, 15000, 65537])
@pytest.mark.parametrize("offset", [0, 1, 2, 3, 4, 15001])
def test_unmask_repeats_the_mask_from_its_offset(ops: FrameOps, size: int, offset: int) -> None:
    payload, mask = os.urandom(size), os.urandom(4)
    expected = bytes(byte ^ mask[(offset + i) % 4] for i, byte in enumerate(payload))
    assert ops.unmask(payload, mask, offset) == expected


def test_unmask_twice_gives_the_payload_back_from_any_buffer(ops: FrameOps) -> None:
    payload = os.urandom(1001)
    once = ops.unmask(memoryview(bytearray(payload)), b"\x01\x02\x03\x04")
    assert ops.unmask(bytearray(once), bytearray(b"\x01\x02\x03\x04")) == payload


@pytest.mark.parametrize("mask", [b"", b"abc", b"abcde"])
def test_unmask_refuses_other_masks(ops: FrameOps, mask: bytes) -> None:
    with pytest.raises(ValueError, match="4 bytes"):
        ops.unmask(b"payload", mask)


# --------------------------------------------------------------------------------------------- picture_stats


@pytest.mark.parametrize("shape", SIZES)
def test_stats_are_those_of_the_twin(ops: FrameOps, shape: tuple[int, int]) -> None:
    gray = picture(shape)
    assert ops.picture_stats(gray) == pytest.approx(TWIN.picture_stats(gray), rel=1e-9, abs=1e-6)


def test_stats_are_what_their_names_say(ops: FrameOps) -> None:
    gray = np.zeros((16, 16), np.uint8)
    gray[:, 8:] = 250
    stats = ops.picture_stats(gray)
    assert (stats.mean, stats.variance, stats.tile_spread) == (125, 125**2, 125)
    assert (stats.dark, stats.bright) == (0.5, 0.5)
    # 2 of the 14 inner columns lie at the edge, with a Laplacian of +250 and -250
    assert stats.sharpness == pytest.approx(2 / 14 * 250**2)


@pytest.mark.parametrize("level", [0, 20, 128, 245, 255])
def test_stats_of_one_flat_colour(ops: FrameOps, level: int) -> None:
    stats = ops.picture_stats(np.full((37, 53), level, np.uint8))
    assert stats == pytest.approx((level, 0, float(level <= 20), float(level >= 245), 0, 0), abs=1e-9)


def test_stats_hold_the_largest_sums(ops: FrameOps) -> None:
    board = np.indices((1100, 4200)).sum(axis=0) % 2 * 255
    stats = ops.picture_stats(board.astype(np.uint8))
    assert stats.sharpness == pytest.approx(1020**2)
    assert stats.variance == pytest.approx(127.5**2)


def test_stats_take_their_limits_from_the_caller(ops: FrameOps) -> None:
    gray = np.arange(256, dtype=np.uint8).reshape(16, 16)
    stats = ops.picture_stats(gray, dark_at=63, bright_at=128)
    assert (stats.dark, stats.bright) == (0.25, 0.5)


@pytest.mark.parametrize("cut", [np.s_[::2, ::3], np.s_[::-1, :], np.s_[3:50, 5:70]])
def test_stats_of_a_view_are_those_of_its_copy(ops: FrameOps, cut: tuple[slice, slice]) -> None:
    view = picture((64, 80)).T[cut]
    assert ops.picture_stats(view) == pytest.approx(TWIN.picture_stats(view.copy()))


def test_read_only_pictures_are_welcome(ops: FrameOps) -> None:
    gray, bgr = picture((32, 32)), picture((32, 32, 3))
    gray.flags.writeable = bgr.flags.writeable = False
    assert ops.picture_stats(gray) == pytest.approx(TWIN.picture_stats(gray))
    assert ops.difference(gray, gray) == (0, 0)
    assert ops.shrink_gray(bgr, 4).shape == (8, 8)


NOT_GRAY = [
    np.zeros((0, 0), np.uint8),
    np.zeros((0, 5), np.uint8),
    np.zeros((5, 0), np.uint8),
    np.zeros(5, np.uint8),
    np.zeros((4, 4, 3), np.uint8),
    np.zeros((4, 4), np.float32),
    np.zeros((4, 4), np.int8),
]


@pytest.mark.parametrize("wrong", NOT_GRAY, ids=lambda array: f"{array.shape}-{array.dtype}")
def test_what_is_not_a_gray_picture_is_refused(ops: FrameOps, wrong: Gray) -> None:
    with pytest.raises(ValueError, match="gray picture"):
        ops.picture_stats(wrong)
    with pytest.raises(ValueError, match="gray picture"):
        ops.difference(wrong, wrong)


@pytest.mark.parametrize("level", [-1, 256])
def test_levels_outside_a_byte_are_refused(ops: FrameOps, level: int) -> None:
    gray = picture((4, 4))
    for call in (
        lambda: ops.picture_stats(gray, dark_at=level),
        lambda: ops.picture_stats(gray, bright_at=level),
        lambda: ops.difference(gray, gray, level),
    ):
        with pytest.raises(ValueError, match="gray levels"):
            call()


# --------------------------------------------------------------------------------------------- difference


@pytest.mark.parametrize("shape", SIZES)
@pytest.mark.parametrize("threshold", [0, 15, 254, 255])
def test_difference_is_that_of_the_twin(ops: FrameOps, shape: tuple[int, int], threshold: int) -> None:
    first, second = picture(shape, 1), picture(shape, 2)
    assert ops.difference(first, second, threshold) == pytest.approx(TWIN.difference(first, second, threshold))


def test_difference_has_no_sign_and_counts_what_is_above(ops: FrameOps) -> None:
    first = np.array([[0, 100, 255, 40]], np.uint8)
    second = np.array([[255, 110, 0, 55]], np.uint8)
    assert ops.difference(first, second, 15) == ((255 + 10 + 255 + 15) / 4, 0.5)


def test_difference_of_views_is_that_of_their_copies(ops: FrameOps) -> None:
    first, second = picture((40, 60), 1)[::2, ::-3], picture((60, 40), 2).T[::2, ::3]
    assert ops.difference(first, second) == pytest.approx(TWIN.difference(first.copy(), second.copy()))


def test_difference_refuses_other_shapes(ops: FrameOps) -> None:
    with pytest.raises(ValueError, match="different shapes"):
        ops.difference(picture((4, 6)), picture((6, 4)))


# --------------------------------------------------------------------------------------------- change


@pytest.mark.parametrize("shape", [*SIZES, (30, 40), (60, 80), (135, 240), (7, 9)])
@pytest.mark.parametrize("threshold", [0, 12, 255])
def test_change_is_that_of_the_twin(ops: FrameOps, shape: tuple[int, int], threshold: int) -> None:
    first, second = picture(shape, 1), picture(shape, 2)
    assert ops.change(first, second, threshold) == pytest.approx(TWIN.change(first, second, threshold))


def test_change_finds_a_small_thing_and_its_sign(ops: FrameOps) -> None:
    before = np.full((30, 40), 90, np.uint8)
    after = before.copy()
    after[12:14, 20:22] = 40
    mean, tile, share = ops.change(after, before, 12)
    assert mean == pytest.approx(-50 * 4 / 1200)
    assert 5 < tile <= 50 * 4 / 16
    assert share == 4 / 1200
    assert ops.change(before, before, 0) == (0, 0, 0)


def test_change_refuses_other_shapes_and_types(ops: FrameOps) -> None:
    with pytest.raises(ValueError, match="different shapes"):
        ops.change(picture((4, 6)), picture((6, 4)))
    with pytest.raises(ValueError, match="gray picture"):
        ops.change(np.zeros((0, 0), np.uint8), np.zeros((0, 0), np.uint8))


# --------------------------------------------------------------------------------------------- shrink_gray


@pytest.mark.parametrize("factor", range(1, 17))
@pytest.mark.parametrize("shape", [(16, 16), (33, 47), (48, 64), (17, 130)])
def test_shrink_is_that_of_the_twin(ops: FrameOps, shape: tuple[int, int], factor: int) -> None:
    bgr = picture((*shape, 3))
    small = ops.shrink_gray(bgr, factor)
    assert small.shape == (shape[0] // factor, shape[1] // factor)
    assert np.array_equal(small, TWIN.shrink_gray(bgr, factor))


@pytest.mark.parametrize("factor", [1, 2, 8, 16])
@pytest.mark.parametrize("level", [0, 1, 127, 254, 255])
def test_shrink_keeps_gray_exactly(ops: FrameOps, factor: int, level: int) -> None:
    small = ops.shrink_gray(np.full((32, 48, 3), level, np.uint8), factor)
    assert np.unique(small).tolist() == [level]


@pytest.mark.parametrize(("bgr", "luma"), [((255, 0, 0), 29), ((0, 255, 0), 150), ((0, 0, 255), 76)])
def test_shrink_weighs_colours_as_eyes_do(ops: FrameOps, bgr: tuple[int, int, int], luma: int) -> None:
    small = ops.shrink_gray(np.full((8, 8, 3), bgr, np.uint8), 4)
    assert np.unique(small).tolist() == [luma]


def test_shrink_of_a_view_is_that_of_its_copy(ops: FrameOps) -> None:
    view = picture((80, 100, 3))[::2, 10:-7, ::-1]
    assert np.array_equal(ops.shrink_gray(view, 3), TWIN.shrink_gray(view.copy(), 3))


@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 4), (8, 8, 1), (3,)])
def test_shrink_refuses_what_is_not_bgr(ops: FrameOps, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="BGR picture"):
        ops.shrink_gray(np.zeros(shape, np.uint8), 2)
    with pytest.raises(ValueError, match="BGR picture"):
        ops.shrink_gray(np.zeros((8, 8, 3), np.float32), 2)


@pytest.mark.parametrize("factor", [-1, 0, 9, 17])
def test_shrink_refuses_factors_that_do_not_fit(ops: FrameOps, factor: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        ops.shrink_gray(np.zeros((8, 30, 3), np.uint8), factor)


# --------------------------------------------------------------------------------------------- parse_jpeg_header


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def frame_header(width: int, height: int, components: int = 3, coding: int = 0xC0, precision: int = 8) -> bytes:
    content = struct.pack(">BHHB", precision, height, width, components) + bytes(3 * components)
    return segment(coding, content)


SCAN = segment(0xDA, bytes(10))
TABLES = segment(0xE0, b"JFIF\0" + bytes(9)) + segment(0xDB, bytes(65))


def jpeg(*segments: bytes) -> bytes:
    return b"\xff\xd8" + b"".join(segments) + b"\x12\x34\x56\xff\xd9"


@pytest.mark.parametrize("coding", [0xC0, 0xC1, 0xC2])
@pytest.mark.parametrize("components", [1, 3, 4])
def test_header_tells_width_height_and_components(ops: FrameOps, coding: int, components: int) -> None:
    data = jpeg(TABLES, frame_header(640, 480, components, coding), segment(0xC4, bytes(30)), SCAN)
    assert ops.parse_jpeg_header(data) == (640, 480, components)


def test_header_tells_sizes_that_nobody_should_decode(ops: FrameOps) -> None:
    assert ops.parse_jpeg_header(jpeg(frame_header(20000, 65535), SCAN)) == (20000, 65535, 3)


def test_header_passes_fill_bytes_and_lone_markers(ops: FrameOps) -> None:
    data = jpeg(b"\xff\xff\xff" + TABLES, b"\xff\x01", b"\xff" + frame_header(3, 2), SCAN)
    assert ops.parse_jpeg_header(data) == (3, 2, 3)


BROKEN = {
    "empty": b"",
    "short": b"\xff\xd8\xff",
    "png": b"\x89PNG\r\n\x1a\n" + bytes(40) + b"\xff\xd9",
    "bare": b"\xff\xd8\xff\xd9",
    "only fill": b"\xff\xd8" + b"\xff" * 50 + b"\xff\xd9",
    "no end": jpeg(TABLES, frame_header(4, 4), SCAN)[:-1],
    "no frame header": jpeg(TABLES, SCAN),
    "no scan": jpeg(TABLES, frame_header(4, 4)),
    "two frame headers": jpeg(frame_header(4, 4), frame_header(9, 9), SCAN),
    "lossless": jpeg(frame_header(4, 4, coding=0xC3), SCAN),
    "arithmetic": jpeg(frame_header(4, 4, coding=0xC9), SCAN),
    "12 bits": jpeg(frame_header(4, 4, precision=12), SCAN),
    "no width": jpeg(frame_header(0, 4), SCAN),
    "no height": jpeg(frame_header(4, 0), SCAN),
    "no components": jpeg(frame_header(4, 4, components=0), SCAN),
    "wrong component count": jpeg(segment(0xC0, struct.pack(">BHHB", 8, 4, 4, 3) + bytes(6)), SCAN),
    "short frame header": jpeg(segment(0xC0, bytes(5)), SCAN),
    "length 0": jpeg(b"\xff\xe0\0\0", frame_header(4, 4), SCAN),
    "length 1": jpeg(b"\xff\xe0\0\1", frame_header(4, 4), SCAN),
    "length beyond the end": jpeg(b"\xff\xe0\xff\xff", frame_header(4, 4), SCAN),
    "a segment that holds the end marker": b"\xff\xd8\xff\xe0\0\4\xff\xd9",
    "restart before the scan": jpeg(b"\xff\xd0", frame_header(4, 4), SCAN),
    "second start": jpeg(b"\xff\xd8", frame_header(4, 4), SCAN),
    "garbage between": jpeg(TABLES, b"garbage", frame_header(4, 4), SCAN),
    "low marker": jpeg(b"\xff\x30\0\2", frame_header(4, 4), SCAN),
}


@pytest.mark.parametrize("name", BROKEN)
def test_header_refuses(ops: FrameOps, name: str) -> None:
    with pytest.raises(ValueError, match=r"JPEG"):
        ops.parse_jpeg_header(BROKEN[name])


def test_header_refuses_every_cut(ops: FrameOps) -> None:
    data = jpeg(TABLES, frame_header(4, 4), SCAN)
    for size in range(len(data)):
        with pytest.raises(ValueError, match="JPEG"):
            ops.parse_jpeg_header(data[:size])


def test_both_say_the_same_of_damaged_headers() -> None:
    cy_frame = compiled()
    random = np.random.default_rng(5)
    data = jpeg(TABLES, frame_header(320, 240), segment(0xC4, bytes(20)), SCAN)
    for _ in range(3000):
        damaged = bytearray(data)
        for position in random.integers(0, len(data), 3):
            damaged[position] = random.choice([0, 1, 2, 8, 0x10, 0xC0, 0xD8, 0xD9, 0xDA, 0xFF])
        assert said(cy_frame.parse_jpeg_header, bytes(damaged)) == said(TWIN.parse_jpeg_header, bytes(damaged))


def said(parse: Callable[[bytes], object], data: bytes) -> object:
    try:
        return parse(data)
    except ValueError:
        return "refused"


def test_edges_of_tiles_cover_the_side() -> None:
    for size in range(1, 40):
        borders = _frameops_py.edges(size).tolist()
        assert borders[0] == 0 and borders[-1] == size
        assert all(left < right for left, right in pairwise(borders))


def test_the_module_offers_the_chosen_operations() -> None:
    module = importlib.import_module("detection.frames.frameops")
    assert module.parse_jpeg_header(jpeg(frame_header(8, 9), SCAN)) == (8, 9, 3)
    assert module.unmask(b"\1\2\3", b"\1\2\3\4") == b"\0\0\0"

"""The cases of `tools.fuzz`: for each compiled loop an input that nobody would think of, and what its twin says of it.

A case is made from one number, so a difference can be looked at again. Each gives two accounts that must be equal.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from types import MappingProxyType
from typing import Any

import numpy as np

from detection.frames import _frameops_py
from detection.frames.frameops import FrameOps
from transport import _websocket_py

TELLING = bytes([0x00, 0x01, 0x02, 0x08, 0x0B, 0x10, 0x7E, 0x7F, 0x80, 0xC0, 0xC4, 0xD0, 0xD8, 0xD9, 0xDA, 0xE0, 0xFF])
TAIL = b',{"_placeholder":true,"num":0}]'
ROUNDING, NOTHING = 1e-9, 1e-6  # relative; absolute, about zero
FLOAT32 = 1e-5  # the planes are single precision


@dataclass(frozen=True)
class Kernels:
    """The compiled module, and both sides with their checks."""

    compiled: Any
    ours: FrameOps
    twin: FrameOps


def load() -> Kernels:
    """Return the compiled module beside its twin; ImportError where it was not built."""
    compiled = importlib.import_module("cy_frame")
    return Kernels(compiled, FrameOps(compiled), FrameOps(_frameops_py))


Case = Callable[[Random, Kernels], tuple[object, object]]


def account(call: Callable[[], object], with_reason: bool = False) -> object:
    """Return what a call gives: its value, that it refuses (ValueError), or the name of an error it may not raise."""
    try:
        return call()
    except ValueError as error:
        return ("refused", *error.args) if with_reason else "refused"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


# ------------------------------------------------------------------------------------ bytes


def damaged(random: Random, data: bytes) -> bytes:
    """Return the bytes with a few changed, cut out, doubled or put in."""
    changed = bytearray(data)
    for _ in range(random.choice((0, 0, 1, 1, 2, 5))):
        at = random.randrange(len(changed) + 1)
        kind = random.randrange(5)
        if kind == 0:
            changed[at : at + 1] = bytes([random.choice(TELLING)])
        elif kind == 1:
            del changed[at : at + random.randrange(1, 9)]
        elif kind == 2:
            changed[at:at] = changed[at : at + random.randrange(1, 20)]
        elif kind == 3:
            changed[at:at] = bytes(random.choices(TELLING, k=random.randrange(1, 4)))
        else:
            changed[at : at + 1] = bytes([random.randrange(256)])
    return bytes(changed)


def segment(random: Random, marker: int) -> bytes:
    """Return one JPEG segment, now and then with a length that is not its own."""
    if marker in (0xC0, 0xC1, 0xC2):
        parts = random.choice((1, 3, 3, 4, 0, 255))
        content = bytes([12 if random.random() < 0.05 else 8]) + random.randbytes(4) + bytes([parts]) + bytes(3 * parts)
    else:
        content = random.randbytes(random.choice((0, 1, 2, 10, 65)))
    length = len(content) + 2 + (random.choice((-2, -1, 1, 2, 3, 4)) if random.random() < 0.1 else 0)
    fill = b"\xff" * random.choice((0, 0, 0, 1, 3)) + (b"\xff\x01" if random.random() < 0.1 else b"")
    return fill + bytes([0xFF, marker]) + (length & 0xFFFF).to_bytes(2, "big") + content


def markers(random: Random) -> list[int]:
    """Return markers in the order of a picture, or in any order at all."""
    tables = (0xC4, 0xDB, 0xE0)
    if random.random() < 0.2:
        return random.choices((*tables, *TELLING), k=random.randrange(5))
    before, after = (random.choices(tables, k=random.randrange(3)) for _ in range(2))
    return [*before, random.choice((0xC0, 0xC1, 0xC2)), *after, 0xDA]


def jpeg_header(random: Random, kernels: Kernels) -> tuple[object, object]:
    """A row of JPEG segments, more or less whole."""
    data = b"\xff\xd8" + b"".join(segment(random, marker) for marker in markers(random))
    data = damaged(random, data) if random.random() < 0.4 else data
    data += b"" if random.random() < 0.05 else b"\xff\xd9"
    return account(lambda: kernels.ours.parse_jpeg_header(data)), account(lambda: kernels.twin.parse_jpeg_header(data))


def unmask(random: Random, kernels: Kernels) -> tuple[object, object]:
    """Bytes and a mask of any length; both twins must agree with the compiled one."""
    data = random.randbytes(random.choice((0, 1, 3, 7, 8, 9, 15, 16, 17, 64, 1000)) + random.randrange(3))
    mask = random.randbytes(4 if random.random() < 0.9 else random.randrange(9))
    offset = random.choice((0, 1, 2, 3, random.randrange(1 << 40)))
    told = account(lambda: kernels.compiled.unmask(data, mask, offset))
    twins = (
        account(lambda: _frameops_py.unmask(data, mask, offset)),
        account(lambda: _websocket_py.unmask(data, mask, offset)),
    )
    return (told, told), twins


def number(random: Random) -> bytes:
    """Return digits as JSON writes them, or nearly so."""
    if random.random() < 0.6:
        return str(random.randrange(10 ** random.randrange(1, 18))).encode()
    return random.choice(
        (b"", b"0", b"00", b"-1", b"1.5", b"9" * 15, b"9" * 16, b"1e3", b"\xd9\xa1", b" 1", b"+1", b"0x1")
    )


def lane_event(random: Random, kernels: Kernels) -> tuple[object, object]:
    """A Socket.IO event of a lane, or nearly one."""
    prefix = random.choice((b"451-/student,", b"51-", b"", b"["))
    head = random.choice((b'["frame",', b'["reading",', b","))  # ours always parts the numbers
    data = prefix + number(random) + head + number(random) + b"," + number(random) + TAIL
    data = damaged(random, data)
    twin = account(lambda: _websocket_py.parse_lane_event(data, prefix, head))
    return account(lambda: kernels.compiled.parse_lane_event(data, prefix, head)), twin


def websocket_frame(random: Random) -> bytes:
    """Return a frame as a browser sends it, or nearly so."""
    first = random.choice((0x82, 0x81, 0x02, 0x00, 0x80, 0x89, 0x8A, 0x88, random.randrange(256)))
    size = random.choice((0, 1, 5, 125, 126, 127, 300))
    claimed = size if random.random() < 0.93 else random.choice((0, 1, 65535, 1 << 20, 1 << 33, (1 << 63) + 5))
    wide = (
        127 if claimed > 0xFFFF or random.random() < 0.1 else 126 if claimed > 125 or random.random() < 0.1 else claimed
    )
    length = claimed.to_bytes(8 if wide == 127 else 2, "big") if wide > 125 else b""
    return bytes([first, wide | (0x80 if random.random() < 0.98 else 0)]) + length + random.randbytes(4 + size)


def read_all(reader: Any, stream: bytes, steps: list[int]) -> list[object]:
    """Return the messages of a stream that comes in steps, and the refusal that ends it, if one does."""
    told: list[object] = []
    turn = 0
    while stream:
        space = reader.space()
        count = min(steps[turn % len(steps)], len(space), len(stream))
        turn += 1
        space[:count] = stream[:count]
        del space  # a reader may not move memory that somebody looks at
        reader.filled(count)
        stream = stream[count:]
        while (message := account(reader.next_message, with_reason=True)) is not None:
            told.append(message)
            if not isinstance(message, tuple) or message[0] == "refused":
                return told
    return told


def reader(random: Random, kernels: Kernels) -> tuple[object, object]:
    """A conversation of WebSocket frames, cut anywhere."""
    stream = b"".join(websocket_frame(random) for _ in range(random.randrange(1, 7)))
    stream = damaged(random, stream) if random.random() < 0.5 else stream
    steps = [random.choice((1, 2, 3, 7, 60, 1000, 70_000)) for _ in range(4)]
    limit = random.choice((0, 1, 124, 300, 1000, 300_000))
    kinds = kernels.compiled.FrameReader, _websocket_py.FrameReader
    ours, twin = (read_all(kind(limit), stream, steps) for kind in kinds)
    return ours, twin


# ------------------------------------------------------------------------------------ pictures


def pixels(random: Random, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    """Return a picture, sometimes of few tones, sometimes one whose rows do not follow each other in memory."""
    count = math.prod(shape)
    flat = np.frombuffer(random.randbytes(count), np.uint8)
    tones = random.choice((256, 256, 2, 1))
    picture = (flat if tones == 256 else (flat % tones * (255 // max(1, tones - 1))).astype(np.uint8)).reshape(shape)
    if random.random() < 0.2:
        wide = np.zeros((shape[0], 2 * shape[1], *shape[2:]), np.uint8)
        wide[:, ::2] = picture
        picture = wide[:, ::2]
    return picture[::-1] if random.random() < 0.1 else picture


def gray(random: Random) -> np.ndarray[Any, Any]:
    """Return a gray picture, from one pixel to some hundreds along a side; rarely none that may be measured."""
    if random.random() < 0.02:
        return random.choice((np.zeros((0, 4), np.uint8), np.zeros(7, np.uint8), np.zeros((3, 3), np.int8)))
    side = random.choice((1, 2, 3, 7, 8, 9, 16, 33, 60))
    return pixels(random, (side, random.choice((1, 2, 3, 7, 8, 15, 17, 64, 241, 300))))


def level(random: Random) -> int:
    """Return a gray level, rarely one that is none."""
    return random.choice((0, 1, 15, 20, 128, 245, 254, 255, random.randrange(256), random.randrange(-2, 259)))


def numbers(call: Callable[[], object]) -> object:
    """Return the call's numbers, comparable with a little rounding."""
    found = account(call)
    return Rounded(tuple(map(float, found))) if isinstance(found, tuple) else found


@dataclass(frozen=True, eq=False)
class Rounded:
    """Numbers that are equal when they differ by rounding alone."""

    values: tuple[float, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rounded) and all(map(alike, self.values, other.values))


def alike(first: float, second: float) -> bool:
    """Say whether two results differ by rounding alone."""
    return math.isclose(first, second, rel_tol=ROUNDING, abs_tol=NOTHING)


def picture_stats(random: Random, kernels: Kernels) -> tuple[object, object]:
    """Light and sharpness of any picture."""
    picture, dark, bright = gray(random), level(random), level(random)
    return both(kernels, lambda ops: ops.picture_stats(picture, dark, bright), numbers)


def both(
    kernels: Kernels, look: Callable[[FrameOps], object], told: Callable[[Callable[[], object]], object]
) -> tuple[object, object]:
    """Return what the compiled loop and its twin give."""
    return told(lambda: look(kernels.ours)), told(lambda: look(kernels.twin))


def pair(random: Random) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return two pictures, nearly always of one size, sometimes nearly the same."""
    first = gray(random)
    if random.random() < 0.05 or first.ndim != 2 or not first.size or first.dtype != np.uint8:
        return first, gray(random)
    second = first.copy() if random.random() < 0.3 else pixels(random, first.shape)
    if random.random() < 0.5:
        second = second.copy()
        second[random.randrange(len(second)), random.randrange(second.shape[1])] = random.randrange(256)
    return first, second


def difference(random: Random, kernels: Kernels) -> tuple[object, object]:
    """Two pictures, for frozen and moving ones."""
    (first, second), over = pair(random), level(random)
    return both(kernels, lambda ops: ops.difference(first, second, over), numbers)


def change(random: Random, kernels: Kernels) -> tuple[object, object]:
    """Two pictures, tile by tile."""
    (first, second), over = pair(random), level(random)
    return both(kernels, lambda ops: ops.change(first, second, over), numbers)


def shrink_gray(random: Random, kernels: Kernels) -> tuple[object, object]:
    """A colour picture and a factor that fits, or not."""
    shape = random.choice((1, 5, 16, 33)), random.choice((1, 7, 16, 47, 90)), random.choice((3, 3, 3, 3, 3, 3, 3, 3, 4))
    bgr, factor = pixels(random, shape), random.randrange(-1, 19)
    return both(kernels, lambda ops: ops.shrink_gray(bgr, factor).tolist(), account)


def area(random: Random, width: int, height: int) -> tuple[int, int, int, int]:
    """Return an area of so many pixels, rarely one that leaves them."""
    left, top = random.randrange(width), random.randrange(height)
    size = random.randrange(1, width - left + 1), random.randrange(1, height - top + 1)
    if random.random() < 0.05:
        return left - random.randrange(3), top, size[0] + random.randrange(3), size[1]
    return left, top, *size


def fill_planes(random: Random, kernels: Kernels) -> tuple[object, object]:
    """A region of a picture resized into a place among planes; what lies around the place must stay as it was."""
    bgr = pixels(random, (random.choice((1, 2, 9, 30)), random.choice((1, 2, 8, 9, 41)), 3))
    planes = np.full((2, 3, random.choice((1, 5, 20)), random.choice((1, 7, 8, 9, 31))), 7, np.float32)
    region, place = area(random, bgr.shape[1], bgr.shape[0]), area(random, planes.shape[3], planes.shape[2])
    ours = account(lambda: kernels.ours.fill_planes(bgr, region, place, planes[0]))
    twin = account(lambda: kernels.twin.fill_planes(bgr, region, place, planes[1]))
    same = bool(np.allclose(planes[0], planes[1], rtol=0, atol=FLOAT32))
    return (ours, same), (twin, True)


CASES: Mapping[str, tuple[Case, int]] = MappingProxyType(
    {
        "parse_jpeg_header": (jpeg_header, 34),
        "parse_lane_event": (lane_event, 24),
        "FrameReader": (reader, 12),
        "unmask": (unmask, 16),
        "picture_stats": (picture_stats, 2),
        "difference": (difference, 3),
        "change": (change, 2),
        "shrink_gray": (shrink_gray, 3),
        "fill_planes": (fill_planes, 4),
    }
)
"""Each loop with its cases, and how many of a hundred fall to it: most to those that strangers' bytes reach first."""

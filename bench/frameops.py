"""Every loop of cy_frame against its Python twin, eventlet, and the OpenCV and numpy calls a user would write."""

import argparse
import os
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from eventlet.websocket import RFC6455WebSocket
from websockets.speedups import apply_mask

import cy_frame
from detection.frames import _frameops_py
from detection.frames.frameops import FrameOps
from evaluation.figures.report import Report, interleaved, show, table
from transport import _websocket_py

Gray = npt.NDArray[np.uint8]

COMPILED, TWIN = FrameOps(cy_frame), FrameOps(_frameops_py)
PICTURES = [(320, 240), (640, 480)]  # width, height: what a student sends for the grid and for the large view
FRAME_SIZES = [5_000, 15_000, 60_000]  # bytes
LIMIT = 1 << 20


@dataclass
class Case:
    """One operation on one input, done by us and by each peer."""

    name: str
    ours: Callable[[], object]
    peers: dict[str, Callable[[], object]] = field(default_factory=dict)


def noise(*shape: int) -> Gray:
    """Return a blurred random picture, like a webcam's in dim light."""
    raw = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    return cv2.GaussianBlur(raw, (5, 5), 0).astype(np.uint8)


def usual_stats(gray: Gray) -> tuple[float, ...]:
    """Measure a picture as most people write it."""
    tiles = cv2.resize(gray, (8, 8), interpolation=cv2.INTER_AREA)
    sharpness = cv2.Laplacian(gray, cv2.CV_64F).var()
    return (gray.mean(), gray.var(), (gray <= 20).mean(), (gray >= 245).mean(), sharpness, tiles.std())


def tuned_stats(gray: Gray) -> tuple[Any, ...]:
    """Measure a picture with nothing but OpenCV's fastest calls."""
    tiles = cv2.resize(gray, (8, 8), interpolation=cv2.INTER_AREA)
    dark = cv2.countNonZero(cv2.compare(gray, 20.0, cv2.CMP_LE))  # type: ignore[call-overload]
    bright = cv2.countNonZero(cv2.compare(gray, 245.0, cv2.CMP_GE))  # type: ignore[call-overload]
    edges = cv2.meanStdDev(cv2.Laplacian(gray, cv2.CV_16S))
    return cv2.meanStdDev(gray), dark, bright, edges, cv2.meanStdDev(tiles)


def usual_difference(first: Gray, second: Gray) -> tuple[float, float]:
    """Compare two pictures as most people write it."""
    gap = cv2.absdiff(first, second)
    return gap.mean(), (gap > 15).mean()


def usual_change(first: Gray, second: Gray) -> tuple[float, float, float]:
    """Compare two pictures tile by tile with the library's own calls."""
    gap = first.astype(np.float32) - second
    tiles = cv2.resize(gap, (gap.shape[1] // 4, gap.shape[0] // 4), interpolation=cv2.INTER_AREA)
    return float(gap.mean()), float(np.abs(tiles).max()), float((np.abs(gap) > 12).mean())


def usual_shrink(bgr: Gray, factor: int) -> Any:
    """Make a small gray picture as most people write it."""
    gray = cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY)
    size = (bgr.shape[1] // factor, bgr.shape[0] // factor)
    return cv2.resize(gray, size, interpolation=cv2.INTER_AREA)


def usual_header(jpeg: bytes) -> tuple[int, ...]:
    """Learn a JPEG's size as most people write it."""
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    return () if picture is None else picture.shape


def usual_planes(bgr: Gray, size: tuple[int, int]) -> Any:
    """Make a model's input as most people write it."""
    return cv2.dnn.blobFromImage(cv2.resize(bgr, size), 1 / 255, swapRB=True)


def numpy_planes(bgr: Gray, size: tuple[int, int], target: npt.NDArray[np.float32]) -> None:
    """Make a model's input with OpenCV's resize alone, into a buffer that is there."""
    target[...] = cv2.resize(bgr, size)[..., ::-1].transpose(2, 0, 1) / np.float32(255)


def planes_case(width: int, height: int, bgr: Gray) -> Case:
    """Put a picture into the input of the model that looks for phones."""
    size = 416, 312
    planes, other = np.zeros((2, 3, size[1], size[0]), np.float32)
    areas = (0, 0, width, height), (0, 0, *size)
    return Case(
        f"fill_planes {width}x{height}",
        partial(COMPILED.fill_planes, bgr, *areas, planes),
        {
            "opencv": partial(usual_planes, bgr, size),
            "tuned": partial(numpy_planes, bgr, size, other),
            "twin": partial(TWIN.fill_planes, bgr, *areas, other),
        },
    )


def unmask_cases() -> Iterator[Case]:
    """Unmask what a browser sends."""
    for size in FRAME_SIZES:
        payload, mask = os.urandom(size), b"\x12\x9a\xfe\x07"
        yield Case(
            f"unmask {size // 1000} KB",
            partial(cy_frame.unmask, payload, mask),
            {
                "eventlet": partial(RFC6455WebSocket._apply_mask, payload, mask),
                "websockets C": partial(apply_mask, payload, mask),
                "twin": partial(_websocket_py.unmask, payload, mask),
            },
        )


def picture_cases() -> Iterator[Case]:
    """Look at pictures."""
    for width, height in PICTURES:
        size = f"{width}x{height}"
        gray, bgr = noise(height, width), noise(height, width, 3)
        other = np.ascontiguousarray(gray[::-1])
        yield Case(
            f"picture_stats {size}",
            partial(COMPILED.picture_stats, gray),
            {
                "opencv": partial(usual_stats, gray),
                "tuned": partial(tuned_stats, gray),
                "twin": partial(TWIN.picture_stats, gray),
            },
        )
        yield Case(
            f"difference {size}",
            partial(COMPILED.difference, gray, other),
            {
                "opencv": partial(usual_difference, gray, other),
                "twin": partial(TWIN.difference, gray, other),
            },
        )
        small, changed = gray[::8, ::8].copy(), other[::8, ::8].copy()
        yield Case(
            f"change {small.shape[1]}x{small.shape[0]}",
            partial(COMPILED.change, small, changed, 12),
            {
                "opencv": partial(usual_change, small, changed),
                "twin": partial(TWIN.change, small, changed, 12),
            },
        )
        for factor in (2, 4, 8):
            yield Case(
                f"shrink_gray {size} /{factor}",
                partial(COMPILED.shrink_gray, bgr, factor),
                {
                    "opencv": partial(usual_shrink, bgr, factor),
                    "twin": partial(TWIN.shrink_gray, bgr, factor),
                },
            )
        yield planes_case(width, height, bgr)
        jpeg = cv2.imencode(".jpg", bgr)[1].tobytes()
        yield Case(
            f"parse_jpeg_header {size}",
            partial(COMPILED.parse_jpeg_header, jpeg),
            {
                "opencv": partial(usual_header, jpeg),
                "twin": partial(TWIN.parse_jpeg_header, jpeg),
            },
        )


def read_stream(kernels: Any, stream: bytes) -> int:
    """Receive a frame event as the WebSocket seam does; return the size of its picture."""
    reader = kernels.FrameReader(LIMIT)
    reader.space()[: len(stream)] = stream
    reader.filled(len(stream))
    _, text = reader.next_message()
    kernels.parse_lane_event(text, b"451-/student,", b'["frame",')
    return len(reader.next_message()[1])


def stream_case() -> Case:
    """Cut, unmask and read one frame event of 15 KB."""
    text = b'451-/student,7["frame",12,1790000000000,{"_placeholder":true,"num":0}]'
    stream = b""
    for opcode, payload in ((1, text), (2, os.urandom(15_000))):
        size = bytes([128 | len(payload)]) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
        stream += bytes([128 | opcode]) + size + b"\1\2\3\4" + cy_frame.unmask(payload, b"\1\2\3\4")
    peers: dict[str, Callable[[], object]] = {"twin": partial(read_stream, _websocket_py, stream)}
    return Case("FrameReader 15 KB event", partial(read_stream, cy_frame, stream), peers)


def main() -> None:
    """Measure all cases and print them."""
    options = argparse.ArgumentParser(prog="python -m bench.frameops", description=__doc__)
    options.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    options.add_argument("--repeats", type=int, default=7, help="turns of each call (default 7)")
    chosen = options.parse_args()
    cv2.setNumThreads(1)
    report, rows = Report("frameops"), []
    ratios: dict[str, list[float]] = {}
    for case in [*unmask_cases(), *picture_cases(), stream_case()]:
        times = interleaved({"ours": case.ours, **case.peers}, chosen.repeats)
        ours = times.pop("ours")
        report.metrics[f"{case.name} us"] = ours
        for peer, value in times.items():
            report.peers.setdefault(peer, {})[f"{case.name} us"] = value
            ratios.setdefault(peer, []).append(ours / value)
        rows.append([case.name, ours, *(cell_of(times, peer, ours) for peer in PEERS)])
    report.ratios = {peer: statistics.geometric_mean(values) for peer, values in ratios.items()}
    show(report, table(["us per call (times ours)", "ours", *PEERS], rows), chosen.json)


PEERS = ("eventlet", "websockets C", "opencv", "tuned", "twin")


def cell_of(times: dict[str, float], peer: str, ours: float) -> str:
    """Return a peer's time and how many times ours it is."""
    return f"{times[peer]:,.1f} ({times[peer] / ours:,.1f}x)" if peer in times else ""


if __name__ == "__main__":
    main()

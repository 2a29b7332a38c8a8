"""Pictures and videos on the disk, read as the frames a student's camera would have sent.

A picture is upright as its file says (EXIF), as every viewer shows it; places in it are pixels of that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from core.types import Frame
from detection.frames.decode import MAX_HEIGHT, MAX_WIDTH, DecodeError, Pixels, check_header
from detection.frames.frameops import parse_jpeg_header
from detection.measures.channels import WEBCAM

QUALITY = 90  # of JPEGs made of other pictures; students send 50 to 70, here nothing should be lost on top
ANIMATED = frozenset({".gif"})  # read as videos, although pictures can have these names too
EXIF = b"Exif\0\0"
HEADER_BYTES = 1 << 17  # in which EXIF stands
MOST_MISSING = 1.0  # seconds at the end of a video; its container's count of frames is not always exact


class UnreadableFile(ValueError):
    """The file is neither a picture nor a video that can be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Still:
    """One picture of a file: when it is shown, in seconds from the start, and how much smaller than the original."""

    at: float
    jpeg: bytes
    width: int
    height: int
    scale: float

    def frame(self, name: str, sequence: int, channel: str = WEBCAM) -> Frame:
        """Return it as a frame of a participant of that name."""
        return Frame("file", name, sequence, self.at, self.at, self.jpeg, self.width, self.height, channel)


def read_stills(path: Path, every: float) -> Iterator[Still]:
    """Yield a picture, or a video's frames `every` so many seconds.

    Raises:
        UnreadableFile: no such file, nothing in it, nothing that can be decoded, or a video that ends too early; what
            could be read before that has been given.
    """
    _check(path)
    if _is_picture(path):
        yield _picture(path)
    else:
        yield from _video(path, every)


def count_stills(path: Path, every: float) -> int:
    """Return how many stills a file will give, for a progress bar; 1 where it does not say."""
    if not path.is_file() or _is_picture(path):
        return 1
    video = cv2.VideoCapture(str(path))
    try:
        return max(1, int(_length(video) / every) + 1)
    finally:
        video.release()


def _check(path: Path) -> None:
    if path.is_dir():
        raise UnreadableFile("this is a folder, not a file")
    if not path.is_file():
        raise UnreadableFile("no such file")
    if not path.stat().st_size:
        raise UnreadableFile("the file is empty")


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() not in ANIMATED and bool(cv2.haveImageReader(str(path)))


def _picture(path: Path) -> Still:
    content = path.read_bytes()
    shown = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    if shown is None:
        raise UnreadableFile("the picture's content is broken")
    if _is_sendable(content) and not (EXIF in content[:HEADER_BYTES] and _is_turned(content, shown)):
        return Still(0.0, content, shown.shape[1], shown.shape[0], 1.0)
    return _still(0.0, np.asarray(shown, dtype=np.uint8))


def _is_sendable(content: bytes) -> bool:
    """Say whether the live pipeline takes these very bytes."""
    try:
        check_header(content)
    except DecodeError:
        return False
    return True


def _is_turned(content: bytes, shown: Any) -> bool:
    """Say whether EXIF turns or mirrors the picture, which the live pipeline, made for cameras, does not do."""
    width, height, _components = parse_jpeg_header(content)
    if shown.shape[:2] != (height, width):
        return True
    stored: Any = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    return not np.array_equal(stored, shown)


def _video(path: Path, every: float) -> Iterator[Still]:
    video = cv2.VideoCapture(str(path))
    try:
        length, rate = _length(video), video.get(cv2.CAP_PROP_FPS)
        step = 1.0 / rate if 0 < rate <= 240 else 0.04
        number, at, due = 0, 0.0, 0.0
        while video.grab():
            at = _shown_at(video, number, at, step)
            number += 1
            if at + step / 2 < due:
                continue
            read, bgr = video.retrieve()
            if read:
                yield _still(round(at, 3), np.asarray(bgr, dtype=np.uint8))
                due = max(due + every, at + step / 2)
        if number == 0:
            raise UnreadableFile("neither a picture nor a video that can be read")
        if length - (at + step) > MOST_MISSING:
            raise UnreadableFile(f"the video is cut off: {at + step:.1f} of {length:.1f} s could be read")
    finally:
        video.release()


def _length(video: Any) -> float:
    """Return a video's length in seconds, 0.0 where it does not say."""
    frames, rate = video.get(cv2.CAP_PROP_FRAME_COUNT), video.get(cv2.CAP_PROP_FPS)
    return frames / rate if frames > 0 and rate > 0 else 0.0


def _shown_at(video: Any, number: int, before: float, step: float) -> float:
    """Return when the frame that was just grabbed is shown; browsers record frames at uneven distances."""
    told = video.get(cv2.CAP_PROP_POS_MSEC) / 1000.0
    if number == 0:
        return 0.0
    return told if told > before else before + step


def _still(at: float, bgr: Pixels) -> Still:
    height, width = bgr.shape[:2]
    scale = min(1.0, MAX_WIDTH / max(width, height), MAX_HEIGHT / min(width, height))
    if scale < 1.0:
        size = max(1, int(width * scale)), max(1, int(height * scale))
        bgr = np.asarray(cv2.resize(bgr, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()
    return Still(at, jpeg, bgr.shape[1], bgr.shape[0], bgr.shape[1] / width)

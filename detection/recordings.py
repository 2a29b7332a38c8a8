"""Pictures and videos on the disk, read as the frames a student's camera would have sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2

from core.types import Frame
from detection.decode import MAX_HEIGHT, MAX_WIDTH, Pixels
from detection.frameops import parse_jpeg_header

QUALITY = 90  # of JPEGs made of other pictures; students send 50 to 70, here nothing should be lost on top
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})


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

    def frame(self, name: str, sequence: int) -> Frame:
        """Return it as a frame of a participant of that name."""
        return Frame("file", name, sequence, self.at, self.at, self.jpeg, self.width, self.height)


def read_stills(path: Path, every: float) -> Iterator[Still]:
    """Yield a picture, or a video's frames `every` so many seconds.

    Raises:
        UnreadableFile: no such file, nothing in it, or nothing that can be decoded.
    """
    if not path.is_file():
        raise UnreadableFile("no such file")
    if path.suffix.lower() in PICTURES:
        yield _picture(path)
    else:
        yield from _video(path, every)


def count_stills(path: Path, every: float) -> int | None:
    """Return how many stills a file will give, for a progress bar; None where it does not say."""
    if path.suffix.lower() in PICTURES:
        return 1
    video = cv2.VideoCapture(str(path))
    try:
        frames, rate = video.get(cv2.CAP_PROP_FRAME_COUNT), video.get(cv2.CAP_PROP_FPS)
    finally:
        video.release()
    return max(1, int(frames / rate / every) + 1) if frames > 0 and rate > 0 else None


def _picture(path: Path) -> Still:
    content = path.read_bytes()
    try:
        width, height, _components = parse_jpeg_header(content)
    except ValueError:
        width = height = 0
    if 0 < width <= MAX_WIDTH and 0 < height <= MAX_HEIGHT:
        return Still(0.0, content, width, height, 1.0)
    bgr = cv2.imread(str(path), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    if bgr is None:
        raise UnreadableFile("this is no picture that can be read")
    return _still(0.0, bgr)


def _video(path: Path, every: float) -> Iterator[Still]:
    video = cv2.VideoCapture(str(path))
    try:
        rate = video.get(cv2.CAP_PROP_FPS) or 25.0
        number, due = 0, 0.0
        while video.grab():
            at = number / rate
            number += 1
            if at + 0.5 / rate < due:
                continue
            read, bgr = video.retrieve()
            if read:
                yield _still(round(at, 3), bgr)
                due += every
        if number == 0:
            raise UnreadableFile("this is no video that can be read")
    finally:
        video.release()


def _still(at: float, bgr: Pixels) -> Still:
    height, width = bgr.shape[:2]
    scale = min(1.0, MAX_WIDTH / width, MAX_HEIGHT / height)
    if scale < 1.0:
        bgr = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()
    return Still(at, jpeg, bgr.shape[1], bgr.shape[0], scale)

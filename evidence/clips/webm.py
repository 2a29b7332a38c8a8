"""Runs alone: reads a capsule from its input and writes a WebM video of its pictures to its output.

OpenCV's own VP8 shows in every browser; pictures of JPEG inside MP4, MKV or AVI do not.
"""

import io
import json
import os
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

FPS = 5
"""As fast as pictures come around an alert; more would say nothing more and cost as much again."""
HEIGHT = 270
"""Of each camera's panel in pixels."""
HELD_MS = 2000
"""So long after its last picture a camera's panel goes grey: nobody shall take an old picture for a new one."""
GREY = 128
MOST_SECONDS = 120
NICENESS = 10
"""Pictures are looked at before a video is made."""
MANIFEST = "manifest.json"
WEBCAM = "webcam"


@dataclass(frozen=True, slots=True)
class Track:
    """The pictures of one camera in the order of their times; `at` in milliseconds since the epoch."""

    channel: str
    at: Sequence[int]
    pictures: Sequence[Pixels]
    width: int

    def panel(self, now: int) -> Pixels:
        """Return what the camera shows at a moment: its newest picture, or grey where that is none or old."""
        panel = np.full((HEIGHT, self.width, 3), GREY, np.uint8)
        newest = int(np.searchsorted(self.at, now, "right")) - 1
        if newest < 0 or now - self.at[newest] > HELD_MS:
            return panel
        picture = self.pictures[newest]
        height, width = picture.shape[:2]
        scale = min(HEIGHT / height, self.width / width)
        fitted = cv2.resize(picture, (max(1, int(width * scale)), max(1, int(height * scale))))
        top, left = (HEIGHT - fitted.shape[0]) // 2, (self.width - fitted.shape[1]) // 2
        panel[top : top + fitted.shape[0], left : left + fitted.shape[1]] = fitted
        return panel


def tracks_of(manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> list[Track]:
    """Return the cameras of a capsule, the computer's first; a picture that cannot be read is left out."""
    found: dict[str, list[tuple[int, Pixels]]] = {}
    for one in manifest["pictures"]:
        pixels = cv2.imdecode(np.frombuffer(files[one["name"]], np.uint8), cv2.IMREAD_COLOR)
        if pixels is not None:
            found.setdefault(one["channel"], []).append((int(one["received_ms"]), np.asarray(pixels, np.uint8)))
    return [_track(channel, sorted(found[channel], key=lambda one: one[0])) for channel in sorted(found, key=_place)]


def write_webm(tracks: Sequence[Track], begin: int, end: int, path: Path) -> int:
    """Write the video and return how many pictures it has."""
    size = sum(track.width for track in tracks), HEIGHT
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"VP80"), FPS, size)
    moments = range(begin, min(end, begin + MOST_SECONDS * 1000), 1000 // FPS)
    for now in moments:
        writer.write(np.hstack([track.panel(now) for track in tracks]))
    writer.release()
    return len(moments)


def _track(channel: str, pictures: Sequence[tuple[int, Pixels]]) -> Track:
    widths = [HEIGHT * pixels.shape[1] / pixels.shape[0] for _at, pixels in pictures]
    # a codec takes even sizes alone, and a panorama must not push the others out
    width = int(min(max(widths), 2 * HEIGHT)) // 2 * 2
    return Track(channel, [at for at, _pixels in pictures], [pixels for _at, pixels in pictures], max(2, width))


def _place(channel: str) -> tuple[bool, str]:
    return channel != WEBCAM, channel


def main() -> int:
    """Make the video; 1 where there is no picture to make one of."""
    os.nice(NICENESS)
    with zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read())) as capsule:
        files = {name: capsule.read(name) for name in capsule.namelist()}
    manifest = json.loads(files[MANIFEST])
    tracks = tracks_of(manifest, files)
    if not tracks:
        return 1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.webm"
        write_webm(tracks, manifest["window"]["begin_ms"], manifest["window"]["end_ms"], path)
        sys.stdout.buffer.write(path.read_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())

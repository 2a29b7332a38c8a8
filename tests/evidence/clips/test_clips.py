"""A capsule as a video: the cameras side by side, in real time, and grey where no picture came."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from core.errors import UserError
from core.types import Frame
from evidence.capsule import capsule
from evidence.clips.process import webm_of
from evidence.clips.webm import FPS, GREY, HEIGHT
from evidence.frame_ring import Window
from evidence.manifest import manifest
from evidence.stored_zip import packed
from tests.evidence.samples.capsules import an_alert, circumstances
from tests.evidence.samples.frames import START


def picture(after: float, value: int, channel: str = "webcam", size: tuple[int, int] = (320, 240)) -> Frame:
    """A picture of one brightness, so many seconds after START."""
    jpeg = cv2.imencode(".jpg", np.full((size[1], size[0], 3), value, np.uint8))[1].tobytes()
    return Frame("r1", "anna", int(after * 10), START + after, START + after, jpeg, *size, channel=channel)


def a_capsule(*frames: Frame, seconds: float) -> bytes:
    window = Window(START, START + seconds, frames, (), 0)
    return capsule(manifest(an_alert(), window, circumstances()), window)


def shown(webm: bytes, folder: Path) -> list[np.ndarray]:
    """The pictures of a video."""
    path = folder / "clip.webm"
    path.write_bytes(webm)
    video, found = cv2.VideoCapture(str(path)), []
    while (read := video.read())[0]:
        found.append(read[1])
    return found


def test_it_lasts_as_long_as_the_capsule_and_shows_each_picture_in_its_time(tmp_path: Path) -> None:
    webm = webm_of(a_capsule(picture(0, 20), picture(1, 220), picture(2, 20), seconds=3))
    assert webm.startswith(b"\x1a\x45\xdf\xa3"), "Matroska's first bytes"
    pictures = shown(webm, tmp_path)
    assert len(pictures) == 3 * FPS and pictures[0].shape == (HEIGHT, 360, 3)
    means = [float(one.mean()) for one in pictures]
    assert means[2] < 60 < 180 < means[7] and means[12] < 60


def test_cameras_stand_side_by_side_the_computers_first(tmp_path: Path) -> None:
    frames = picture(0, 20), picture(0, 220, "room", (240, 320))
    (first, *_rest) = shown(webm_of(a_capsule(*frames, seconds=1)), tmp_path)
    assert first.shape == (HEIGHT, 360 + 202, 3)
    assert first[:, :350].mean() < 60 and first[:, 370:].mean() > 180


def test_where_no_picture_came_nothing_old_is_shown(tmp_path: Path) -> None:
    pictures = shown(webm_of(a_capsule(picture(2, 20), seconds=8)), tmp_path)
    means = [float(one.mean()) for one in pictures]
    assert means[15] < 60
    assert abs(means[2] - GREY) < 12 and abs(means[35] - GREY) < 12


def test_a_picture_that_cannot_be_read_costs_no_other(tmp_path: Path) -> None:
    broken = Frame("r1", "anna", 1, START, START, b"\xff\xd8no picture", 320, 240)
    assert len(shown(webm_of(a_capsule(broken, picture(1, 220), seconds=2)), tmp_path)) == 2 * FPS


@pytest.mark.parametrize("content", [b"", b"no capsule", packed([("manifest.json", b'{"pictures":[]}')])])
def test_without_pictures_there_is_no_video(content: bytes) -> None:
    with pytest.raises(UserError) as error:
        webm_of(content)
    assert error.value.code == "no_clip"

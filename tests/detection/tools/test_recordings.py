"""Files as frames: pictures of any size and turn, videos, and all that cannot be read."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from detection.frames.decode import decode
from detection.tools.recordings import Still, UnreadableFile, count_stills, read_stills
from tests.detection import pictures
from tests.detection.recorded import exif_jpeg, picture_file, video_file


def only(path: Path) -> Still:
    (still,) = read_stills(path, 1.0)
    return still


def test_a_small_jpeg_is_looked_at_as_it_is(tmp_path: Path) -> None:
    path = picture_file(tmp_path / "a.jpg", pictures.one_face())
    assert (only(path).jpeg, only(path).scale) == (path.read_bytes(), 1.0)


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".webp", ".tif"])
def test_other_pictures_become_jpegs_of_the_same_size(tmp_path: Path, suffix: str) -> None:
    still = only(picture_file(tmp_path / f"a{suffix}", pictures.one_face()))
    assert (still.width, still.height, still.scale) == (512, 512, 1.0)
    assert decode(still.jpeg).bgr.shape == (512, 512, 3)


@pytest.mark.parametrize(("width", "height"), [(4000, 3000), (3000, 4000), (1920, 1081), (5000, 8), (8, 5000)])
def test_a_large_picture_is_made_small_enough(tmp_path: Path, width: int, height: int) -> None:
    big = np.asarray(cv2.resize(pictures.one_face(), (width, height)), dtype=np.uint8)
    still = only(picture_file(tmp_path / "a.jpg", big))
    picture = decode(still.jpeg)
    assert (picture.width, picture.height) == (still.width, still.height)
    assert still.width / still.scale == pytest.approx(width)


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1080, 1920)])
def test_the_largest_that_a_camera_may_send_is_not_touched(tmp_path: Path, width: int, height: int) -> None:
    big = np.asarray(cv2.resize(pictures.one_face(), (width, height)), dtype=np.uint8)
    path = picture_file(tmp_path / "a.jpg", big)
    assert only(path).jpeg == path.read_bytes()


@pytest.mark.parametrize("orientation", [2, 3, 6, 8])
def test_a_turned_picture_is_looked_at_upright(tmp_path: Path, orientation: int) -> None:
    wide = pictures.two_faces()
    path = tmp_path / "a.jpg"
    path.write_bytes(exif_jpeg(wide, orientation))
    still = only(path)
    shown = cv2.imread(str(path))
    assert shown is not None
    assert (still.height, still.width) == shown.shape[:2]
    difference = np.abs(decode(still.jpeg).bgr.astype(int) - shown.astype(int)).mean()
    assert difference < 4


def test_an_upright_picture_with_exif_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(exif_jpeg(pictures.one_face(), 1))
    assert only(path).jpeg == path.read_bytes()


def test_a_grey_picture_is_read(tmp_path: Path) -> None:
    path = tmp_path / "grey.jpg"
    cv2.imwrite(str(path), pictures.one_face()[..., 0])
    assert decode(only(path).jpeg).bgr.shape == (512, 512, 3)


def test_a_name_says_nothing_about_what_is_inside(tmp_path: Path) -> None:
    picture = picture_file(tmp_path / "a.jpg", pictures.one_face())
    assert only(picture.rename(tmp_path / "photo")).width == 512
    video = video_file(tmp_path / "b.avi", [pictures.no_face()] * 3)
    assert len(list(read_stills(video.rename(tmp_path / "b.jpg"), 0.01))) == 3


def test_a_video_gives_a_frame_every_so_many_seconds(tmp_path: Path) -> None:
    path = video_file(tmp_path / "a.avi", [pictures.no_face()] * 25, rate=10)
    assert [still.at for still in read_stills(path, 0.5)] == pytest.approx([0.0, 0.5, 1.0, 1.5, 2.0])
    assert count_stills(path, 0.5) == pytest.approx(5, abs=1)


def test_a_video_gives_every_frame_at_most_once(tmp_path: Path) -> None:
    path = video_file(tmp_path / "a.avi", [pictures.no_face()] * 7, rate=10)
    assert [still.at for still in read_stills(path, 0.01)] == pytest.approx([n / 10 for n in range(7)])


def test_a_large_video_is_made_small_enough(tmp_path: Path) -> None:
    big = np.asarray(cv2.resize(pictures.one_face(), (2000, 2400)), dtype=np.uint8)
    (still,) = read_stills(video_file(tmp_path / "a.avi", [big]), 1.0)
    assert decode(still.jpeg).width == still.width == round(2000 * still.scale)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.jpg", b"", "the file is empty"),
        ("empty.mp4", b"", "the file is empty"),
        ("text.jpg", b"this is no picture", "neither a picture nor a video"),
        ("text.mp4", b"this is no video", "neither a picture nor a video"),
        ("cut.png", b"\x89PNG\r\n\x1a\n" + bytes(20), "content is broken"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFile, match=reason):
        list(read_stills(tmp_path / name, 1.0))


def test_a_folder_and_nothing_are_no_files(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="folder"):
        list(read_stills(tmp_path, 1.0))
    with pytest.raises(UnreadableFile, match="no such file"):
        list(read_stills(tmp_path / "nowhere.jpg", 1.0))
    assert count_stills(tmp_path / "nowhere.jpg", 1.0) == count_stills(tmp_path, 1.0) == 1


def test_a_video_that_is_cut_off_gives_what_it_has_and_then_says_so(tmp_path: Path) -> None:
    path = video_file(tmp_path / "a.avi", [pictures.one_face(), pictures.no_face()] * 25, rate=10)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    stills: list[Still] = []
    with pytest.raises(UnreadableFile, match="cut off"):
        # not extend(): it would keep nothing of what came before the error
        for still in read_stills(path, 0.5):
            stills.append(still)
    assert 3 <= len(stills) < 9

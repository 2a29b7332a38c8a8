"""Photos that teachers give, from the files to the waiting room: kept, refused with a reason, and compared with."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import pytest
import skimage.data
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests import media
from tests.browser.people import Room, Student, Teacher
from tests.flows.live_server import LiveServer, wait_until

LONG_MS = 60_000
NewStudent = Callable[..., Student]


@pytest.fixture(scope="module", autouse=True)
def needed(media_dir: Path) -> None:
    """Skip all of this where the clips or the program that reads them are missing."""
    if shutil.which("ffmpeg") is None:
        media.absent("no ffmpeg to make cameras of clips", {})
    assert media_dir.is_dir()


@pytest.fixture
def watching(server: LiveServer) -> Iterator[LiveServer]:
    """The server, once it compares faces; skipped where it cannot."""
    wait_until(lambda: server.lines("analysis-1 ready"), "the analysis is ready")
    ready = server.lines("analysis-1 ready")[-1]
    off = ready.rpartition("off: ")[2]
    if "identity" in off or "face:" in off:
        media.absent(ready, {})
    yield server


@pytest.fixture
def room(watching: LiveServer, new_teacher: Callable[..., Teacher]) -> Room:
    """A room whose teacher lets students in by hand."""
    return new_teacher(at=watching).open_room("Compared", exam="# Question 1", admit_by_hand=True)


@pytest.fixture
def photos(tmp_path: Path, media_dir: Path) -> dict[str, Path]:
    """Files as a teacher has them: the man of the camera `one_face`, an astronaut, nobody, and no picture at all."""
    clip = cv2.VideoCapture(str(media_dir / "clips" / "clips_p001.mp4"))
    read, man = clip.read()
    clip.release()
    assert read
    shown = {"man": man, "astronaut": skimage.data.astronaut()[..., ::-1], "coffee": skimage.data.coffee()[..., ::-1]}
    for name, bgr in shown.items():
        assert cv2.imwrite(str(tmp_path / f"{name}.png"), bgr)
    (tmp_path / "text.jpg").write_text("no picture")
    return {path.stem: path for path in tmp_path.iterdir()}


def named(photos: dict[str, Path], **names: str) -> list[Path]:
    """The photos under the names that a teacher gave the files."""
    return [Path(shutil.copy(photos[which], photos[which].with_name(name))) for which, name in names.items()]


def send(room: Room, files: list[Path]) -> Page:
    """Choose files on the page of photos and send them."""
    page = room.teacher.page
    page.goto(f"{room.teacher.address}/rooms/{room.id}/photos")
    page.set_input_files("#photo-files", files)
    page.click("#photo-send")
    # Where all were kept the page shows its list anew; else it says how many were.
    expect(page.locator("#photo-done:visible, table.list").first).to_be_visible(timeout=LONG_MS)
    return page


def create_participant(student: Student, code: str) -> None:
    """Join and go on, whether a step may be left out or has nothing more to do."""
    student.join(code)
    expect(student.page.locator(".notice-columns")).to_contain_text("your teacher has given a photo of you")
    student.agree().pass_check()
    for step in student.extra_steps():
        leave(student.page.locator(f"div[data-part={step}]"))


def leave(part: Locator) -> None:
    """Go on by the button that is there; which one that is may change under the pointer, so it is looked for again."""
    expect(part).to_be_visible()

    def is_left() -> bool:
        with contextlib.suppress(PlaywrightTimeout):
            part.locator("[data-next]:visible, [data-skip]:visible").first.click(timeout=2000)
        return part.is_hidden()

    wait_until(is_left, "the step is left")


def row(page: Page, file: str) -> Locator:
    return page.locator(".photo-row", has_text=file)


def waiting(page: Page, name: str) -> Locator:
    return page.locator("#waiting .waiting-line", has_text=name)


def test_each_file_has_its_own_outcome_and_bad_ones_cost_the_others_nothing(
    room: Room, photos: dict[str, Path]
) -> None:
    files = named(photos, coffee="02 Nobody Here.png", text="03_broken.jpg", astronaut="Collins-Eileen (1).png")
    page = send(room, files)
    assert page.locator(".photo-row input").evaluate_all("(all) => all.map((one) => one.value)") == [
        "Nobody Here",
        "broken",
        "Collins Eileen",
    ]
    expect(row(page, "02 Nobody")).to_contain_text("No face was found")
    expect(row(page, "03_broken")).to_contain_text("cannot open this file as a picture")
    expect(row(page, "Collins")).to_contain_text("Kept until a student of this name joins")
    expect(page.locator("#photo-done")).to_have_text("1 of 3 photos were kept.")
    page.goto(f"{room.teacher.address}/rooms/{room.id}/photos")
    expect(page.locator("table.list tbody tr")).to_have_count(1)
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("table.list .btn-danger-quiet")
    expect(page.locator("table.list")).to_have_count(0)


def test_the_waiting_room_shows_who_is_like_the_photo_and_who_is_not(
    room: Room, photos: dict[str, Path], new_student: NewStudent
) -> None:
    send(room, named(photos, man="kahn_ben.png", astronaut="MULLER Zoe.png"))
    page = room.teacher.page
    page.goto(f"{room.teacher.address}/rooms/{room.id}")
    page.click("#tab-waiting")
    for name in ("Ben Kahn", "Zoé Müller"):
        create_participant(new_student(name, camera="one_face"), room.code)
    expect(waiting(page, "Ben Kahn")).to_contain_text("Like the teacher's photo", timeout=LONG_MS)
    expect(waiting(page, "Zoé Müller")).to_contain_text("Does not look like the teacher's photo", timeout=LONG_MS)
    page.click("#waiting-admit-all")
    expect(waiting(page, "Ben Kahn")).to_have_count(0)
    expect(waiting(page, "Zoé Müller")).to_be_visible()
    page.click("#tab-alerts")
    page.click("#identity-log summary")
    expect(page.locator("#identity-lines")).to_contain_text("Ben Kahn · Like the teacher's photo")
    expect(page.locator("#identity-lines")).to_contain_text("Zoé Müller · Does not look like the teacher's photo")
    expect(page.locator("#alerts .incident")).to_have_count(0)
    page.click("#tab-waiting")
    waiting(page, "Zoé Müller").locator("[data-admit=yes]").click()
    page.click("#room-start")
    page.click("#tab-alerts")
    expect(page.locator("#alerts .incident", has_text="Zoé Müller").filter(has_text="Another person")).to_be_visible(
        timeout=LONG_MS
    )
    expect(page.locator("#alerts .incident", has_text="Ben Kahn").filter(has_text="Another person")).to_have_count(0)


def test_a_photo_for_one_student_in_the_large_view_counts_at_once(
    room: Room, photos: dict[str, Path], new_student: NewStudent
) -> None:
    new_student("Ada Byron", camera="one_face").create_participant(room.code)
    page = room.teacher.page
    page.goto(f"{room.teacher.address}/rooms/{room.id}")
    page.locator("#grid .tile", has_text="Ada Byron").click()
    expect(page.locator("#large-details")).to_contain_text("Nothing to compare with")
    page.set_input_files("#large-photo-file", photos["coffee"])
    expect(page.locator("#toast")).to_contain_text("No face was found", timeout=LONG_MS)
    page.set_input_files("#large-photo-file", photos["man"])
    expect(page.locator("#toast")).to_contain_text("is compared with this photo", timeout=LONG_MS)
    expect(page.locator("#large-details")).to_contain_text("Like the teacher's photo", timeout=LONG_MS)

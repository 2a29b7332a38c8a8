"""A teacher's page in real Chromium on the real server: when the critical incident stands first, how fast verdicts are.

Playwright presses the keys; the page itself takes the times.
"""

import random
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.desk import told_alerts
from bench.desk.classroom import Classroom
from bench.served import Served
from core.types import Severity
from rooms.setup.room_settings import RoomSettings
from simulation.example_room import PASSWORD, ExampleRoom, seed_room
from tools.programs import BROWSERS

STUDENTS, OTHERS, UNEASY = 200, 119, 60
"""Alerts beside the critical one, and among how many students."""
VERDICTS, CAPSULES = 40, 5
AFTER_MS = 10_000
"""A capsule ends so long after its alert."""
WAIT_S = 60.0
KINDS = ("LOOKING_AWAY", "PAGE_HIDDEN", "TALKING", "MULTIPLE_FACES")
SIZE = {"width": 1366, "height": 768}
NOTES = Path(__file__).with_name("page.js")


@dataclass(frozen=True)
class Seen:
    """What the page noted, in milliseconds."""

    first_ms: float
    """From raising the critical alert to its incident standing first."""
    verdicts_ms: list[float]
    """From the key to the card being gone from the list."""
    capsules_ms: list[float]
    """From the end of a capsule's pictures to it being playable, of a few alerts."""
    crowded_ms: float
    """The same of the critical alert, whose capsule ends with those of all others."""


def look() -> Seen:
    """Measure all of it on a server of its own."""
    names = [f"Student {number}" for number in range(1, STUDENTS + 1)]
    with Served(detection=False, also=["bench.desk.told_alerts:raise_told"]) as served:
        room = seed_room(
            served.settings,
            names,
            state="running",
            room=RoomSettings(hints=False, max_students=STUDENTS),
            admitted=STUDENTS,
        )
        # the page first: a room that was made behind the server's back is taken up when its teacher comes
        with opened(served.url, room) as page, Classroom(served.url, room.students) as classroom:
            _wait(lambda: classroom.connected() == STUDENTS, "the students are connected")
            return _measure(served.place, room, page)


@contextmanager
def opened(url: str, room: ExampleRoom) -> Iterator[Page]:
    """Open the room as its teacher."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=program, args=flags) as browser:
        page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]  # a TypedDict to mypy
        page.add_init_script(path=NOTES)
        page.goto(f"{url}/login")
        page.fill("[name=email]", room.teachers[0].email)
        page.fill("[name=password]", PASSWORD)
        page.click("main button:not([type=button])")
        page.goto(f"{url}/rooms/{room.id}")
        page.wait_for_selector("body[data-connection=connected]", timeout=WAIT_S * 1000)
        yield page


def _measure(folder: Path, room: ExampleRoom, page: Page) -> Seen:
    capsules = _capsules(folder, room, page)
    critical = _raise_all(folder, room)
    page.wait_for_function("(id) => id in deskNoted.first", arg=critical["id"], timeout=WAIT_S * 1000)
    first = page.evaluate("(id) => deskNoted.first[id]", critical["id"]) - critical["at"]
    (crowded,) = _playable(page, [critical])
    page.locator("body").press("j")
    for number in range(1, VERDICTS + 1):
        page.keyboard.press("x")
        page.wait_for_function("(count) => deskNoted.verdicts.length >= count", arg=number, timeout=WAIT_S * 1000)
    return Seen(first, page.evaluate("deskNoted.verdicts"), capsules, crowded)


def _raise_all(folder: Path, room: ExampleRoom) -> dict[str, Any]:
    """Raise the alerts of a bad minute, a critical one last, and return that one as it was raised."""
    chance = random.Random(7)
    for _ in range(OTHERS):
        who = room.students[chance.randrange(UNEASY)].id
        told_alerts.tell(folder, room.id, who, chance.choice(KINDS), Severity.WARNING)
    told_alerts.tell(folder, room.id, room.students[-1].id, "PHONE_DETECTED", Severity.CRITICAL)
    _wait(lambda: len(told_alerts.raised(folder)) == CAPSULES + OTHERS + 1, "the alerts are raised")
    return told_alerts.raised(folder)[-1]


def _capsules(folder: Path, room: ExampleRoom, page: Page) -> list[float]:
    """Return how long after their end the capsules of some alerts could be played; they are judged afterwards."""
    for student in room.students[-1 - CAPSULES : -1]:
        told_alerts.tell(folder, room.id, student.id, "PHONE_DETECTED", Severity.CRITICAL)
    _wait(lambda: len(told_alerts.raised(folder)) == CAPSULES, "the alerts are raised")
    late = _playable(page, told_alerts.raised(folder))
    page.locator("body").press("j")
    for number in range(1, CAPSULES + 1):
        page.keyboard.press("x")
        page.wait_for_function("(count) => deskNoted.verdicts.length >= count", arg=number, timeout=WAIT_S * 1000)
    page.evaluate("deskNoted.verdicts.length = 0")
    return late


def _playable(page: Page, waited: list[dict[str, Any]]) -> list[float]:
    """Wait until all capsules can be played, and return how long after their ends that was."""
    ids = [one["id"] for one in waited]
    page.wait_for_function("(ids) => ids.every((id) => id in deskNoted.playable)", arg=ids, timeout=WAIT_S * 1000)
    noted = page.evaluate("deskNoted.playable")
    return [noted[one["id"]] - one["at"] - AFTER_MS for one in waited]


def _wait(is_so: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + WAIT_S
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {WAIT_S:.0f} s")
        time.sleep(0.05)

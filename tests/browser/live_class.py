"""A class of students without browsers of their own, for tests that look at the teacher's page."""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from playwright.sync_api import Locator, Page, expect
from socketio.exceptions import SocketIOError

from rooms.setup.room_settings import RoomSettings
from simulation.example_room import PASSWORD
from simulation.pictures import Camera, Scene
from store.rooms import ParticipantRow
from store.session import Database
from tests.browser.incidents import unfold
from tests.flows.live_server import LiveServer, wait_until
from tests.flows.people import ExamRoom, Student, open_room

PICTURE_S = 0.3
WAIT_MS = 30_000
THREE = ("Anna Kowalska", "Bilal Haddad", "Léa Dubois")


class LiveClass:
    """A teacher's live page with students who send drawn pictures until they are told to stop."""

    def __init__(self, server: LiveServer, page: Page, names: Sequence[str], settings: RoomSettings) -> None:
        self.server, self.page, self.problems = server, page, list[str]()
        self.room: ExamRoom = open_room(server, names, 2, settings)
        join_in_order(server, [one.id for one in self.room.students])
        self.students: Mapping[str, Student] = {one.name: one for one in self.room.students}
        self._cameras = {name: Camera(at, name) for at, name in enumerate(names)}
        self._sending: dict[str, threading.Event] = {}
        page.on("pageerror", lambda error: self.problems.append(str(error)))

    def open(self) -> LiveClass:
        """Log in and come to the page, once it is connected."""
        self.enter(self.page, 0)
        return self

    def enter(self, page: Page, number: int) -> None:
        """Log in as one of the two teachers and come to the live page with its panel open, once it is connected."""
        page.goto(f"{self.server.url}/login")
        page.fill("[name=email]", self.room.seeded.teachers[number].email)
        page.fill("[name=password]", PASSWORD)
        page.click("main button:not([type=button])")
        page.goto(f"{self.server.url}/rooms/{self.room.seeded.id}")
        expect_connected(page)
        unfold(page)

    def expect_connected(self) -> None:
        """Wait until the page has its connection."""
        expect_connected(self.page)

    def participant(self, *names: str) -> LiveClass:
        """Let these students (all, where none is named) pass the check, their cameras running."""
        for name in names or self.students:
            self.students[name].connect().wait_for("welcome")
            self.students[name].enter()
            self.send(name)
        return self

    def fail_the_check(self, name: str) -> LiveClass:
        """Let a student sit in the dark, and go on from the check all the same."""
        student = self.students[name]
        wait_until(lambda: self.server.lines("analysis-1 ready"), "the analysis is ready", WAIT_MS / 1000)
        student.connect().wait_for("welcome")
        assert student.ask("camera", {"state": "on"}) == {"ok": True}
        self.send(name, Scene.DARK)
        student.wait_for("look", lambda told: told["picture"] == "dark")
        student.enter()
        return self

    def send(self, name: str, scene: Scene = Scene.PRESENT) -> None:
        """Send pictures of a student from now on."""
        jpeg, stop = self._cameras[name].jpeg(scene, 1.0), threading.Event()
        self._sending[name] = stop
        student = self.students[name]

        def pump() -> None:
            for sequence in itertools.count(1):
                if stop.wait(PICTURE_S) or not student.client.connected:
                    return
                with contextlib.suppress(SocketIOError):  # the connection was closed at this very moment
                    for size in ("frame", "thumbnail"):
                        student.tell(size, sequence, time.time() * 1000, jpeg)

        threading.Thread(target=pump, daemon=True).start()

    def hold(self, name: str) -> None:
        """Send no more pictures of a student."""
        self._sending[name].set()

    def tile(self, name: str) -> Locator:
        """The student's tile."""
        return self.page.locator("#grid button.tile", has_text=name)

    def expect_tile(self, name: str, state: str) -> None:
        """Wait until the tile shows this state."""
        expect(self.tile(name)).to_have_attribute("data-state", state, timeout=WAIT_MS)

    def alerts(self, name: str) -> Locator:
        """The student's incidents in the list that is shown."""
        return self.page.locator("#alerts .incident", has_text=name)

    def hide_page(self, name: str, state: str = "hidden") -> None:
        """Let a student look at another tab, which raises an alert in time."""
        assert self.students[name].ask("page", {"state": state}) == {"ok": True}

    def close(self) -> None:
        """Let everybody go; nothing may have gone wrong in the page unseen."""
        for stop in self._sending.values():
            stop.set()
        self.room.end()
        assert self.problems == []


Begin = Callable[..., LiveClass]
"""Opens a teacher's page on a room with students who have not come yet: the fixture `begin`."""


def expect_connected(page: Page) -> None:
    """Wait until a live page has its connection."""
    expect(page.locator("body")).to_have_attribute("data-connection", "connected", timeout=WAIT_MS)


def join_in_order(server: LiveServer, ids: Sequence[str]) -> None:
    """Let the students come one after the other, and be away now: seeded ones join at one moment, and never came."""
    database = Database(server.settings.database())
    try:
        with database.session() as session:
            for at, participant_id in enumerate(ids):
                participant = session.get_one(ParticipantRow, participant_id)
                participant.joined_at += timedelta(seconds=at)
                participant.arrived_at = participant.joined_at
    finally:
        database.close()

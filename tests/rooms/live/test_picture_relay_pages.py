"""Whose pictures reach which page of a teacher: those on screen, a phone's in the large view alone, in ticks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.clock import FakeClock
from rooms.live.picture_relay import GridRelay, Size, TeacherStream, Tile

NOW = 100.0


class Relay:
    """A relay whose tasks run when a test says so, and whose ticks are kept by page."""

    def __init__(self) -> None:
        self.sent: dict[str, list[bytes]] = {}
        self.slept: list[float] = []
        self.lanes: list[tuple[Callable[..., None], Callable[[float], None]]] = []
        self.grid = GridRelay(self, lambda run, sleep: self.lanes.append((run, sleep)), self._sleep, FakeClock(NOW))
        self.pages: dict[str, tuple[tuple[str, ...], str | None]] = {}

    def teacher(self, sid: str, watched: tuple[str, ...] = (), focus: str | None = None) -> None:
        """A page with these students on screen, and one in the large view."""
        self.pages[sid] = watched, focus
        self.grid.open(sid)

    def watching(self, participant: str, size: Size = Size.TILE) -> list[str]:
        """The pages that show a student, or show the student large."""
        shown = {
            sid: {focus} | (set() if size == Size.LARGE else set(watched))
            for sid, (watched, focus) in self.pages.items()
        }
        return [sid for sid, seen in shown.items() if participant in seen]

    def offer(self, participant: str, jpeg: bytes, channel: str = "webcam") -> None:
        self.grid.offer(Tile(participant, 1, NOW, jpeg, channel))

    def run(self) -> dict[str, list[bytes]]:
        """Let every page that something waits for take one tick, and end them all."""
        for run, sleep in self.lanes:
            run(sleep)
        return self.sent

    def send_tick(
        self, sid: str, index: dict[str, object], pictures: list[bytes], acknowledged: Callable[[], None]
    ) -> None:
        """Keep what a page is sent."""
        self.sent[sid] = pictures

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        for sid in list(self.sent):
            self.grid.close(sid)


@pytest.fixture
def relay() -> Relay:
    return Relay()


def test_a_picture_goes_to_every_page_that_shows_its_student_and_to_no_other(relay: Relay) -> None:
    relay.teacher("t1", ("p1", "p2"))
    relay.teacher("t2", ("p1",))
    relay.teacher("t3", ("p2",))
    relay.offer("p1", b"one")
    relay.offer("p2", b"two")
    assert relay.run() == {"t1": [b"one", b"two"], "t2": [b"one"], "t3": [b"two"]}


def test_a_phones_picture_goes_to_the_large_view_alone(relay: Relay) -> None:
    relay.teacher("grid", ("p1", "p2"))
    relay.teacher("large", ("p1", "p2"), "p1")
    relay.teacher("other", ("p1", "p2"), "p2")
    relay.offer("p1", b"face")
    relay.offer("p1", b"desk", "head")
    assert relay.run() == {"grid": [b"face"], "large": [b"face", b"desk"], "other": [b"face"]}


def test_who_is_in_the_large_view_is_sent_though_not_in_the_grid(relay: Relay) -> None:
    relay.teacher("t1", (), "p1")
    relay.offer("p1", b"one")
    assert relay.run() == {"t1": [b"one"]}


def test_a_page_that_looks_elsewhere_is_not_sent_what_waits(relay: Relay) -> None:
    relay.teacher("t1", ("p1", "p2"))
    relay.offer("p1", b"one")
    relay.offer("p2", b"two")
    relay.grid.keep_only("t1", frozenset({"p2"}))
    relay.grid.keep_only("nobody's", frozenset())
    assert relay.run() == {"t1": [b"two"]}


def test_who_comes_into_the_large_view_keeps_what_waits_of_the_phones(relay: Relay) -> None:
    relay.teacher("t1", ("p1", "p2"), "p1")
    relay.offer("p1", b"face")
    relay.offer("p1", b"desk", "head")
    relay.grid.keep_only("t1", frozenset({"p2"}), "p1")
    assert relay.run() == {"t1": [b"face", b"desk"]}


def test_a_page_that_was_closed_is_sent_nothing(relay: Relay) -> None:
    relay.teacher("t1", ("p1",))
    relay.teacher("t2", ("p1",))
    relay.offer("p1", b"one")
    relay.grid.close("t1")
    relay.grid.close("nobody's")
    relay.offer("p1", b"newer")
    assert relay.run() == {"t2": [b"newer"]}


def test_a_page_rests_between_two_ticks(relay: Relay) -> None:
    relay.teacher("t1", ("p1",))
    relay.offer("p1", b"one")
    relay.run()
    assert relay.slept == [0.1]


# ------------------------------------------------------------------------------------ credit, without threads


class Page:
    """A teacher's page that takes ticks until nothing more may be sent to it."""

    def __init__(self, *sizes: int) -> None:
        self.ticks: list[dict[str, Any]] = []
        self.acks: list[Callable[[], None]] = []
        self.clock = FakeClock(NOW)
        self.lane = TeacherStream("t1", self._send, self.clock)
        self._sizes = list(sizes)
        self._next()

    def run(self) -> int:
        """Offer one picture after the other, each when the last was sent; return how many went out."""
        self.lane.run(lambda _seconds: self._next())
        return len(self.ticks)

    def _send(self, _sid: str, index: dict[str, Any], _pictures: list[bytes], acknowledged: Callable[[], None]) -> None:
        self.ticks.append(index)
        self.acks.append(acknowledged)

    def _next(self) -> None:
        if self._sizes:
            self.lane.offer(Tile("p1", len(self.ticks), NOW - 1, bytes(self._sizes.pop(0))))
        else:
            self.lane.close()


def test_ticks_are_numbered_from_one_on() -> None:
    page = Page(1, 1)
    assert page.run() == 2
    assert [tick["tick"] for tick in page.ticks] == [1, 2]


@pytest.mark.parametrize(
    ("on_the_way", "has_credit"),
    [
        ([], True),
        ([1], True),
        ([768 * 1024 - 1], True),
        ([768 * 1024], False),
        ([1, 1], False),
    ],
)
def test_a_second_tick_goes_ahead_of_the_first_acknowledgement_while_that_was_small(
    on_the_way: list[int], has_credit: bool
) -> None:
    page = Page(*on_the_way)
    page.run()
    assert may_send(page.lane) is has_credit


@pytest.mark.parametrize("size", [1, 768 * 1024])
def test_an_acknowledgement_gives_the_credit_back(size: int) -> None:
    page = Page(size)
    page.run()
    page.acks[0]()
    assert vars(page.lane)["_under_way"] == {}
    page.lane.acknowledged(99)
    assert may_send(page.lane)


def may_send(lane: TeacherStream) -> bool:
    return bool(lane._has_credit())


def test_a_picture_of_the_future_is_new_and_not_younger_than_that() -> None:
    assert Tile("p1", 7, NOW + 5, b"x").entry(NOW) == ["p1", 7, 0, 1]
    assert Tile("p1", 7, NOW - 1.5, b"x", "head").entry(NOW) == ["p1", 7, 1500, 1, "head"]


def test_a_picture_that_waits_is_replaced_by_its_channels_own_alone() -> None:
    lane = TeacherStream("t1", lambda *_told: None, FakeClock(NOW))
    for participant, channel in (("p1", "webcam"), ("p1", "head"), ("p2", "webcam")):
        lane.offer(Tile(participant, 1, NOW, b"x", channel))
    assert lane.replaced == 0
    lane.offer(Tile("p1", 2, NOW, b"x", "head"))
    assert lane.replaced == 1


def test_a_closed_page_keeps_no_picture() -> None:
    page = Page(1)
    page.lane.close()
    assert page.run() == 0
    assert vars(page.lane)["_slots"] == {}

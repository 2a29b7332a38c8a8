"""The heaps pick exactly whom a look at everybody would pick, whatever comes in whatever order."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.scanned_frames import ScannedFrames
from core.types import Frame
from detection.frames.latest_frames import LatestFrames, Pick
from tests.detection.pictures import frame

STEP = 1 / 64  # times in binary fractions: sums and differences are exact, so equal means equal
PEOPLE, CHANNELS = "abcdefg", ("webcam", "head", "room", "screen")

who = st.sampled_from("abc")
steps = st.one_of(
    st.tuples(st.just("offer"), who, st.sampled_from(CHANNELS), st.integers(-2, 4), st.integers(0, 160)),
    st.tuples(st.just("offer"), who, st.just("webcam"), st.just(1), st.just(0)),
    st.tuples(st.just("next")),
    st.tuples(st.just("next")),
    st.tuples(st.just("done"), st.integers(0, 7)),
    st.tuples(st.just("forget"), who),
    st.tuples(st.just("pass"), st.integers(0, 96)),
)


class Both:
    """The heaps and the scan side by side: each answer must be the same."""

    def __init__(self, interval: float, max_age: float) -> None:
        self.ours, self.scanned = LatestFrames(interval, max_age), ScannedFrames(interval, max_age)
        self.now = 1000.0
        self.sequences: dict[tuple[str, str], int] = {}
        self.out: list[Frame] = []
        self.under_way: dict[str, Frame] = {}
        self.picked: list[Pick] = []

    def offer(self, person: str, channel: str, ahead: int, age: int) -> None:
        """A frame whose sequence goes on, stands or goes back, received up to some seconds before."""
        sequence = max(0, self.sequences.get((person, channel), 0) + ahead)
        self.sequences[person, channel] = sequence
        offered = frame(b"", person, self.now - age * STEP, sequence=sequence, channel=channel)
        assert self.ours.offer(offered, self.now) == self.scanned.offer(offered, self.now)

    def next(self) -> None:
        pick = self.ours.next(self.now)
        assert pick == self.scanned.next(self.now)
        if pick is not None:
            assert pick.frame.participant not in self.under_way
            self.under_way[pick.frame.participant] = pick.frame
            assert self.now - pick.frame.received_at <= self.ours.max_age
            self.out.append(pick.frame)
            self.picked.append(pick)

    def done(self, place: int) -> None:
        if self.out:
            given_back = self.out.pop(place % len(self.out))
            assert self.ours.done(given_back) == self.scanned.done(given_back)
            if self.under_way.get(given_back.participant) is given_back:
                del self.under_way[given_back.participant]

    def forget(self, person: str) -> None:
        self.ours.forget(person)
        self.scanned.forget(person)
        self.under_way.pop(person, None)

    def compare(self) -> None:
        assert self.ours.delay(self.now) == self.scanned.delay(self.now)
        assert self.ours.counters() == self.scanned.counters()
        assert self.ours.active(self.now) == self.scanned.active(self.now)

    def take(self, step: tuple[Any, ...]) -> None:
        name, *arguments = step
        if name == "pass":
            self.now += arguments[0] * STEP
        else:
            getattr(self, name)(*arguments)
        self.compare()


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(st.lists(steps, max_size=80), st.sampled_from([0.25, 1.0, 3.0]), st.sampled_from([0.5, 2.0]))
def test_the_heaps_pick_what_a_look_at_everybody_would(
    taken: list[tuple[Any, ...]], interval: float, age: float
) -> None:
    both = Both(interval, age)
    for step in taken:
        both.take(step)


def test_they_agree_through_a_long_exam_with_too_few_looks() -> None:
    both = Both(1.0, 2.0)
    for turn in range(3000):
        both.take(("offer", PEOPLE[turn * 5 % 7], CHANNELS[turn * 3 % 4], 1, turn * 37 % 180))
        if turn % 5 == 0:
            both.take(("next",))
        if turn % 7 == 0:
            both.take(("done", turn))
        if turn % 500 == 499:
            both.take(("forget", PEOPLE[turn % 7]))
        both.take(("pass", turn % 4))
    assert len(both.picked) > 200, "the exam was one"
    assert both.ours.counters()["expired"] and both.ours.counters()["forgotten"]


def test_entries_of_a_long_exam_do_not_pile_up() -> None:
    both = Both(1.0, 2.0)
    for turn in range(4000):
        both.take(("offer", PEOPLE[turn % 7], "webcam", 1, 0))
        both.take(("next",))
        both.take(("done", 0))
        both.take(("pass", 1))
    turns, ages = vars(both.ours)["_turns"], vars(both.ours)["_ages"]
    held = len(vars(turns)["_asleep"]) + sum(map(len, vars(turns)["_lines"].values())) + len(vars(ages)["_received"])
    assert held <= 2 * len(PEOPLE)


def test_a_place_in_line_that_is_out_of_date_hides_nobody() -> None:
    both = Both(1.0, 2.0)
    for person, channel in (("b", "head"), ("a", "head"), ("c", "head"), ("a", "webcam")):
        both.take(("offer", person, channel, 1, 0))
    for _ in range(3):
        both.take(("next",))
        both.take(("pass", 4))
        both.take(("done", 0))
    assert [pick.frame.participant for pick in both.picked] == ["a", "b", "c"]


def test_a_frame_that_replaced_another_grows_old_as_well() -> None:
    both = Both(3.0, 0.5)
    both.take(("offer", "a", "webcam", 1, 0))
    both.take(("next",))
    both.take(("done", 0))
    for step in (("offer", "a", "webcam", 1, 0), ("pass", 20), ("offer", "a", "webcam", 1, 0), ("pass", 20), ("next",)):
        both.take(step)
    assert both.ours.counters()["expired"] == 0
    both.take(("pass", 20))
    both.take(("next",))
    assert both.ours.counters()["expired"] == 1


def test_a_clock_that_is_a_little_behind_gives_nobody_too_early() -> None:
    intake = LatestFrames(1.0, 2.0)
    intake.offer(frame(at=0.0), 0.0)
    pick = intake.next(0.0)
    assert pick is not None and intake.done(pick.frame)
    intake.offer(frame(at=0.5), 0.5)
    assert intake.delay(1.0) == 0.0
    assert intake.next(1.0 - STEP) is None
    assert intake.delay(1.0 - STEP) == STEP
    assert intake.next(1.0) is not None

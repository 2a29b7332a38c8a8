"""The code on the exam page: which phone has seen it, how long that took, and what does not count as having seen it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from core.types import Frame, Observation, ObservationKind
from detection.measures.markers import CODES, cells
from rooms.intake.screen_proof import EVERY, LOST_AFTER, MOST_LAG, SIZE_MM, SIZE_MM_FAR, UNKNOWN_AFTER, ScreenProof
from rooms.live.directory import LiveRoom
from rooms.live.participant import Phone, Student
from rooms.setup.room_settings import RoomSettings
from tests.rooms.stage import Stage


class Exam:
    """A student with a phone, whose pictures are looked at every two seconds."""

    def __init__(self, stage: Stage, role: str = "head") -> None:
        self.stage = stage
        self.participant = stage.admitted()
        self.phone = stage.phone(self.participant, role, "p1")
        self.told: list[str] = []
        self.proof = ScreenProof(stage.context, cells, len(CODES), Random(4))
        stage.context.signals.students.condition_changed.connect(self._note)
        self.proof.look_around()

    def _note(self, _room: LiveRoom, participant: Student) -> None:
        self.told.append(str(self.stage.room.phones_of(participant)[self.phone.role].proof.get("state")))

    @property
    def shown(self) -> list[Any]:
        """The codes that the page was sent."""
        return [event["id"] for event in self.stage.told("s1", "proof", "/student")]

    @property
    def state(self) -> str:
        return str(self.phone.proof.get("state", "unknown"))

    def see(self, *codes: int, late: float = 0.5, state: str = "ok", phone: Phone | None = None) -> None:
        """Let two seconds pass and a picture come that shows these codes."""
        self.stage.clock.advance(2.0 - late)
        self.proof.look_around()
        self.stage.clock.advance(late)
        self.arrive(*codes, state=state, phone=phone)

    def arrive(self, *codes: int, state: str = "ok", phone: Phone | None = None) -> None:
        """Let a picture come now that shows these codes."""
        now, channel = self.stage.clock.now(), (phone or self.phone).role
        frame = Frame("r1", self.participant.id, 1, now, now, b"", 640, 480, channel)
        found: dict[ObservationKind, dict[str, Any]] = {
            ObservationKind.MARKERS: {"ids": list(codes), "boxes": []},
            ObservationKind.PICTURE: {"state": state},
        }
        self.proof.observed(
            frame,
            [Observation("r1", self.participant.id, kind, now, values, channel) for kind, values in found.items()],
        )

    def renew(self) -> int:
        """Let five seconds pass and give the code that is shown from now on."""
        self.stage.clock.advance(5.0)
        self.proof.look_around()
        return int(self.shown[-1])

    def pass_by(self, seconds: float) -> str:
        """Let time pass without a picture and say how it stands then."""
        self.stage.clock.advance(seconds)
        self.proof.look_around()
        return self.state

    def watch(self, seconds: float, **how: Any) -> None:
        """Let the phone see what is shown."""
        for _ in range(int(seconds / 2)):
            self.see(self.shown[-1], **how)

    def look_elsewhere(self, seconds: float, **how: Any) -> None:
        for _ in range(int(seconds / 2)):
            self.see(**how)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A room that asks for phones."""
    made = Stage(tmp_path, RoomSettings(phones_allowed=("arm", "head", "room")))
    yield made
    made.database.close()


@pytest.fixture
def exam(stage: Stage) -> Exam:
    return Exam(stage)


def test_the_page_is_shown_another_code_every_few_seconds(exam: Exam, stage: Stage) -> None:
    exam.watch(60)
    assert 9 <= len(exam.shown) <= 13
    assert all(a != b for a, b in pairwise(exam.shown))
    first = stage.told("s1", "proof", "/student")[0]
    assert first == {
        "id": exam.shown[0],
        "cells": [list(row) for row in cells(exam.shown[0])],
        "every": EVERY,
        "size_mm": SIZE_MM,
    }


def test_two_codes_prove_it_and_the_delay_is_told(exam: Exam) -> None:
    exam.see(exam.shown[-1])
    assert exam.state == "unknown", "one may be luck"
    exam.watch(20)
    assert exam.state == "seen"
    assert exam.phone.proof["latency"] == pytest.approx(1.5, abs=1.0)
    assert exam.told.count("seen") <= 3, "not every sight is told"


def test_a_recording_shows_codes_of_another_time(exam: Exam) -> None:
    exam.watch(30)
    recorded = list(exam.shown)
    exam.look_elsewhere(LOST_AFTER + 60)
    for _ in range(3):
        for code in recorded:
            for _ in range(3):
                exam.see(code)
                assert exam.state == "not_seen"


def test_what_is_guessed_proves_nothing(exam: Exam) -> None:
    chance = Random(9)
    states = []
    for _ in range(1800):
        exam.see(chance.randrange(len(CODES)))
        states.append(exam.state)
    assert states.count("seen") == 0
    assert states[-1] == "not_seen"


@pytest.mark.parametrize("many", [4, 20, len(CODES)])
def test_a_sheet_of_many_codes_proves_nothing(exam: Exam, many: int) -> None:
    states = []
    for _ in range(300):
        shown = exam.shown[-1]
        exam.see(*((shown + step) % len(CODES) for step in range(many)))
        states.append(exam.state)
    assert states.count("seen") == 0
    assert states[-1] == "not_seen"


def test_a_sheet_of_a_few_codes_is_guessing(exam: Exam) -> None:
    chance = Random(2)
    states = []
    for _ in range(600):
        exam.see(*chance.sample(range(len(CODES)), 3))
        states.append(exam.state)
    assert states.count("seen") == 0


def test_a_code_that_comes_too_late_is_wrong(exam: Exam, stage: Stage) -> None:
    old = exam.shown[-1]
    stage.clock.advance(EVERY)
    exam.proof.look_around()
    exam.look_elsewhere(MOST_LAG + 4)
    newer = exam.shown[-1]
    for _ in range(4):
        exam.see(old)
    exam.see(newer)
    assert exam.state == "unknown"


def test_a_neighbours_code_beside_the_own_one_is_no_harm(exam: Exam) -> None:
    for _ in range(10):
        exam.see(exam.shown[-1], (exam.shown[-1] + 30) % len(CODES))
    assert exam.state == "seen"


def test_not_seen_for_long_is_its_own_state_and_passes(exam: Exam) -> None:
    exam.watch(20)
    exam.look_elsewhere(LOST_AFTER - 10)
    assert exam.state == "seen", "who writes on paper looks away from the screen"
    exam.look_elsewhere(20)
    assert exam.state == "not_seen" and exam.told[-1] == "not_seen"
    exam.watch(20)
    assert exam.state == "seen"


def test_what_cannot_be_judged_says_nothing(exam: Exam) -> None:
    exam.look_elsewhere(LOST_AFTER + 30, state="dark")
    assert exam.state == "unknown"
    exam.watch(20)
    assert exam.state == "seen"
    exam.look_elsewhere(UNKNOWN_AFTER + 10, state="covered")
    assert exam.state == "unknown" and exam.told[-1] == "unknown"


def test_a_phone_that_takes_anothers_place_begins_anew(exam: Exam, stage: Stage) -> None:
    exam.watch(20)
    exam.phone = stage.phone(exam.participant, "head", "p2")
    exam.see(exam.shown[-1])
    assert exam.state == "unknown"
    exam.watch(20)
    assert exam.state == "seen"


def test_each_phone_must_see_it_itself(exam: Exam, stage: Stage) -> None:
    room_phone = stage.phone(exam.participant, "room", "p2")
    exam.watch(20)
    assert exam.state == "seen" and room_phone.proof.get("state", "unknown") == "unknown"
    for _ in range(10):
        exam.see(exam.shown[-1], phone=room_phone)
    assert room_phone.proof["state"] == "seen"


def test_without_a_phones_camera_nothing_is_shown(exam: Exam, stage: Stage) -> None:
    stage.pairing.unpair(exam.participant, "head")
    exam.proof.look_around()
    assert stage.told("s1", "proof", "/student")[-1] == {"id": None, "cells": [], "every": EVERY, "size_mm": SIZE_MM}
    count = len(exam.shown)
    stage.phone(exam.participant, "arm", "p3")
    stage.clock.advance(60)
    exam.proof.look_around()
    assert len(exam.shown) == count


def test_for_a_phone_in_the_room_the_code_is_larger(stage: Stage) -> None:
    Exam(stage, "room")
    assert stage.told("s1", "proof", "/student")[-1]["size_mm"] == SIZE_MM_FAR > SIZE_MM


def test_a_page_that_is_loaded_again_is_shown_a_code_at_once(exam: Exam, stage: Stage) -> None:
    stage.connect(exam.participant.id, "s2")
    exam.proof.look_around()
    assert len(stage.told("s2", "proof", "/student")) == 1


def test_who_left_is_shown_nothing_more(exam: Exam, stage: Stage) -> None:
    stage.admission.leave(exam.participant)
    exam.proof.look_around()
    count = len(exam.shown)
    stage.clock.advance(30)
    exam.proof.look_around()
    assert len(exam.shown) == count


# ------------------------------------------------------------------------------------ at the limits


def test_a_code_is_shown_for_five_seconds_and_none_of_the_last_eight_again(exam: Exam, stage: Stage) -> None:
    exam.pass_by(4.9)
    assert len(exam.shown) == 1
    exam.pass_by(0.1)
    assert len(exam.shown) == 2
    exam.pass_by(-3600.0)
    assert len(exam.shown) == 3, "a clock set back holds nothing up"
    for _ in range(200):
        exam.renew()
    assert all(len(set(exam.shown[at : at + 9])) == 9 for at in range(len(exam.shown) - 8))
    stage.admission.gone("s1")
    count = len(exam.shown)
    exam.renew()
    assert len(exam.shown) == count, "nobody is there to see one"


@pytest.mark.parametrize(("pause", "state"), [(58, "seen"), (60, "unknown")])
def test_two_codes_are_asked_for_within_a_minute(exam: Exam, pause: int, state: str) -> None:
    exam.see(exam.shown[-1])
    exam.look_elsewhere(pause)
    exam.see(exam.shown[-1])
    assert exam.state == state


def test_more_right_codes_than_wrong_ones_are_asked_for(exam: Exam) -> None:
    wrong = next(code for code in range(len(CODES)) if code not in exam.shown)
    exam.arrive(wrong)
    exam.arrive(wrong)
    states = []
    for _ in range(3):
        exam.arrive(exam.renew())
        states.append(exam.state)
    assert states == ["unknown", "unknown", "seen"]


def test_the_same_code_seen_again_is_one_code(exam: Exam) -> None:
    for _ in range(5):
        exam.arrive(exam.shown[-1])
    assert exam.state == "unknown"


def test_ninety_seconds_of_pictures_without_a_code_are_too_long(exam: Exam) -> None:
    exam.watch(20)
    exam.look_elsewhere(88)
    assert exam.state == "seen"
    exam.look_elsewhere(2)
    assert exam.state == "not_seen"


def test_only_time_between_pictures_that_can_be_judged_counts_as_looking_away(exam: Exam) -> None:
    exam.watch(20)
    states = set()
    for _ in range(20):
        exam.pass_by(20.1)
        exam.arrive()
        states.add(exam.state)
    assert states == {"seen"}, "nobody can tell what the phone saw meanwhile"


def test_twenty_seconds_after_the_last_picture_it_is_unknown(exam: Exam) -> None:
    exam.watch(20)
    assert [exam.pass_by(20.0), exam.pass_by(0.1)] == ["seen", "unknown"]


@pytest.mark.parametrize(("late", "state"), [(8.0, "seen"), (8.1, "unknown")])
def test_a_picture_may_be_eight_seconds_on_its_way(exam: Exam, late: float, state: str) -> None:
    first = exam.shown[-1]
    exam.arrive(exam.renew())
    exam.stage.clock.advance(late)
    exam.arrive(first)
    assert exam.state == state


def test_two_neighbours_screens_beside_the_own_one_are_no_sheet(exam: Exam) -> None:
    for _ in range(3):
        shown = exam.renew()
        exam.arrive(shown, (shown + 30) % len(CODES), (shown + 60) % len(CODES))
    assert exam.state == "seen"


def test_a_code_that_is_read_in_a_dark_picture_counts(exam: Exam) -> None:
    for _ in range(2):
        exam.arrive(exam.renew(), state="dark")
    assert exam.state == "seen"


def test_the_delay_that_is_told_is_the_median_and_news_when_it_moved(exam: Exam, stage: Stage) -> None:
    told = []
    for late in (1.0, 1.5, 1.25, 4.0, 4.0, 4.0):
        shown = exam.renew()
        stage.clock.advance(late)
        exam.arrive(shown)
        told.append(exam.phone.proof.get("latency"))
    assert told == [None, 1.25, 1.25, 1.25, 1.25, 2.75]
    assert exam.phone.proof["at"] == stage.clock.now()


def test_the_code_is_forty_five_millimetres_and_seventy_for_a_phone_in_the_room() -> None:
    assert (SIZE_MM, SIZE_MM_FAR) == (45, 70)

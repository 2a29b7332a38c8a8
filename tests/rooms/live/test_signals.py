"""Signals of a live room: who is told what, and that no server's signals reach another's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rooms.live.directory import LiveRoom, TeacherLink
from rooms.live.participant import Phone, Student
from rooms.live.signals import RoomSignals
from rooms.setup.room_settings import RoomSettings
from tests.rooms.stage import Stage


class Witness:
    """Hears every signal about students and rooms, in the order in which they are sent."""

    def __init__(self, signals: RoomSignals) -> None:
        self.heard: list[str] = []
        of_students = "joined", "disconnected", "away", "admission_changed", "left", "removed", "settled"
        for name in of_students:
            getattr(signals.students, name).connect(self._hear_student(name), weak=False)
        for name in ("connected", "joined", "disconnected", "left"):
            getattr(signals.phones, name).connect(self._hear_phone(name), weak=False)
        signals.closed.connect(self._closed)
        signals.teacher_joined.connect(self._teacher_joined)
        signals.teacher_left.connect(self._teacher_left)

    def _hear_student(self, name: str) -> Callable[[LiveRoom, Student], None]:
        def hear(_room: LiveRoom, participant: Student) -> None:
            self.heard.append(f"{name} {participant.name}")

        return hear

    def _hear_phone(self, name: str) -> Callable[[LiveRoom, Phone], None]:
        def hear(_room: LiveRoom, participant: Phone) -> None:
            self.heard.append(f"{name} {participant.role} of {participant.owner.name}")

        return hear

    def _closed(self, room: LiveRoom) -> None:
        self.heard.append(f"closed {room.code}")

    def _teacher_joined(self, _room: LiveRoom, link: TeacherLink) -> None:
        self.heard.append(f"teacher_joined {link.name}")

    def _teacher_left(self, _room: LiveRoom, link: TeacherLink) -> None:
        self.heard.append(f"teacher_left {link.name}")

    def news(self) -> list[str]:
        """What was heard since the last time."""
        heard, self.heard = self.heard, []
        return heard


def test_a_student_who_comes_and_leaves_is_told_of_in_order(stage: Stage) -> None:
    witness = Witness(stage.context.signals)
    participant = stage.student("Zoé", "s1")
    assert witness.news() == ["joined Zoé"]
    stage.admission.ready(participant)
    assert witness.news() == ["admission_changed Zoé"]
    stage.admission.gone("s1")
    stage.connect(participant.id, "s2")
    assert witness.news() == ["disconnected Zoé", "joined Zoé"]
    stage.admission.leave(participant)
    assert witness.news() == ["admission_changed Zoé", "left Zoé"]
    stage.departures.look_around()
    stage.departures.look_around()
    assert witness.news() == ["settled Zoé"]


def test_a_refusal_can_be_taken_back_and_a_removal_cannot(tmp_path: Path) -> None:
    stage = Stage(tmp_path, RoomSettings(admit_by_hand=True))
    witness = Witness(stage.context.signals)
    zoe, ali = stage.admitted("Zoé", "s1"), stage.admitted("Ali", "s2")
    stage.admission.admit(stage.room, zoe.id, True, "Ana")
    witness.news()
    stage.admission.admit(stage.room, ali.id, False, "Ana")
    assert witness.news() == ["admission_changed Ali"]
    stage.admission.remove(stage.room, zoe.id, "Ana")
    assert witness.news() == ["admission_changed Zoé", "removed Zoé"]
    stage.database.close()


def test_the_end_of_a_room_is_one_signal_and_forgets_everybody(stage: Stage) -> None:
    witness, forgotten = Witness(stage.context.signals), list[str]()
    zoe, ali = stage.admitted("Zoé", "s1"), stage.admitted("Ali", "s2")
    stage.context.signals.when_gone(forgotten.append)
    witness.news()
    stage.lifecycle.set_state("r1", "ended", "Ana")
    assert [one for one in witness.news() if one.startswith("closed")] == ["closed 004217"]
    assert sorted(forgotten) == sorted([zoe.id, ali.id])


def test_teachers_pages_come_and_go(stage: Stage) -> None:
    witness = Witness(stage.context.signals)
    stage.teacher("t1")
    stage.teacher_sessions.leave("t1")
    stage.teacher_sessions.leave("t1")
    assert witness.news() == ["teacher_joined Ana", "teacher_left Ana"]


def test_a_place_that_nobody_came_to_is_forgotten_too(stage: Stage) -> None:
    participant, forgotten = stage.student("Zoé"), list[str]()
    stage.context.signals.when_gone(forgotten.append)
    stage.admission.participants_dropped("r1", [participant.id, "a stranger"])
    assert forgotten == [participant.id]


def test_absence_alone_forgets_only_what_is_worth_nothing_without_the_student(stage: Stage) -> None:
    participant, of_visit, of_stay = stage.student("Zoé", "s1"), list[str](), list[str]()
    stage.context.signals.when_absent(of_visit.append)
    stage.context.signals.when_gone(of_stay.append)
    stage.context.signals.students.away.send(stage.room, participant=participant)
    assert (of_visit, of_stay) == ([participant.id], [])


def test_two_servers_in_one_process_hear_nothing_of_each_other(tmp_path: Path, stage: Stage) -> None:
    (tmp_path / "other").mkdir()
    other = Stage(tmp_path / "other")
    witness = Witness(other.context.signals)
    stage.admission.leave(stage.admitted())
    assert witness.news() == []
    other.database.close()


def test_a_phone_that_comes_and_goes_is_told_of_as_a_student_is(tmp_path: Path) -> None:
    stage = Stage(tmp_path, RoomSettings(phones_allowed=("arm", "head")))
    participant = stage.student("Zoé", "s1")
    witness = Witness(stage.context.signals)
    phone = stage.phone(participant, "arm", "h1")
    assert witness.news() == ["connected arm of Zoé", "joined arm of Zoé"]
    stage.phones.gone("h1")
    stage.connect_phone(phone.id, "h2")
    assert witness.news() == ["disconnected arm of Zoé", "connected arm of Zoé", "joined arm of Zoé"]
    stage.phone(participant, "arm", "h3")
    assert witness.news() == ["left arm of Zoé", "connected arm of Zoé", "joined arm of Zoé"], "another took its place"
    stage.pairing.unpair(participant, "arm")
    assert witness.news() == ["left arm of Zoé"]
    stage.database.close()

from __future__ import annotations

from typing import Any

import pytest

from core.errors import UserError
from core.types import Frame, Observation, ObservationKind
from rooms.identity.field_cipher import FieldCipher
from rooms.identity.identity_status import DOUBTS
from rooms.identity.references import References
from rooms.live.participant import Student
from store.errors import FULL, StoreUnavailable
from store.faces import FaceReference
from tests.rooms.stage import Stage

FACE = [0.1] * 128
OTHER = [0.2] * 128


def see(stage: Stage, participant: Student, faces: int = 1, **identity: Any) -> None:
    now = stage.clock.now()
    frame = Frame("r1", participant.id, 1, now, now, b"", 320, 240)
    values = {"distance": None, "match": "unsure", "reason": None, **identity}
    stage.alert_service.observed(
        frame,
        [
            Observation("r1", participant.id, ObservationKind.FACES, now, {"count": faces}),
            Observation("r1", participant.id, ObservationKind.IDENTITY, now, values),
        ],
    )


def enrolled(stage: Stage) -> Student:
    participant = stage.student(sid="s1")
    stage.enrolment.start(participant)
    for _ in range(3):
        see(stage, participant, embedding=FACE)
    return participant


def references(stage: Stage, participant: Student) -> Any:
    return stage.monitor.contexts[participant.id, "identity"].get("references")


def test_three_good_pictures_enrol(stage: Stage) -> None:
    stage.teacher()
    participant = stage.student(sid="s1")
    assert stage.enrolment.done(participant) == (False, "not started")
    stage.enrolment.start(participant)
    see(stage, participant, reason="turned away")
    assert stage.enrolment.done(participant) == (False, "turned away")
    for _ in range(3):
        see(stage, participant, embedding=FACE)
    assert stage.enrolment.done(participant) == (True, None)
    assert references(stage, participant) == [FACE] * 3
    assert stage.room.students[participant.id].identity.state == "enrolled"


def test_what_cannot_be_kept_now_is_kept_with_the_next_picture(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise StoreUnavailable(FULL, "disk full")

    participant = stage.student(sid="s1")
    stage.enrolment.start(participant)
    with monkeypatch.context() as full:
        full.setattr(References, "keep_taken", refuse)
        for _ in range(3):
            see(stage, participant, embedding=FACE)
        assert stage.enrolment.done(participant) == (False, "more pictures are needed")
    see(stage, participant, embedding=FACE)
    assert stage.enrolment.done(participant) == (True, None)
    assert references(stage, participant) == [FACE] * 3


def test_pictures_of_two_people_do_not_enrol(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    stage.enrolment.start(participant)
    for face in (FACE, OTHER, FACE, OTHER, FACE):
        see(stage, participant, embedding=face)
    assert stage.enrolment.done(participant) == (False, "more pictures are needed")


def test_the_numbers_of_a_face_lie_sealed_and_leave_by_no_event(stage: Stage) -> None:
    stage.teacher()
    participant = enrolled(stage)
    with stage.database.read() as session:
        row = session.get(FaceReference, participant.id)
        assert row is not None
        assert b"0.1" not in row.sealed
        assert FieldCipher("a test's secret").open(row.sealed) == [FACE] * 3
        assert FieldCipher("another secret").open(row.sealed) == []
    assert "0.1, 0.1" not in repr(stage.sockets.sent)


def test_a_comparison_is_shown_and_unsure_is_no_mismatch(stage: Stage) -> None:
    participant = enrolled(stage)
    for match, state in (("yes", "authorized"), ("unsure", "unsure"), ("no", "mismatch")):
        see(stage, participant, match=match, distance=0.4)
        assert participant.identity.state == state


def test_whoever_sits_down_on_an_empty_chair_is_compared_at_once(stage: Stage) -> None:
    participant = enrolled(stage)
    stage.monitor.asked.clear()
    see(stage, participant, faces=1, reason="not enrolled")
    assert stage.monitor.asked == []
    see(stage, participant, faces=0, reason="no face")
    see(stage, participant, faces=1, reason="not enrolled")
    assert stage.monitor.asked == [(participant.id, "identity")]


def test_a_restart_keeps_the_enrolment(stage: Stage) -> None:
    participant = enrolled(stage)
    stage.restart()
    stage.monitor.contexts.clear()
    again = stage.room.students[participant.id]
    stage.enrolment.resume(again)
    assert references(stage, again) == [FACE] * 3
    assert again.identity.state == "enrolled"


def test_nobody_is_enrolled_after_the_check(stage: Stage) -> None:
    participant = stage.admitted()
    with pytest.raises(UserError) as refused:
        stage.enrolment.start(participant)
    assert refused.value.code == "bad_move"


def test_a_failed_comparison_is_made_again_at_once_but_not_for_ever(stage: Stage) -> None:
    participant = enrolled(stage)
    stage.monitor.asked.clear()
    for _ in range(20):
        see(stage, participant, match="no", distance=0.8)
    assert len(stage.monitor.asked) == DOUBTS - 1
    see(stage, participant, match="yes", distance=0.3)
    stage.monitor.asked.clear()
    see(stage, participant, match="no", distance=0.8)
    see(stage, participant, match="unsure")
    assert len(stage.monitor.asked) == 2


def test_who_is_enrolled_cannot_begin_anew_and_lose_it(stage: Stage) -> None:
    participant = enrolled(stage)
    stage.enrolment.start(participant)
    assert references(stage, participant) == [FACE] * 3
    assert stage.enrolment.done(participant) == (True, None)


def test_whoever_went_on_without_pictures_is_not_enrolled_later(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    stage.enrolment.start(participant)
    stage.monitor.asked.clear()
    stage.admission.ready(participant)
    for _ in range(5):
        see(stage, participant, reason="not enrolled", embedding=OTHER)
    assert participant.identity.state == "unknown"
    assert stage.monitor.asked == [(participant.id, "identity")], "told once, and not asked for any more"


def test_teachers_hear_what_a_comparison_has_come_to_only_when_it_changes(stage: Stage) -> None:
    stage.teacher()
    participant = enrolled(stage)
    for match, reason in (
        ("yes", None),
        ("yes", None),
        ("unsure", "poor light"),
        ("unsure", "turned away"),
        ("no", None),
    ):
        see(stage, participant, match=match, distance=0.5, reason=reason)
    told = stage.told("t1", "identity")
    assert [one["event"] for one in told] == ["AUTHORIZED", "IDENTITY_UNSURE", "IDENTITY_MISMATCH"]
    assert [one["reason"] for one in told] == [None, "poor light", None]
    assert told[0] == {
        "participant": participant.id,
        "event": "AUTHORIZED",
        "reason": None,
        "reference": "check",
        "distance": 0.5,
        "at": round(stage.clock.now() * 1000),
    }


def test_not_being_able_to_tell_is_no_alert_and_reaches_no_student(stage: Stage) -> None:
    stage.teacher()
    participant = enrolled(stage)
    for _ in range(20):
        see(stage, participant, match="unsure", reason="turned away")
    assert participant.identity.reason == "turned away"
    assert stage.told("t1", "alert") == []
    assert stage.told("s1", "identity", "/student") == []

"""Photos that teachers give: looked at by the analysis, kept sealed, and what students are compared with then."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from core.errors import Busy, UserError
from core.types import Frame, Observation, ObservationKind
from rooms.identity.identity_status import DOUBTS
from rooms.identity.photo_names import name_key, participant_key, present_participants
from rooms.identity.photos import (
    GIVE_UP_S,
    KEPT,
    LOOKING,
    MOST_BYTES,
    MOST_WAITING,
    OFFER_AGAIN_S,
    REASONS,
    REFUSED,
    UNREADABLE,
    check_photo,
)
from rooms.live.participant import Student
from rooms.upkeep.retention import purge_rooms
from store.faces import ReferencePhoto, photos_of
from tests.rooms.identity.test_enrolment import FACE, OTHER, enrolled, references, see
from tests.rooms.stage import START, Stage

JPEG = b"\xff\xd8a photo"


def give(stage: Stage, name: str = "Zoé", participant: Student | None = None) -> str:
    return stage.photos.offer("r1", name, participant.id if participant else None, JPEG, 1)


def answer(stage: Stage, photo: str, **values: Any) -> None:
    """What the analysis says of the photo."""
    now = stage.clock.now()
    frame = Frame("r1", photo, 1, now, now, b"", 480, 640, judged=False)
    stage.alert_service.observed(frame, [Observation("r1", photo, ObservationKind.IDENTITY, now, values)])


def kept(stage: Stage, name: str = "Zoé", participant: Student | None = None, face: list[float] = FACE) -> str:
    photo = give(stage, name, participant)
    answer(stage, photo, match="unsure", reason="not enrolled", embedding=face)
    assert stage.photos.outcome("r1", photo).state == KEPT
    return photo


def refused(stage: Stage, *given: Any) -> str:
    with pytest.raises(UserError) as raised:
        stage.photos.offer(*given)
    return raised.value.code


# ---------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    "other", ["zoe muller", "MÜLLER Zoé", "Müller, Zoé", "muller_zoe", "  Zoe\u0301   Mu\u0308ller ", "ZOÉ-MÜLLER"]
)
def test_names_that_differ_in_case_accents_and_order_are_one(other: str) -> None:
    assert name_key("Zoé Müller") == name_key(other) == "muller zoe"


@pytest.mark.parametrize("other", ["Zoé", "Zoé Müller Weber", "Zoe Miller", "Zoé M"])
def test_other_names_are_others(other: str) -> None:
    assert name_key("Zoé Müller") != name_key(other)


def test_names_of_every_script_have_a_key_and_signs_have_none() -> None:
    assert all(name_key(name) for name in ("李小龍", "Мария", "محمد", "O'Neil", "Σοφία"))
    assert name_key("Σοφίας") == name_key("ΣΟΦΊΑΣ")
    assert name_key("--- !") == ""
    assert participant_key("abc") != name_key("#abc")


# ---------------------------------------------------------------------------------------------- being looked at


def test_a_photo_is_shown_to_the_analysis_as_a_frame_of_nobody(stage: Stage) -> None:
    participant = stage.student()
    photo = give(stage)
    (frame,) = stage.monitor.frames
    assert (frame.participant, frame.jpeg, frame.judged) == (photo, JPEG, False)
    assert stage.monitor.contexts[photo, "identity"] == {"enrol": True, "photo": True}
    assert (photo, "identity") in stage.monitor.asked
    assert photo not in stage.room.students and list(stage.room.students) == [participant.id]
    assert stage.photos.outcome("r1", photo).state == LOOKING


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_a_bad_photo_is_refused_with_its_reason_and_nothing_is_kept(stage: Stage, reason: str) -> None:
    photo = give(stage)
    answer(stage, photo, match="unsure", reason=reason)
    outcome = stage.photos.outcome("r1", photo)
    assert (outcome.state, outcome.text, outcome.jpeg) == (REFUSED, REASONS[reason], b"")
    assert photo in stage.monitor.forgotten
    assert count(stage) == 0


def test_one_bad_photo_costs_the_others_nothing(stage: Stage) -> None:
    bad, good = give(stage, "Ana"), give(stage, "Ben")
    answer(stage, bad, match="unsure", reason="no face")
    answer(stage, good, match="unsure", reason="not enrolled", embedding=FACE)
    assert [stage.photos.outcome("r1", one).state for one in (bad, good)] == [REFUSED, KEPT]


def test_a_photo_that_a_busy_analysis_dropped_is_shown_again_and_given_up_in_the_end(stage: Stage) -> None:
    photo = give(stage)
    stage.clock.advance(OFFER_AGAIN_S)
    assert stage.photos.outcome("r1", photo).state == LOOKING
    assert [frame.sequence for frame in stage.monitor.frames] == [1, 2]
    stage.clock.advance(GIVE_UP_S)
    outcome = stage.photos.outcome("r1", photo)
    assert (outcome.state, outcome.text, outcome.jpeg) == (REFUSED, UNREADABLE, b"")
    stage.clock.advance(3600)
    with pytest.raises(UserError):
        stage.photos.outcome("r1", photo)


def test_a_late_answer_changes_nothing(stage: Stage) -> None:
    photo = give(stage)
    stage.clock.advance(GIVE_UP_S + 1)
    assert stage.photos.outcome("r1", photo).state == REFUSED
    answer(stage, photo, match="unsure", reason="not enrolled", embedding=FACE)
    assert count(stage) == 0


def test_only_so_many_wait_at_a_time(stage: Stage) -> None:
    for number in range(MOST_WAITING):
        give(stage, f"Student {number}")
    with pytest.raises(Busy):
        give(stage)


def test_what_cannot_be_a_photo_of_somebody_is_refused_at_once(stage: Stage) -> None:
    stage.student("Ben")
    stage.student("ben")
    assert refused(stage, "r2", "Zoé", None, JPEG, 1) == "room_ended"
    assert refused(stage, "r1", "", None, JPEG, 1) == "name_empty"
    assert refused(stage, "r1", "x" * 61, None, JPEG, 1) == "name_too_long"
    assert refused(stage, "r1", "Ben", None, JPEG, 1) == "several_of_name"
    assert refused(stage, "r1", "", "nobody", JPEG, 1) == "unknown_participant"
    assert refused(stage, "r1", "Zoé", None, bytes(MOST_BYTES + 1), 1) == "photo_too_large"
    stage.monitor.state["detectors"] = {"identity": "package missing: dlib"}
    assert refused(stage, "r1", "Zoé", None, JPEG, 1) == "not_compared"
    assert stage.monitor.frames == []


@pytest.mark.parametrize(
    ("size", "code"),
    [
        ((640, 480, 3), None),
        ((1080, 1920, 1), None),
        ((95, 480, 3), "bad_photo"),
        ((640, 480, 4), "bad_photo"),
        ((1081, 1200, 3), "photo_too_large"),
        ((1921, 1080, 3), "photo_too_large"),
    ],
)
def test_the_size_of_a_photo_is_bounded(size: tuple[int, int, int], code: str | None) -> None:
    if code is None:
        assert check_photo(JPEG, lambda _b: size) == size[:2]
        return
    with pytest.raises(UserError) as raised:
        check_photo(JPEG, lambda _b: size)
    assert raised.value.code == code


def test_what_is_no_jpeg_is_refused(stage: Stage) -> None:
    def read(_jpeg: bytes) -> tuple[int, int, int]:
        raise ValueError("no JPEG")

    with pytest.raises(UserError) as raised:
        check_photo(b"GIF89a", read)
    assert raised.value.code == "bad_photo"


# ---------------------------------------------------------------------------------------------- being kept


def count(stage: Stage) -> int:
    with stage.database.read() as session:
        return session.scalar(select(func.count()).select_from(ReferencePhoto)) or 0


def test_the_numbers_lie_sealed_and_leave_by_no_event(stage: Stage) -> None:
    stage.teacher()
    stage.student(sid="s1")
    kept(stage)
    with stage.database.read() as session:
        (row,) = photos_of(session, "r1")
    assert b"0.1" not in row.sealed and JPEG not in row.sealed
    assert (row.name, row.given_by, row.key) == ("Zoé", 1, "zoe")
    assert "0.1, 0.1" not in repr(stage.sockets.sent)


def test_a_newer_photo_takes_the_place_of_the_older(stage: Stage) -> None:
    kept(stage, "Zoé")
    kept(stage, "ZOE", face=OTHER)
    assert count(stage) == 1
    participant = stage.student(sid="s1")
    stage.enrolment.resume(participant)
    assert references(stage, participant) == [OTHER]


def test_photos_go_with_the_people_of_the_room_also_where_nobody_came(stage: Stage) -> None:
    kept(stage, "Somebody")
    with stage.database.session() as session:
        purge_rooms(session, START, START)
    assert count(stage) == 1
    stage.lifecycle.set_state("r1", "ended", "Ana")
    stage.clock.advance(10)
    with stage.database.session() as session:
        purge_rooms(session, START.replace(year=2030), START)
    assert count(stage) == 0


# ---------------------------------------------------------------------------------------------- being compared with


def test_whoever_takes_the_participant_of_that_name_is_compared_with_the_photo(stage: Stage) -> None:
    stage.teacher()
    kept(stage, "zoe")
    participant = stage.student("Zoé", sid="s1")
    stage.enrolment.resume(participant)
    assert (participant.identity.reference, participant.identity.state, references(stage, participant)) == (
        "photo",
        "enrolled",
        [FACE],
    )
    see(stage, participant, match="no", distance=0.8)
    assert (participant.state, participant.identity.state) == ("checking", "mismatch")
    assert stage.told("t1", "participant")[-1]["identity"] == "mismatch"
    assert stage.told("t1", "participant")[-1]["reference"] == "photo"


def test_the_check_takes_pictures_of_nobody_but_the_one_on_the_photo(stage: Stage) -> None:
    kept(stage)
    participant = stage.student(sid="s1")
    stage.enrolment.resume(participant)
    stage.enrolment.start(participant)
    for _ in range(5):
        see(stage, participant, match="no", distance=0.8, embedding=OTHER)
    assert stage.enrolment.done(participant) == (False, "unlike the photo")
    see(stage, participant, match="unsure", reason="poor light")
    assert stage.enrolment.done(participant) == (False, "poor light")
    assert (participant.identity.state, participant.identity.reason) == ("unsure", "poor light")
    for _ in range(3):
        see(stage, participant, match="yes", distance=0.3, embedding=[n + 0.001 for n in FACE])
    assert stage.enrolment.done(participant) == (True, None)
    assert participant.identity.state == "authorized"
    assert len(references(stage, participant)) == 4, "the photo, and three pictures that are like it"


def test_a_student_who_leaves_the_step_out_is_compared_all_the_same(stage: Stage) -> None:
    kept(stage)
    participant = stage.student(sid="s1")
    stage.enrolment.resume(participant)
    stage.admission.ready(participant)
    see(stage, participant, match="yes", distance=0.3)
    assert (participant.state, participant.identity.state) == ("admitted", "authorized")


def test_a_photo_for_one_participant_outweighs_pictures_of_somebody_else(stage: Stage) -> None:
    stage.teacher()
    participant = enrolled(stage)
    see(stage, participant, match="yes", distance=0.1)
    kept(stage, participant=participant, face=OTHER)
    assert (participant.identity.reference, participant.identity.state) == ("photo", "enrolled")
    assert references(stage, participant) == [OTHER], "the pictures of the check are unlike the photo"
    assert (participant.id, "identity") in stage.monitor.asked


def test_pictures_of_the_check_that_are_like_the_photo_stay(stage: Stage) -> None:
    participant = enrolled(stage)
    near = [n + 0.01 for n in FACE]
    kept(stage, face=near)
    assert references(stage, participant) == [near, FACE, FACE, FACE]


def test_two_of_one_name_have_photos_of_their_own(stage: Stage) -> None:
    first, second = stage.student("Ben", sid="s1"), stage.student("Ben", sid="s2")
    kept(stage, participant=first, face=FACE)
    kept(stage, participant=second, face=OTHER)
    assert [references(stage, participant) for participant in (first, second)] == [[FACE], [OTHER]]


def test_a_photo_that_is_taken_back_is_compared_with_no_more(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    kept(stage)
    assert participant.identity.state == "enrolled"
    with stage.database.read() as session:
        (row,) = photos_of(session, "r1")
    assert stage.photos.remove("r1", row.id, "Ana") == "Zoé"
    assert (participant.identity.state, participant.identity.reference) == ("unknown", "none")
    assert stage.monitor.contexts.get((participant.id, "identity")) == {}
    with pytest.raises(UserError):
        stage.photos.remove("r1", row.id, "Ana")


def test_a_restart_keeps_the_photo(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    kept(stage)
    stage.restart()
    again = stage.room.students[participant.id]
    stage.enrolment.resume(again)
    assert (again.identity.reference, references(stage, again)) == ("photo", [FACE])


def test_whoever_left_is_not_whom_a_photo_is_for(stage: Stage) -> None:
    participant = stage.admitted("Ben")
    assert present_participants(stage.room, "ben") == [participant]
    stage.admission.leave(participant)
    assert present_participants(stage.room, "ben") == []


def test_who_waits_is_looked_at_only_to_be_compared_with_a_photo(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    participant.admission.state = "waiting"
    stage.frame_ingest.accept(participant, (1, 0.0, JPEG))
    assert stage.monitor.frames == []
    kept(stage)
    stage.monitor.frames.clear()
    stage.frame_ingest.accept(participant, (2, 0.0, JPEG))
    assert [(frame.participant, frame.judged) for frame in stage.monitor.frames] == [(participant.id, False)]
    see(stage, participant, match="yes", distance=0.3)
    assert participant.identity.state == "authorized"


def test_what_a_phone_sees_is_compared_with_nothing(stage: Stage) -> None:
    kept(stage)
    participant = stage.student(sid="s1")
    stage.enrolment.resume(participant)
    now = stage.clock.now()
    values = {"distance": 0.9, "match": "no", "reason": None}
    frame = Frame("r1", participant.id, 1, now, now, b"", 320, 240, channel="room")
    stage.enrolment.observed(frame, [Observation("r1", participant.id, ObservationKind.IDENTITY, now, values, "room")])
    assert participant.identity.state == "enrolled"


def test_who_was_unlike_the_photo_in_the_check_is_compared_at_once_when_the_exam_runs(stage: Stage) -> None:
    kept(stage)
    participant = stage.student(sid="s1")
    stage.enrolment.resume(participant)
    now = stage.clock.now()
    seen = [
        Observation(
            "r1", participant.id, ObservationKind.IDENTITY, now, {"distance": 0.9, "match": "no", "reason": None}
        )
    ]
    check = Frame("r1", participant.id, 1, now, now, b"", 320, 240, judged=False)
    for _ in range(20):
        stage.enrolment.observed(check, seen)
    stage.monitor.asked.clear()
    exam = Frame("r1", participant.id, 2, now, now, b"", 320, 240)
    stage.enrolment.observed(exam, [])
    assert stage.monitor.asked == [(participant.id, "identity")]
    for _ in range(20):
        stage.enrolment.observed(exam, seen)
    assert len(stage.monitor.asked) == DOUBTS

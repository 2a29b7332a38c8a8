"""Whoever is not in a room any more is forgotten, however they went."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from rooms.live.participant import Student
from rooms.upkeep.departures import GRACE_S
from rooms.upkeep.retention import Retention
from store.faces import ReferencePhoto
from tests.rooms.identity.test_enrolment import FACE, OTHER, see
from tests.rooms.stage import Stage

Way = Callable[[Stage, Student], None]


def leave(stage: Stage, participant: Student) -> None:
    stage.admission.leave(participant)


def remove(stage: Stage, participant: Student) -> None:
    stage.admission.remove(stage.room, participant.id, "Ana")


def end(stage: Stage, _participant: Student) -> None:
    stage.lifecycle.set_state("r1", "ended", "Ana")


def end_before_the_teacher(stage: Stage, participant: Student) -> None:
    stage.teacher()
    end(stage, participant)
    stage.departures.look_around()
    stage.teacher_sessions.leave("t1")


def stay_away(stage: Stage, _participant: Student) -> None:
    stage.admission.gone("s1")
    stage.departures.look_around()
    stage.clock.advance(GRACE_S)


def never_end(stage: Stage, participant: Student) -> None:
    stage.admission.gone("s1")
    stage.clock.advance(100 * 86400)
    retention = Retention(stage.database, stage.folders, stage.lifecycle, stage.event_log, 30)
    retention.keep_to_it(datetime.fromtimestamp(stage.clock.now(), UTC))


WAYS: tuple[Way, ...] = (leave, remove, end, end_before_the_teacher, stay_away, never_end)


def faces_in_memory(stage: Stage, participant: Student) -> str:
    """Everything that components and the analysis keep of a student, as text."""
    kept = [vars(one) for one in (stage.enrolment, stage.calibration, stage.arm_calibration, stage.scores)]
    return repr([(kept[0]["_collected"], kept[0]["_reasons"], kept[1]["_runs"], kept[2]["_runs"])]) + repr(
        [
            context
            for (who, name), context in stage.monitor.contexts.items()
            if who == participant.id and name == "identity"
        ]
    )


@pytest.mark.parametrize("go", WAYS)
def test_a_student_who_goes_in_the_middle_of_the_check_leaves_nothing_in_memory(stage: Stage, go: Way) -> None:
    participant = stage.student(sid="s1")
    stage.enrolment.start(participant)
    see(stage, participant, embedding=FACE)
    stage.calibration.step(participant, "start", None)
    stage.arm_calibration.step(participant, "start")
    stage.departures.look_around()
    assert str(FACE[0]) in faces_in_memory(stage, participant) and participant.id in faces_in_memory(stage, participant)
    go(stage, participant)
    stage.departures.look_around()
    assert str(FACE[0]) not in faces_in_memory(stage, participant)
    assert participant.id not in faces_in_memory(stage, participant)


@pytest.mark.parametrize("go", WAYS)
def test_faces_that_a_student_was_compared_with_leave_the_analysis_too(stage: Stage, go: Way) -> None:
    participant = stage.student(sid="s1")
    stage.enrolment.start(participant)
    for _ in range(3):
        see(stage, participant, embedding=FACE)
    stage.departures.look_around()
    assert str(FACE[0]) in faces_in_memory(stage, participant)
    go(stage, participant)
    stage.departures.look_around()
    assert str(FACE[0]) not in faces_in_memory(stage, participant)


@pytest.mark.parametrize("go", [leave, remove, end, never_end])
def test_whoever_is_gone_for_good_is_forgotten_by_everything(stage: Stage, go: Way) -> None:
    participant = stage.admitted()
    stage.departures.look_around()
    go(stage, participant)
    stage.monitor.forgotten.clear()
    stage.departures.look_around()
    assert stage.monitor.forgotten == [participant.id]
    stage.departures.look_around()
    assert stage.monitor.forgotten == [participant.id], "once"


def test_a_short_loss_of_the_network_costs_no_pictures(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    stage.enrolment.start(participant)
    see(stage, participant, embedding=FACE)
    stage.admission.gone("s1")
    for _ in range(2):
        stage.departures.look_around()
        stage.clock.advance(GRACE_S / 3)
    stage.connect(participant.id, "s2")
    stage.departures.look_around()
    for _ in range(2):
        see(stage, participant, embedding=FACE)
    assert stage.enrolment.done(participant) == (True, None)


def test_whoever_comes_back_after_long_is_compared_with_the_same_faces(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    stage.enrolment.start(participant)
    for _ in range(3):
        see(stage, participant, embedding=FACE)
    stay_away(stage, participant)
    stage.departures.look_around()
    stage.connect(participant.id, "s2")
    stage.enrolment.resume(participant)  # as the channel does
    assert stage.monitor.contexts[participant.id, "identity"] == {"references": [FACE] * 3}


def test_whoever_goes_on_without_enough_pictures_is_not_collected_of_any_more(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    stage.enrolment.start(participant)
    see(stage, participant, embedding=OTHER)
    stage.admission.ready(participant)
    stage.enrolment.finish(participant)
    assert str(OTHER[0]) not in faces_in_memory(stage, participant)


def test_a_photo_that_nobody_asks_for_any_more_is_dropped(stage: Stage) -> None:
    stage.photos.offer("r1", "Zoé", None, b"\xff\xd8 a photo of her", 1)
    stage.clock.advance(21)
    stage.photos.look_around()
    assert "a photo of" not in repr([photo.jpeg for photo in vars(stage.photos)["_photos"].values()])
    with stage.database.read() as session:
        assert session.query(ReferencePhoto).count() == 0

"""One decision on several incidents: of the same kind, and only those that the teacher has seen, as far as seen."""

from __future__ import annotations

import pytest

from core.errors import UserError
from core.types import AlertKind
from rooms.desk.sightings import MOST_SEEN
from rooms.desk.verdicts import Decision
from rooms.live.directory import TeacherLink
from store.alerts import AlertRow
from store.desk import steps_of
from tests.rooms.stage import Stage

WRONG = Decision(verdict="dismissed")


@pytest.fixture
def ana(stage: Stage) -> TeacherLink:
    """Her page, with three alike and one of another kind."""
    ana = stage.teacher("t1")
    stage.lifecycle.set_state("r1", "running", "Ana")
    kinds = {"a": AlertKind.PHONE_DETECTED, "b": AlertKind.PHONE_DETECTED, "c": AlertKind.PHONE_DETECTED}
    for number, (name, kind) in enumerate({**kinds, "d": AlertKind.IDENTITY_MISMATCH}.items()):
        student = stage.admitted(name, f"s{number}")
        stage.alert_service.alert_raised(stage.alert(student, id=name, kind=kind))
    return ana


def judge(stage: Stage, link: TeacherLink, *incidents: str) -> set[str]:
    return {one["id"] for one in stage.desk.review.review_alike(stage.room, link, incidents, WRONG)}


def verdicts(stage: Stage) -> dict[str, str]:
    with stage.database.read() as session:
        return {one: session.get_one(AlertRow, one).verdict for one in ("a", "b", "c", "d")}


def saw(stage: Stage, link: TeacherLink, *incidents: str, until: float | None = None) -> None:
    stage.desk.review.saw(stage.room, link, incidents, stage.clock.now() * 1000 if until is None else until)


def test_those_that_were_seen_are_judged_together(stage: Stage, ana: TeacherLink) -> None:
    saw(stage, ana, "a", "b")
    assert judge(stage, ana, "a", "b", "a") == {"a", "b"}
    assert verdicts(stage) == {"a": "dismissed", "b": "dismissed", "c": "new", "d": "new"}
    with stage.database.read() as session:
        assert [one.step for one in steps_of(session, "r1", "a")] == ["decided"]


def test_one_that_was_not_seen_means_that_none_is_judged(stage: Stage, ana: TeacherLink) -> None:
    saw(stage, ana, "a", "b")
    with pytest.raises(UserError) as error:
        judge(stage, ana, "a", "b", "c")
    assert (error.value.code, error.value.params["count"]) == ("unseen", 1)
    assert set(verdicts(stage).values()) == {"new"}


def test_what_a_colleague_saw_does_not_count(stage: Stage, ana: TeacherLink) -> None:
    saw(stage, stage.colleague("Ben", "t2"), "a", "b")
    with pytest.raises(UserError):
        judge(stage, ana, "a", "b")


def test_an_alert_that_came_later_is_not_judged_unseen(stage: Stage, ana: TeacherLink) -> None:
    saw(stage, ana, "a", "b")
    stage.clock.advance(5)
    student = next(one for one in stage.room.students.values() if one.name == "a")
    stage.alert_service.alert_raised(stage.alert(student, id="late", kind=AlertKind.PHONE_DETECTED))
    assert judge(stage, ana, "a", "b") == {"a", "b"}
    with stage.database.read() as session:
        late = session.get_one(AlertRow, "late")
    assert (late.incident_id, late.verdict) == ("a", "new")


def test_unlike_ones_and_unknown_ones_are_refused(stage: Stage, ana: TeacherLink) -> None:
    saw(stage, ana, "a", "d", "forged")
    with pytest.raises(UserError) as error:
        judge(stage, ana, "a", "d")
    assert error.value.code == "unlike"
    with pytest.raises(UserError) as error:
        judge(stage, ana, "a", "forged")
    assert error.value.code == "unknown_incident"
    with pytest.raises(UserError):
        judge(stage, ana)
    assert set(verdicts(stage).values()) == {"new"}


def test_what_was_seen_is_bounded_and_goes_with_the_room(stage: Stage, ana: TeacherLink) -> None:
    saw(stage, ana, "a", "b")
    saw(stage, ana, *(f"x{number}" for number in range(MOST_SEEN)))
    with pytest.raises(UserError):
        judge(stage, ana, "a", "b")
    saw(stage, ana, "a", "b")
    stage.lifecycle.set_state("r1", "ended", "Ana")
    with pytest.raises(UserError):
        judge(stage, ana, "a", "b")

"""Incidents of a live room: what teachers are told, what counts against whom, and what a verdict covers."""

from __future__ import annotations

import pytest

from core.errors import UserError
from core.types import AlertKind, Severity
from rooms.desk.verdicts import Decision
from store.alerts import AlertRow
from store.errors import FULL, StoreUnavailable
from tests.rooms.stage import Stage

ANA = 1, "Ana"


@pytest.fixture
def students(stage: Stage) -> list[str]:
    """Four students of a running room, and a teacher's page that watches."""
    names = "Ada", "Bob", "Cid", "Dee"
    found = [stage.admitted(name, f"s{number}").id for number, name in enumerate(names)]
    stage.teacher()
    stage.lifecycle.set_state("r1", "running", "Ana")
    return found


def hiccup(stage: Stage, students: list[str], name: str = "n") -> None:
    for number, student in enumerate(students):
        notice(stage, student, f"{name}{number}", AlertKind.CONNECTION_LOST, severity=Severity.NOTICE)


def notice(stage: Stage, student: str, alert_id: str, kind: AlertKind, **changed: object) -> None:
    participant = stage.room.students[student]
    stage.alert_service.alert_raised(stage.alert(participant, id=alert_id, kind=kind, **changed))


def incidents_shown(stage: Stage) -> dict[str, str]:
    """What a teacher's page knows at the end, by alert."""
    return {told["id"]: told["incident"] for told in stage.told("t1", "alert")}


def incidents_kept(stage: Stage) -> dict[str, str]:
    with stage.database.read() as session:
        return {row.id: row.incident_id for row in session.query(AlertRow)}


def test_two_alerts_of_one_student_are_one_incident(stage: Stage, students: list[str]) -> None:
    notice(stage, students[0], "a1", AlertKind.FACE_NOT_FOUND)
    stage.clock.advance(30)
    notice(stage, students[0], "a2", AlertKind.LOOKING_AWAY)
    notice(stage, students[1], "a3", AlertKind.LOOKING_AWAY)
    assert incidents_shown(stage) == incidents_kept(stage) == {"a1": "a1", "a2": "a1", "a3": "a3"}


def test_a_hiccup_of_the_network_becomes_one_incident_of_the_room(stage: Stage, students: list[str]) -> None:
    hiccup(stage, students)
    assert set(incidents_shown(stage).values()) == set(incidents_kept(stage).values()) == {"room.n0"}


def test_what_the_room_had_in_common_counts_against_nobody(stage: Stage, students: list[str]) -> None:
    for number, student in enumerate(students):
        notice(stage, student, f"a{number}", AlertKind.FACE_NOT_FOUND)
    stage.clock.advance(2)
    stage.scores.look_around()
    last = {one[0]: one[3] for told in stage.told("t1", "attention") for one in told["scores"]}
    assert not any(last.values())
    stage.restart()
    stage.teacher("t2")
    assert stage.told("t2", "attention")[-1]["scores"] == []


def test_a_phone_counts_although_the_network_failed_for_all(stage: Stage, students: list[str]) -> None:
    hiccup(stage, students)
    notice(stage, students[0], "p", AlertKind.PHONE_DETECTED)
    assert incidents_shown(stage)["p"] == "p"
    stage.clock.advance(2)
    stage.scores.look_around()
    assert stage.told("t1", "attention")[-1]["scores"][-1][3] == 30


def test_the_hiccup_goes_on_after_a_start_anew(stage: Stage, students: list[str]) -> None:
    hiccup(stage, students[:3])
    stage.restart()
    stage.teacher()
    stage.clock.advance(20)
    hiccup(stage, students[3:], "later")
    assert incidents_kept(stage)["later0"] == "room.n0"


def test_alerts_that_end_or_wait_for_the_disk_move_too(
    stage: Stage, students: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    participant = stage.room.students[students[0]]
    first = stage.alert(participant, id="n0", kind=AlertKind.CONNECTION_LOST)
    stage.alert_service.alert_raised(first)
    stage.alert_service.alert_ended(first.ended(stage.clock.now() + 1))

    def full(*_arguments: float) -> object:
        raise StoreUnavailable(FULL, "database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(stage.database, "session", full)
        hiccup(stage, students[1:], "m")
    assert set(incidents_shown(stage).values()) == {"room.n0"}
    stage.alert_service.rows.retry()
    assert set(incidents_kept(stage).values()) == {"room.n0"}


def test_a_verdict_covers_every_alert_of_the_incident_and_no_other(stage: Stage, students: list[str]) -> None:
    notice(stage, students[0], "a1", AlertKind.FACE_NOT_FOUND)
    notice(stage, students[0], "a2", AlertKind.LOOKING_AWAY)
    notice(stage, students[1], "a3", AlertKind.LOOKING_AWAY)
    views = stage.verdicts.review_incident(stage.room, "a1", Decision(verdict="dismissed", note="He was reading."), ANA)
    assert [(view["id"], view["verdict"], view["note"]) for view in views] == [
        ("a1", "dismissed", "He was reading."),
        ("a2", "dismissed", "He was reading."),
    ]
    verdicts = {told["id"]: told["verdict"] for told in stage.told("t1", "alert")}
    assert verdicts == {"a1": "dismissed", "a2": "dismissed", "a3": "new"}


def test_a_new_alert_opens_a_judged_incident_again(stage: Stage, students: list[str]) -> None:
    notice(stage, students[0], "a1", AlertKind.FACE_NOT_FOUND)
    stage.verdicts.review_incident(stage.room, "a1", Decision(verdict="acknowledged"), ANA)
    stage.clock.advance(10)
    notice(stage, students[0], "a2", AlertKind.PHONE_DETECTED)
    told = stage.told("t1", "alert")[-1]
    assert (told["incident"], told["verdict"]) == ("a1", "new")


def test_an_incident_of_another_room_cannot_be_judged(stage: Stage, students: list[str]) -> None:
    with pytest.raises(UserError) as refused:
        stage.verdicts.review_incident(stage.room, "elsewhere", Decision(verdict="dismissed"), ANA)
    assert refused.value.code == "unknown_incident"


def verdicts_shown(stage: Stage) -> dict[str, str]:
    return {told["id"]: told["verdict"] for told in stage.told("t1", "alert")}


def test_an_alert_that_the_teacher_did_not_see_is_not_judged_with_the_others(stage: Stage, students: list[str]) -> None:
    notice(stage, students[0], "a1", AlertKind.FACE_NOT_FOUND)
    seen = stage.told("t1", "alert")[-1]["raised_at"]
    stage.clock.advance(1)
    notice(stage, students[0], "a2", AlertKind.PHONE_DETECTED)
    stage.verdicts.review_incident(stage.room, "a1", Decision(verdict="dismissed", seen_until=seen), ANA)
    assert verdicts_shown(stage) == {"a1": "dismissed", "a2": "new"}


def test_a_note_alone_leaves_every_verdict_as_it_was(stage: Stage, students: list[str]) -> None:
    notice(stage, students[0], "a1", AlertKind.FACE_NOT_FOUND)
    stage.verdicts.review_incident(stage.room, "a1", Decision(verdict="dismissed"), ANA)
    notice(stage, students[0], "a2", AlertKind.LOOKING_AWAY)
    views = stage.verdicts.review_incident(stage.room, "a1", Decision(note="Asked."), (2, "Ben"))
    said = [(view["verdict"], view["note"]) for view in views]
    assert said == [("dismissed", "Asked."), ("new", "Asked.")]
    with stage.database.read() as session:
        assert [row.handled_by for row in session.query(AlertRow).order_by(AlertRow.raised_at)] == [1, None]


def test_one_verdict_on_many_alerts_counts_once_and_one_on_the_room_not_at_all(
    stage: Stage, students: list[str]
) -> None:
    for number in range(6):
        notice(stage, students[0], f"a{number}", AlertKind.LOOKING_AWAY)
    hiccup(stage, students)
    stage.verdicts.review_incident(stage.room, "a0", Decision(verdict="dismissed"), ANA)
    stage.verdicts.review_incident(stage.room, "room.n0", Decision(verdict="dismissed"), ANA)
    stage.muting.reviewed(stage.room, "LOOKING_AWAY")
    counts = {"right": 0, "wrong": 1, "quiet": False, "by": None}
    assert stage.muting.view(stage.room)["kinds"] == {"LOOKING_AWAY": counts}


def test_a_first_page_has_every_incident_that_waits_however_old_and_the_rest_of_one_that_it_cuts(
    stage: Stage, students: list[str]
) -> None:
    for name, student, kind in (
        ("open", 0, AlertKind.PHONE_DETECTED),
        ("done", 1, AlertKind.FACE_NOT_FOUND),
        ("cut0", 2, AlertKind.FACE_NOT_FOUND),
        ("cut1", 2, AlertKind.FACE_NOT_FOUND),
        ("cut2", 2, AlertKind.FACE_NOT_FOUND),
    ):
        notice(stage, students[student], name, kind)
        stage.clock.advance(1)
    for incident in ("done", "cut0"):
        stage.verdicts.review_incident(stage.room, incident, Decision(verdict="dismissed"), ANA)
    shown = [view["id"] for view in stage.alert_service.page(stage.room, None, 2)]
    assert shown == ["cut2", "cut1", "cut0", "open"]

import pytest

from core.errors import NotAllowed, UserError
from core.types import AlertKind, Severity
from store.alerts import AlertRow, alerts_of
from tests.fakes import FakeMonitor
from tests.rooms.stage import Stage


def test_a_room_is_started_paused_and_ended_for_everybody(stage: Stage) -> None:
    stage.admitted()
    stage.teacher()
    for state in ("running", "paused", "running", "ended"):
        stage.lifecycle.set_state("r1", state, "Ana")
    told = [event["room"]["state"] for event in stage.told("s1", "room", "/student")]
    assert told == ["running", "paused", "running", "ended"]
    assert [event["room"]["state"] for event in stage.told("t1", "room")] == told


def test_the_paper_is_shown_only_while_the_room_runs(tmp_path) -> None:  # type: ignore[no-untyped-def]
    stage = Stage(tmp_path, exam_kind="text", exam_text="# Question 1")
    stage.admitted()
    for state in ("running", "paused"):
        stage.lifecycle.set_state("r1", state, "Ana")
    running, paused = stage.told("s1", "room", "/student")
    assert "Question 1" in running["exam"]["html"]
    assert paused["exam"] is None
    stage.database.close()


def test_alerts_are_raised_only_in_a_running_room(stage: Stage) -> None:
    assert stage.monitor.watched == {}
    stage.lifecycle.set_state("r1", "running", "Ana")
    assert "r1" in stage.monitor.watched
    stage.lifecycle.set_state("r1", "paused", "Ana")
    assert stage.monitor.watched == {}


def test_a_move_that_does_not_exist_is_refused(stage: Stage) -> None:
    with pytest.raises(UserError) as refused:
        stage.lifecycle.set_state("r1", "paused", "Ana")
    assert refused.value.code == "bad_move"


def test_after_the_end_students_are_out_and_teachers_may_still_look(stage: Stage) -> None:
    participant = stage.admitted()
    stage.teacher()
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.alert_service.alert_raised(stage.alert(participant))
    stage.lifecycle.set_state("r1", "ended", "Ana")
    assert ("/student", "s1") in stage.sockets.closed
    with pytest.raises(NotAllowed) as refused:
        stage.connect(participant.id, "s2")
    assert refused.value.code == "room_ended"
    stage.teacher_sessions.leave("t1")
    assert stage.directory.room("r1") is None, "nobody looks: nothing is kept in memory"
    stage.teacher("t2")
    assert [alert["id"] for alert in stage.told("t2", "welcome")[0]["alerts"]] == ["a1"]


def test_a_restart_ends_open_alerts_and_tells_the_judge_who_is_missing(stage: Stage) -> None:
    participant = stage.admitted()
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.alert_service.alert_raised(stage.alert(participant))
    stage.monitor.observations.clear()
    stage.clock.advance(60)
    stage.restart()
    with stage.database.read() as session:
        row = session.get(AlertRow, "a1")
        assert row is not None and row.ended_at is not None
    assert [dict(o.values) for o in stage.monitor.observations] == [{"online": False}]
    assert "r1" in stage.monitor.watched


# ------------------------------------------------------------------------------------ who is out of reach


def absences(stage: Stage) -> dict[str, bool]:
    """Say of every alert whether it has ended."""
    with stage.database.read() as session:
        return {row.id: row.ended_at is not None for row in alerts_of(session, "r1")}


def test_a_restart_goes_on_with_absences_and_ends_all_else(stage: Stage) -> None:
    participant, gone = stage.admitted(), stage.admitted("Ali", "s2")
    stage.lifecycle.set_state("r1", "running", "Ana")
    lost = stage.alert(participant, id="lost", kind=AlertKind.CONNECTION_LOST, severity=Severity.NOTICE)
    phone = stage.alert(participant, id="phone", kind=AlertKind.PHONE_CHANNEL_LOST, channel="arm")
    for alert in (lost, phone, stage.alert(participant, id="page"), stage.alert(gone, id="left", kind=lost.kind)):
        stage.alert_service.alert_raised(alert)
    stage.admission.leave(gone)
    for _ in range(2):
        stage.restart()
        assert absences(stage) == {"lost": False, "phone": False, "page": True, "left": True}
        told = {alert.id: alert for alert in stage.monitor.taken_up}
        assert told.keys() == {"lost", "phone"} and told["phone"].channel == "arm"
        assert (told["lost"].kind, told["lost"].severity) == (AlertKind.CONNECTION_LOST, Severity.NOTICE)
        assert told["lost"].raised_at == lost.raised_at


def test_where_nobody_will_tell_of_the_end_a_restart_ends_absences_too(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    participant = stage.admitted()
    stage.alert_service.alert_raised(stage.alert(participant, id="lost", kind=AlertKind.CONNECTION_LOST))
    monkeypatch.setattr(FakeMonitor, "take_up", lambda _self, _alert: False)
    stage.restart()
    assert absences(stage) == {"lost": True}


def test_the_judge_is_told_in_a_pause_who_comes_and_goes_and_nothing_else(stage: Stage) -> None:
    participant = stage.admitted()
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.lifecycle.set_state("r1", "paused", "Ana")
    stage.monitor.observations.clear()
    stage.reports.page(participant, "hidden")
    stage.admission.gone("s1")
    stage.connect(participant.id, "s2")
    assert [dict(one.values) for one in stage.monitor.observations] == [{"online": False}, {"online": True}]

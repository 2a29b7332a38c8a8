import pytest

from core.errors import NotAllowed, UserError
from store.alerts import AlertRow
from tests.rooms.stage import Stage


def test_a_room_is_started_paused_and_ended_for_everybody(stage: Stage) -> None:
    stage.admitted()
    stage.teacher()
    for state in ("running", "paused", "running", "ended"):
        stage.conductor.set_state("r1", state, "Ana")
    told = [event["room"]["state"] for event in stage.told("s1", "room", "/student")]
    assert told == ["running", "paused", "running", "ended"]
    assert [event["room"]["state"] for event in stage.told("t1", "room")] == told


def test_the_paper_is_shown_only_while_the_room_runs(tmp_path) -> None:  # type: ignore[no-untyped-def]
    stage = Stage(tmp_path, exam_kind="text", exam_text="# Question 1")
    stage.admitted()
    for state in ("running", "paused"):
        stage.conductor.set_state("r1", state, "Ana")
    running, paused = stage.told("s1", "room", "/student")
    assert "Question 1" in running["exam"]["html"]
    assert paused["exam"] is None
    stage.database.close()


def test_alerts_are_raised_only_in_a_running_room(stage: Stage) -> None:
    assert stage.monitor.watched == {}
    stage.conductor.set_state("r1", "running", "Ana")
    assert "r1" in stage.monitor.watched
    stage.conductor.set_state("r1", "paused", "Ana")
    assert stage.monitor.watched == {}


def test_a_move_that_does_not_exist_is_refused(stage: Stage) -> None:
    with pytest.raises(UserError) as refused:
        stage.conductor.set_state("r1", "paused", "Ana")
    assert refused.value.code == "bad_move"


def test_after_the_end_students_are_out_and_teachers_may_still_look(stage: Stage) -> None:
    seat = stage.admitted()
    stage.teacher()
    stage.conductor.set_state("r1", "running", "Ana")
    stage.desk.alert_raised(stage.alert(seat))
    stage.conductor.set_state("r1", "ended", "Ana")
    assert ("/student", "s1") in stage.sockets.closed
    with pytest.raises(NotAllowed) as refused:
        stage.connect(seat.id, "s2")
    assert refused.value.code == "room_ended"
    stage.audience.leave("t1")
    assert stage.directory.room("r1") is None, "nobody looks: nothing is kept in memory"
    stage.teacher("t2")
    assert [alert["id"] for alert in stage.told("t2", "welcome")[0]["alerts"]] == ["a1"]


def test_a_restart_ends_open_alerts_and_tells_the_judge_who_is_missing(stage: Stage) -> None:
    seat = stage.admitted()
    stage.conductor.set_state("r1", "running", "Ana")
    stage.desk.alert_raised(stage.alert(seat))
    stage.monitor.observations.clear()
    stage.clock.advance(60)
    stage.restart()
    with stage.database.read() as session:
        row = session.get(AlertRow, "a1")
        assert row is not None and row.ended_at is not None
    assert [dict(o.values) for o in stage.monitor.observations] == [{"online": False}]
    assert "r1" in stage.monitor.watched

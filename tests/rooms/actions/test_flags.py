"""A teacher flags a student: an alert like every other, with its pictures, and gone without a trace when undone."""

from __future__ import annotations

import pytest

from core.errors import UserError
from core.flag import FLAGGED
from rooms.actions.orders import Wish
from rooms.live.directory import TeacherLink
from rooms.protocol.objects import ActionView
from store.alerts import AlertRow, all_alerts
from store.evidence import SEALED, capsules_of
from tests.rooms.evidence.recording import Recording
from tests.rooms.stage import Stage


@pytest.fixture
def ana(stage: Stage) -> TeacherLink:
    return stage.teacher("t1")


@pytest.fixture
def recording(stage: Stage, ana: TeacherLink) -> Recording:
    recording = Recording(stage)
    recording.go_on(22)
    return recording


def flag(recording: Recording, ana: TeacherLink, note: str = "") -> ActionView:
    stage = recording.stage
    [made] = stage.actions.act(stage.room, ana, [recording.student.id], Wish(verb="flag", client_id="f", note=note))
    return made


def alerts(stage: Stage) -> list[AlertRow]:
    with stage.database.read() as session:
        return all_alerts(session, "r1")


def test_a_flag_is_an_alert_with_its_teacher_the_note_and_the_last_seconds(
    stage: Stage, ana: TeacherLink, recording: Recording
) -> None:
    made = flag(recording, ana, "Looks under the desk.")
    recording.go_on(10.5)
    [row] = alerts(stage)
    assert (row.id, row.kind, row.severity, row.note) == (made["id"], FLAGGED, "warning", "Looks under the desk.")
    assert row.numbers["by"] == "Ana" and row.ended_at == row.raised_at
    assert row.evidence is not None and stage.evidence.path("r1", row.evidence).exists()
    manifest, pictures = recording.opened(row.id)
    window = manifest["window"]
    assert window["end_ms"] - window["begin_ms"] == 30_000
    assert manifest["rule"] is None and manifest["alert"]["kind"] == FLAGGED
    assert len(pictures) > 40
    assert stage.told("s1", "hint", "/student") == [], "the student is not told"
    assert stage.told("t1", "alert")[-1]["capsule"]["state"] == SEALED


def test_an_undone_flag_leaves_nothing(stage: Stage, ana: TeacherLink, recording: Recording) -> None:
    made = flag(recording, ana)
    recording.go_on(4)
    stage.actions.undo(stage.room, ana, made["id"])
    assert stage.told("t1", "withdrawn") == [{"alert": made["id"]}]
    recording.go_on(30)
    assert alerts(stage) == []
    with stage.database.read() as session:
        assert capsules_of(session, "r1") == []
    assert not stage.evidence.path("r1", f"{made['id']}.jpg").exists()
    assert stage.capsules.names("r1") == []


def test_after_its_seconds_a_flag_stays(stage: Stage, ana: TeacherLink, recording: Recording) -> None:
    made = flag(recording, ana)
    recording.go_on(8)
    with pytest.raises(UserError):
        stage.actions.undo(stage.room, ana, made["id"])
    assert len(alerts(stage)) == 1


def test_a_flag_without_any_picture_is_a_flag_all_the_same(stage: Stage, ana: TeacherLink) -> None:
    student = stage.admitted()
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.actions.act(stage.room, ana, [student.id], Wish(verb="flag", client_id="f"))
    assert [(row.kind, row.evidence) for row in alerts(stage)] == [(FLAGGED, None)]


def test_verdicts_on_flags_mute_nothing(stage: Stage, ana: TeacherLink, recording: Recording) -> None:
    for number in range(7):
        wish = Wish(verb="flag", client_id=f"f{number}")
        [made] = stage.actions.act(stage.room, ana, [recording.student.id], wish)
        stage.desk.review.review(stage.room, ana, made["id"], "dismissed", None)
        stage.clock.advance(70)
    assert not stage.room.muted.get(FLAGGED, {}).get("quiet")

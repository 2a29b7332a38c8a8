"""From an alert to a sealed capsule, and every way in which that can end otherwise."""

from __future__ import annotations

from contextlib import AbstractContextManager

import pytest
from sqlalchemy.orm import Session

from core.types import Frame, Observation, ObservationKind, Severity
from evidence.capsule import CapsuleFolder
from evidence.chain import CAPSULE, check
from rooms.evidence.sealer import DISK_FULL, NO_DATABASE, STOPPED
from rooms.live.capture_plan import CLOSE_UP
from rooms.setup.room_settings import RoomSettings
from store.errors import BUSY, StoreUnavailable
from store.evidence import CapsuleRow
from store.rooms import ParticipantRow, Room
from tests.rooms.evidence.recording import Recording
from tests.rooms.stage import Stage


def test_an_alert_becomes_a_capsule_of_the_thirty_seconds_around_it(recording: Recording) -> None:
    recording.go_on(30)
    raised = recording.stage.clock.now()
    recording.raise_alert()
    recording.go_on(10.5)
    said, pictures = recording.opened()
    assert said["window"] == {"begin_ms": (raised - 20) * 1000, "end_ms": (raised + 10) * 1000}
    assert said["alert"]["id"] == "a1"
    times = [one["received_ms"] / 1000 - raised for one in said["pictures"]]
    assert (min(times), max(times)) == (-20, 10)
    assert len(pictures) == len(times) == 61
    row = recording.row()
    assert (row.state, row.frames, row.chain_index, row.room_id) == ("sealed", 61, 0, "r1")


def test_the_manifest_says_the_settings_in_force_and_where_they_come_from(recording: Recording) -> None:
    recording.stage.change(RoomSettings(preset="strict"))
    recording.sealed()
    said, _ = recording.opened()
    layers = {one["from"] for one in said["rule"]["settings"].values()}
    assert said["rule"]["kind"] == "PHONE_DETECTED"
    assert layers == {"default", "preset"}
    assert said["clock_offsets_ms"] == {"webcam": 0}


def test_teachers_are_told_when_the_capsule_can_be_played(recording: Recording) -> None:
    recording.stage.teacher()
    recording.sealed()
    states = [one["capsule"]["state"] for one in recording.stage.told("t1", "alert")]
    assert states == ["pending", "sealed"]
    assert recording.stage.told("t1", "alert")[-1]["capsule"]["address"] == "/rooms/r1/capsules/a1.zip"


def test_the_student_is_asked_for_more_pictures_and_then_for_as_many_as_before(recording: Recording) -> None:
    before = recording.student.capture
    recording.sealed()
    told = recording.stage.told("s1", "capture", "/student")
    assert [one["fps"] for one in told[-2:]] == [CLOSE_UP.fps, before.fps if before else None]
    assert told[-2]["width"] == 640


def test_each_alert_of_an_incident_has_a_capsule_of_its_own(recording: Recording) -> None:
    recording.go_on(5)
    recording.raise_alert("a1")
    recording.go_on(4)
    recording.raise_alert("a2", kind="LOOKING_AWAY", severity=Severity.WARNING)
    recording.go_on(10.5)
    assert recording.row("a1").incident_id == recording.row("a2").incident_id == "a1"
    assert [recording.opened(one)[0]["alert"]["id"] for one in ("a1", "a2")] == ["a1", "a2"]
    ledger = recording.stage.kept.ledgers.load("r1")
    check(ledger.origin, ledger.entries)
    assert [one.kind for one in ledger.entries] == [CAPSULE, CAPSULE]


def test_where_many_end_at_once_the_critical_is_sealed_first(recording: Recording) -> None:
    recording.go_on(5)
    recording.raise_alert("a1", kind="LOOKING_AWAY", severity=Severity.WARNING)
    recording.raise_alert("a2")
    recording.raise_alert("a3", kind="TALKING", severity=Severity.WARNING)
    recording.go_on(10.5)
    assert [recording.row(one).chain_index for one in ("a2", "a1", "a3")] == [0, 1, 2]


def test_a_notice_keeps_no_capsule(recording: Recording) -> None:
    recording.raise_alert(severity=Severity.NOTICE)
    recording.go_on(11)
    assert recording.told() is None
    assert not recording.student.close_up


def test_what_a_whole_room_has_in_common_keeps_no_capsules(recording: Recording) -> None:
    stage = recording.stage
    others = [stage.admitted(f"Student {number}", f"o{number}") for number in range(2)]
    for number, student in enumerate([recording.student, *others]):
        recording.raise_alert(f"a{number}", student, kind="PAGE_HIDDEN", severity=Severity.WARNING)
        stage.sealer.look_around()
    recording.go_on(11)
    assert recording.told("a0") is None
    with stage.database.read() as session:
        assert session.query(CapsuleRow).count() == 0
    assert stage.capsules.rooms() == set()


def test_a_student_from_whom_no_picture_came_has_an_empty_one(recording: Recording) -> None:
    recording.raise_alert()
    recording.stage.clock.advance(11)
    recording.stage.sealer.look_around()
    assert (recording.told()["state"], recording.row().state) == ("empty", "empty")


def test_what_could_not_be_judged_is_said(recording: Recording) -> None:
    recording.go_on(5)
    for _ in range(3):
        recording.go_on(2)
        frame = recording.stage.monitor.frames[-1]
        recording.stage.sink.observed(frame, [seen(frame, "dark")])
    recording.stage.sink.observed(frame, [seen(frame, "ok")])
    recording.raise_alert()
    recording.go_on(10.5)
    (one,) = recording.opened()[0]["unseen"]
    assert (one["state"], one["channel"], one["end_ms"] - one["begin_ms"]) == ("dark", "webcam", 4000)


def seen(frame: Frame, state: str) -> Observation:
    return Observation(
        room="r1",
        participant=frame.participant,
        kind=ObservationKind.PICTURE,
        at=frame.captured_at,
        values={"state": state},
    )


def test_a_full_disk_is_told_on_the_alert_and_in_the_log(
    recording: Recording, caplog: pytest.LogCaptureFixture
) -> None:
    recording.stage.kept.vault.folder = CapsuleFolder(recording.stage.settings.data_dir / "full", keep_free=1 << 62)
    recording.sealed()
    assert recording.told() == {"state": "failed", "why": DISK_FULL}
    assert (recording.row().state, recording.row().why) == ("failed", DISK_FULL)
    assert any("evidence-lost room=004217" in line for line in caplog.messages)
    assert recording.stage.kept.ledgers.load("r1").entries == []


def test_a_database_that_fails_for_a_moment_costs_nothing(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording.go_on(2)
    recording.raise_alert()
    with monkeypatch.context() as broken:
        broken.setattr(recording.stage.database, "session", unavailable)
        recording.go_on(20)
    recording.go_on(1)
    assert recording.told()["state"] == "sealed"
    assert len(recording.opened()[1]) > 20


def test_a_database_that_fails_for_long_is_told(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    recording.raise_alert()
    recording.go_on(2)
    with monkeypatch.context() as broken:
        broken.setattr(recording.stage.database, "session", unavailable)
        recording.go_on(80)
    recording.stage.alert_service.rows.retry()
    assert recording.told() == {"state": "failed", "why": NO_DATABASE}
    assert recording.stage.capsules.names("r1") == [], "a capsule without an entry would belong to nothing"


def unavailable(timeouts: float = 0) -> AbstractContextManager[Session]:
    raise StoreUnavailable(BUSY, "locked")


def test_a_server_that_was_stopped_meanwhile_says_so(recording: Recording) -> None:
    recording.go_on(2)
    recording.raise_alert()
    recording.go_on(2)
    recording.stage.restart()
    recording.stage.sealer.look_around()
    assert (recording.row().state, recording.row().why) == ("failed", STOPPED)
    assert recording.told() == {"state": "failed", "why": STOPPED}


def test_a_server_that_was_stopped_at_once_says_so_too(recording: Recording) -> None:
    recording.raise_alert()
    recording.stage.restart()
    recording.stage.sealer.look_around()
    assert recording.told() == {"state": "failed", "why": STOPPED}


def test_the_end_of_the_room_seals_at_once_and_forgets_the_rest(recording: Recording) -> None:
    recording.go_on(4)
    recording.raise_alert()
    recording.go_on(3, look=False)
    recording.stage.lifecycle.set_state("r1", "ended", "Ana")
    assert recording.told()["state"] == "sealed"
    assert len(recording.opened()[1]) == 14
    assert recording.stage.kept.ring.size == 0


def test_whoever_leaves_is_forgotten_and_what_was_seen_until_then_is_kept(recording: Recording) -> None:
    recording.go_on(4)
    recording.raise_alert()
    recording.go_on(3)
    recording.stage.admission.leave(recording.student)
    assert recording.stage.kept.ring.size == 0
    recording.stage.sealer.look_around()
    assert len(recording.opened()[1]) == 14


def test_pictures_of_the_system_check_are_not_kept(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    stage.frame_ingest.accept(participant, (0, 1000, b"\xff\xd8" + bytes(100)))
    assert stage.kept.ring.size == 0


def test_few_students_are_looked_at_closely_at_a_time(recording: Recording) -> None:
    students = [recording.stage.admitted(f"Student {number}", f"o{number}") for number in range(12)]
    for number, student in enumerate(students):
        recording.stage.clock.advance(0.1)
        recording.raise_alert(f"b{number}", student)
    assert sum(student.close_up for student in students) == 10


def test_a_student_who_was_deleted_meanwhile_holds_nobody_up(
    recording: Recording, caplog: pytest.LogCaptureFixture
) -> None:
    recording.go_on(2)
    recording.raise_alert()
    recording.go_on(1, look=False)
    with recording.stage.database.session() as session:
        session.delete(session.get_one(ParticipantRow, recording.student.id))
    recording.stage.sealer.look_around()
    assert recording.stage.kept.recorder.waiting() == []
    assert any("evidence-lost room=004217 alert=a1" in line for line in caplog.messages)


def test_a_room_that_was_deleted_while_its_capsule_was_sealed_keeps_none(recording: Recording) -> None:
    recording.go_on(2)
    recording.raise_alert()
    recording.go_on(9)
    recording.stage.clock.advance(2)
    with recording.stage.database.session() as session:
        session.delete(session.get_one(Room, "r1"))
    recording.stage.sealer.look_around()
    assert recording.stage.kept.recorder.waiting() == []
    assert recording.stage.capsules.names("r1") == []

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import UserError
from rooms.actions.orders import Wish
from rooms.chat.messages import keep_message, make_message
from rooms.setup.room_settings import RoomSettings
from rooms.upkeep.housekeeping import CapacityWatch, Housekeeping, Watcher, notices_of, remedies_of
from rooms.upkeep.retention import Retention, purge_rooms
from store.desk import OF_A_ROOM as DESK
from store.desk import ActionStep, actions_of, problems_of, steps_of
from store.evidence import OF_A_ROOM
from store.faces import FaceReference
from store.messages import Message
from store.phones import PhoneInvitation, PhoneRow
from store.rooms import ParticipantRow, Room, participants_of
from tests.rooms.evidence.recording import Recording
from tests.rooms.stage import START, Stage

DAY = 86400.0


def end_room(stage: Stage) -> str:
    participant = stage.admitted()
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.alert_service.alert_raised(stage.alert(participant))
    keep_message(stage.database, make_message("r1", "c", ("teacher", "1", "Ana"), ("all", None), "Bye", START))
    stage.lifecycle.set_state("r1", "ended", "Ana")
    return participant.id


def test_an_ended_room_is_emptied_after_its_time_and_not_before(stage: Stage) -> None:
    end_room(stage)
    with stage.database.session() as session:
        assert purge_rooms(session, START - timedelta(days=30), START) == []
    with stage.database.session() as session:
        assert purge_rooms(session, START + timedelta(seconds=1), START) == ["r1"]
    with stage.database.read() as session:
        assert participants_of(session, "r1") == []
        assert session.get(Room, "r1") is not None, "the teacher's own list keeps its title"


def test_a_running_room_is_never_emptied(stage: Stage) -> None:
    stage.admitted()
    with stage.database.session() as session:
        assert purge_rooms(session, START + timedelta(days=10**4), START) == []


def housekeeping(stage: Stage, days: int = 30) -> Housekeeping:
    capacity = CapacityWatch(stage.teacher_sessions, stage.monitor)
    watchers: list[Watcher] = [capacity, stage.phone_status, stage.scores]
    retention = Retention(stage.database, stage.folders, stage.lifecycle, stage.event_log, days)
    return Housekeeping(stage.context, stage.lifecycle, stage.monitor, retention, stage.socketio, watchers)


def look_after(stage: Stage, days: float, retention: int = 30) -> Room:
    """Let that many days pass, have housekeeping look once, and return the room's row."""
    stage.clock.advance(days * DAY)
    housekeeping(stage, retention).look_around()
    with stage.database.read() as session:
        row = session.get(Room, "r1")
        assert row is not None
        return row


def has_people(stage: Stage) -> bool:
    with stage.database.read() as session:
        return participants_of(session, "r1") != []


def test_housekeeping_drops_the_pictures_too(stage: Stage) -> None:
    end_room(stage)
    assert stage.evidence.path("r1", "a1.jpg").exists()
    look_after(stage, 31)
    assert not stage.evidence.path("r1", "a1.jpg").exists()


def test_an_exam_that_nobody_ended_is_over_after_a_week_and_emptied_in_time(stage: Stage) -> None:
    stage.teacher()
    stage.admitted()
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.admission.gone("s1")
    assert look_after(stage, 6.9).state == "running", "over a long weekend nothing is lost"
    ended = look_after(stage, 0.2)
    assert (ended.state, ended.ended_at) == ("ended", START), "it was over when something last happened"
    assert stage.told("t1", "room")[-1]["room"]["state"] == "ended"
    assert has_people(stage)
    look_after(stage, 23.2)
    assert not has_people(stage), "30 days after the end, not 30 after it was noticed"


def test_what_happens_keeps_an_exam_open(stage: Stage) -> None:
    stage.admitted()
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.admission.gone("s1")
    stage.clock.advance(6 * DAY)
    sent_at = datetime.fromtimestamp(stage.clock.now(), UTC)
    keep_message(stage.database, make_message("r1", "c", ("teacher", "1", "Ana"), ("all", None), "Go on", sent_at))
    assert look_after(stage, 6).state == "running"
    assert look_after(stage, 2).state == "ended"


def test_a_page_left_open_somewhere_is_no_exam_for_ever(stage: Stage) -> None:
    stage.admitted()
    stage.lifecycle.set_state("r1", "running", "Ana")
    assert look_after(stage, 29).state == "running", "somebody is connected"
    assert look_after(stage, 1.1).state == "ended"


def test_with_a_short_retention_an_idle_exam_is_over_sooner(stage: Stage) -> None:
    stage.admitted()
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.admission.gone("s1")
    assert look_after(stage, 1.1, retention=1).state == "ended"
    assert not has_people(stage)


def test_a_room_that_was_tried_out_waits_for_its_exam_and_one_that_nobody_used_for_ever(stage: Stage) -> None:
    assert look_after(stage, 400).state == "open", "it keeps nothing of anybody"
    stage.student(sid="s1")
    stage.admission.gone("s1")
    with stage.database.session() as session:
        for row in participants_of(session, "r1"):
            row.joined_at = datetime.fromtimestamp(stage.clock.now(), UTC)
    assert look_after(stage, 29, retention=1).state == "open"
    assert look_after(stage, 1.1, retention=1).state == "ended"


def test_evidence_that_no_row_leads_to_is_swept(stage: Stage) -> None:
    """What a crash between the two deletions left, and what came late into a room that was emptied."""
    stage.student()
    for room in ("r1", "gone"):
        stage.evidence.keep(room, "a1", b"picture")
    look_after(stage, 0)
    assert not stage.evidence.path("gone", "a1.jpg").parent.exists()
    assert stage.evidence.path("r1", "a1.jpg").exists()
    with stage.database.session() as session:
        session.query(ParticipantRow).delete()
    look_after(stage, 1)
    assert stage.evidence.rooms() == set()


def test_evidence_that_cannot_be_deleted_is_said_and_tried_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stage.evidence.keep("gone", "a1", b"picture")
    with monkeypatch.context() as broken:
        broken.setattr("rooms.alerts.evidence_files.shutil.rmtree", lambda *_args, **_options: None)
        look_after(stage, 0)
    assert "evidence-stays" in caplog.text
    look_after(stage, 1)
    assert stage.evidence.rooms() == set()


def test_what_was_deleted_is_in_no_file_any_more(tmp_path: Path) -> None:
    """Neither a message nor a sealed face: not in the database, not in its log."""
    stage = Stage(tmp_path)
    participant = stage.admitted()
    said, face = "SECRET" * 40, b"SEALED" * 40
    keep_message(
        stage.database, make_message("r1", "c", ("student", participant.id, "Z"), ("teachers", None), said, START)
    )
    with stage.database.session() as session:
        session.add(FaceReference(participant_id=participant.id, sealed=face, taken_at=START))
    assert in_files(tmp_path, b"SECRETSECRET") and in_files(tmp_path, b"SEALEDSEALED")
    stage.lifecycle.set_state("r1", "ended", "Ana")
    look_after(stage, 31)
    assert not in_files(tmp_path, b"SECRETSECRET") and not in_files(tmp_path, b"SEALEDSEALED")
    stage.database.close()


def test_whoever_reads_is_not_held_up_and_it_is_wiped_afterwards(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    participant = stage.admitted()
    keep_message(
        stage.database, make_message("r1", "c", ("student", participant.id, "Z"), ("teachers", None), "S" * 99, START)
    )
    stage.lifecycle.set_state("r1", "ended", "Ana")
    stage.clock.advance(31 * DAY)
    keeper = housekeeping(stage)
    with stage.database.read() as reader:
        assert participants_of(reader, "r1")
        keeper.look_around()
        assert in_files(tmp_path, b"S" * 99), "the reader still sees what was there when it began"
    keeper.look_around()
    assert not in_files(tmp_path, b"S" * 99)
    stage.database.close()


def in_files(folder: Path, wanted: bytes) -> bool:
    return any(wanted in path.read_bytes() for path in folder.glob("stage.db*"))


def test_what_is_not_watched_for_is_said() -> None:
    assert notices_of({"detectors": {"face": None, "picture": None}}) == []
    assert notices_of({"detectors": {"face": "model file missing"}}) == ["Faces are not detected."]
    assert len(notices_of({"off": "switched off"})) == 1


def test_teachers_are_told_what_to_do_about_the_gravest() -> None:
    off = {
        "detectors": {"face": "model file missing: face_full_range", "landmarks": "model file missing", "picture": None}
    }
    assert list(remedies_of(off)) == ["Faces are not detected."]
    assert "models fetch" in remedies_of(off)["Faces are not detected."]
    assert remedies_of({"off": "switched off"}) == {}


def test_phones_go_with_their_students(tmp_path: Path) -> None:
    stage = Stage(tmp_path, RoomSettings(phones_allowed=("arm", "head")))
    participant = stage.student(sid="s1")
    stage.phone(participant, "arm")
    stage.pairing.invite(participant, "head")
    stage.lifecycle.set_state("r1", "ended", "Ana")
    with stage.database.session() as session:
        purge_rooms(session, START + timedelta(days=10**4), START)
        assert (session.query(PhoneRow).count(), session.query(PhoneInvitation).count()) == (0, 0)
    stage.database.close()


def evidence_rows(stage: Stage) -> int:
    with stage.database.read() as session:
        return sum(session.query(table).filter_by(room_id="r1").count() for table in OF_A_ROOM)


def test_capsules_chain_and_keys_go_with_the_people(stage: Stage) -> None:
    recording = Recording(stage)
    recording.sealed()
    stage.lifecycle.set_state("r1", "ended", "Ana")
    assert evidence_rows(stage) == 5, "capsule, entry, record, key, checkpoint"
    assert stage.capsules.names("r1") != []
    look_after(stage, 31)
    assert evidence_rows(stage) == 0
    assert stage.capsules.rooms() == set()


def desk_rows(stage: Stage) -> int:
    with stage.database.read() as session:
        return sum(session.query(table).count() for table in (*DESK, ActionStep))


def test_what_was_done_and_said_at_the_desk_goes_with_the_people(stage: Stage) -> None:
    ana, student = stage.teacher("t1"), stage.admitted()
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.alert_service.alert_raised(stage.alert(student))
    [made] = stage.actions.act(stage.room, ana, [student.id], Wish(verb="pause", reason="talk", client_id="c"))
    stage.actions.took(student, [made["id"]], "delivered")
    stage.verdicts.review(stage.room, "a1", "dismissed", None, (1, "Ana"))
    stage.desk.problems.report(student, "camera", "It is black.")
    stage.lifecycle.set_state("r1", "ended", "Ana")
    stage.desk.answers.keep("r1", student.id, "a1", "It was the clock.")
    assert desk_rows(stage) == 5
    look_after(stage, 29)
    assert desk_rows(stage) == 5
    look_after(stage, 2)
    assert desk_rows(stage) == 0


def test_erasing_a_student_erases_words_and_not_what_was_done(stage: Stage) -> None:
    ana, student, other = stage.teacher("t1"), stage.admitted(), stage.admitted("Max", "s2")
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.alert_service.alert_raised(stage.alert(student))
    for one in (student, other):
        wish = Wish(verb="pause", reason="talk", client_id=one.id, note="Please come.")
        stage.actions.act(stage.room, ana, [one.id], wish)
        stage.desk.problems.report(one, "camera", "It is black.")
    stage.verdicts.review(stage.room, "a1", "dismissed", "A dog.", (1, "Ana"))
    stage.lifecycle.set_state("r1", "ended", "Ana")
    stage.services.sealing.erasure.erase("r1", student.id, "Ana")
    with stage.database.read() as session:
        assert [row.participant_id for row in problems_of(session, "r1")] == [other.id]
        notes = {row.participant_id: (row.verb, row.note) for row in actions_of(session, "r1")}
        assert [row.note for row in steps_of(session, "r1")] == [""]
    assert notes == {student.id: ("pause", ""), other.id: ("pause", "Please come.")}


def test_what_is_held_stays_until_it_is_released(stage: Stage) -> None:
    recording = Recording(stage)
    recording.sealed()
    keep_message(stage.database, make_message("r1", "c", ("teacher", "1", "Ana"), ("all", None), "Bye", START))
    stage.lifecycle.set_state("r1", "ended", "Ana")
    stage.kept.holds.hold("r1", " Zoé\n appeals. ", "Ana")
    look_after(stage, 31)
    assert has_people(stage)
    assert recording.opened()[1]
    assert (recording.stage.evidence.path("r1", "a1.jpg")).exists()
    with stage.database.read() as session:
        assert session.query(Message).count() == 0, "messages show nothing of what happened"
    stage.kept.holds.release("r1", "Ben")
    stage.kept.holds.release("r1", "Ben")
    look_after(stage, 1)
    assert not has_people(stage)
    assert stage.capsules.rooms() == set()


def test_a_hold_is_in_the_log_and_in_the_chain(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    stage.kept.holds.hold("r1", "Zoé appeals.", "Ana")
    with pytest.raises(UserError, match="held_already"):
        stage.kept.holds.hold("r1", "Again", "Ana")
    with pytest.raises(UserError, match="reason_empty"):
        stage.kept.holds.hold("r1", " \n", "Ana")
    stage.kept.holds.release("r1", "Ana")
    assert [one.kind for one in stage.kept.ledgers.load("r1").entries] == ["hold", "release"]
    assert 'evidence-held room=004217 by=Ana reason="Zoé appeals."' in caplog.messages
    assert "evidence-released room=004217 by=Ana" in caplog.messages

from datetime import timedelta
from pathlib import Path

from rooms.chat import keep_message, make_message
from rooms.housekeeping import Housekeeping, notices_of, remedies_of
from rooms.retention import purge_rooms
from rooms.room_settings import RoomSettings
from store.phones import PhoneInvitation, PhoneRow
from store.rooms import Room, participants_of
from tests.rooms.stage import START, Stage


def end_room(stage: Stage) -> str:
    seat = stage.admitted()
    stage.conductor.set_state("r1", "running", "Ana")
    stage.desk.alert_raised(stage.alert(seat))
    keep_message(stage.database, make_message("r1", "c", ("teacher", "1", "Ana"), ("all", None), "Bye", START))
    stage.conductor.set_state("r1", "ended", "Ana")
    return seat.id


def test_an_ended_room_is_emptied_after_its_time_and_not_before(stage: Stage) -> None:
    end_room(stage)
    with stage.database.session() as session:
        assert purge_rooms(session, START - timedelta(days=30)) == []
    with stage.database.session() as session:
        assert purge_rooms(session, START + timedelta(seconds=1)) == ["r1"]
    with stage.database.read() as session:
        assert participants_of(session, "r1") == []
        assert session.get(Room, "r1") is not None, "the teacher's own list keeps its title"


def test_a_running_room_is_never_emptied(stage: Stage) -> None:
    stage.admitted()
    with stage.database.session() as session:
        assert purge_rooms(session, START + timedelta(days=10**4)) == []


def test_housekeeping_drops_the_pictures_too(stage: Stage) -> None:
    end_room(stage)
    assert stage.evidence.path("r1", "a1.jpg").exists()
    stage.clock.advance(31 * 86400)
    keeper = Housekeeping(
        stage.database,
        stage.evidence,
        stage.conductor,
        stage.audience,
        [stage.phones, stage.scores],
        stage.monitor,
        stage.journal,
        stage.clock,
        None,
        30,
    )
    keeper.look_around()
    assert not stage.evidence.path("r1", "a1.jpg").exists()


def test_what_is_not_watched_for_is_said() -> None:
    assert notices_of({"detectors": {"face": None, "picture": None}}) == []
    assert notices_of({"detectors": {"face": "model file missing"}}) == ["Faces are not looked for."]
    assert len(notices_of({"off": "switched off"})) == 1


def test_teachers_are_told_what_to_do_about_the_gravest() -> None:
    off = {
        "detectors": {"face": "model file missing: face_full_range", "landmarks": "model file missing", "picture": None}
    }
    assert list(remedies_of(off)) == ["Faces are not looked for."]
    assert "models fetch" in remedies_of(off)["Faces are not looked for."]
    assert remedies_of({"off": "switched off"}) == {}


def test_phones_go_with_their_students(tmp_path: Path) -> None:
    stage = Stage(tmp_path, RoomSettings(phones_allowed=("arm", "head")))
    seat = stage.student(sid="s1")
    stage.phone(seat, "arm")
    stage.pairing.invite(seat, "head")
    stage.conductor.set_state("r1", "ended", "Ana")
    with stage.database.session() as session:
        purge_rooms(session, START + timedelta(days=10**4))
        assert (session.query(PhoneRow).count(), session.query(PhoneInvitation).count()) == (0, 0)
    stage.database.close()

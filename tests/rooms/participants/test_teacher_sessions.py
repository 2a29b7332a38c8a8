import pytest

from core.errors import NotAllowed
from rooms.live.directory import TeacherLink
from rooms.live.picture_relay import Tile
from rooms.protocol.outgoing import SlowLook
from store.rooms import RoomTeacher
from store.users import User
from tests.rooms.stage import START, Stage


def test_who_is_on_screen_is_asked_for_more(stage: Stage) -> None:
    participant = stage.admitted()
    link = stage.teacher()
    stage.teacher_sessions.watch(link, [participant.id, "stranger"], None)
    assert link.watched == {participant.id}
    assert stage.told("s1", "capture", "/student")[-1] == {
        "fps": 5.0,
        "width": 320,
        "quality": 0.6,
        "thumbnails": 0.0,
    }
    stage.teacher_sessions.watch(link, [participant.id], participant.id)
    assert stage.told("s1", "capture", "/student")[-1]["fps"] == 10.0


def test_a_student_is_told_only_what_changed(stage: Stage) -> None:
    participant = stage.admitted()
    link = stage.teacher()
    for _ in range(3):
        stage.teacher_sessions.watch(link, [participant.id], None)
    assert [told["fps"] for told in stage.told("s1", "capture", "/student")].count(5.0) == 1


def test_when_the_teacher_leaves_students_send_less(stage: Stage) -> None:
    participant = stage.admitted()
    stage.teacher_sessions.watch(stage.teacher(), [participant.id], None)
    stage.teacher_sessions.leave("t1")
    assert stage.told("s1", "capture", "/student")[-1]["fps"] == 0.0


def test_pictures_go_to_those_who_watch_and_to_nobody_else(stage: Stage) -> None:
    zoe, ali = stage.admitted("Zoé", "s1"), stage.admitted("Ali", "s2")
    stage.teacher_sessions.watch(stage.teacher("t1"), [zoe.id], None)
    stage.teacher("t2")
    stage.relay.offer(Tile(zoe.id, 1, 0.0, b"z"))
    stage.relay.offer(Tile(ali.id, 1, 0.0, b"a"))
    waiting = {sid: [who for who, _channel in lane._slots] for sid, lane in stage.relay._lanes.items()}
    assert waiting == {"t1": [zoe.id], "t2": []}


@pytest.mark.parametrize("change", ["inactive", "password", "not_a_teacher"])
def test_a_ticket_does_not_outlive_the_right(stage: Stage, change: str) -> None:
    with stage.database.session() as session:
        person = session.get(User, 1)
        assert person is not None
        if change == "inactive":
            person.active = False
        elif change == "password":
            person.session_version += 1
        else:
            session.delete(session.get(RoomTeacher, ("r1", 1)))
    with pytest.raises(NotAllowed) as refused:
        stage.teacher()
    assert refused.value.code == "not_allowed"


def test_an_overload_slows_students_and_is_told_once(stage: Stage) -> None:
    participant = stage.admitted()
    stage.teacher_sessions.watch(stage.teacher(), [participant.id], None)
    for _ in range(3):
        stage.teacher_sessions.set_overloaded(True, 0.5)
    (told,) = stage.told("t1", "capacity")
    assert (told["overloaded"], told["numbers"]) == (True, {"looks": 0.5})
    assert stage.told("s1", "capture", "/student")[-1]["fps"] == 2.5
    stage.teacher_sessions.set_overloaded(False, 1.0)
    assert stage.told("s1", "capture", "/student")[-1]["fps"] == 5.0


def test_looks_that_come_too_seldom_are_told_whenever_that_changes_and_to_who_comes_later(stage: Stage) -> None:
    slow: list[SlowLook] = [{"text": "every %(seconds)s s", "numbers": {"seconds": 6.0}}]
    stage.teacher("t1")
    for told in (slow, slow, [], []):
        stage.teacher_sessions.set_overloaded(False, 1.0, slow=told)
    assert [told["slow"] for told in stage.told("t1", "capacity")] == [slow, []]
    assert not any(told["overloaded"] for told in stage.told("t1", "capacity"))
    stage.teacher_sessions.set_overloaded(False, 1.0, slow=slow)
    stage.teacher("t2")
    assert stage.told("t2", "capacity")[-1]["slow"] == slow


def test_a_server_that_does_not_look_yet_says_so_and_not_that_it_is_full(stage: Stage) -> None:
    stage.teacher()
    stage.teacher_sessions.set_overloaded(True, 0.0, able=False)
    assert "Analysis is starting" in stage.told("t1", "capacity")[0]["text"]


def test_who_is_sent_away_loses_every_page_and_nobody_else_does(stage: Stage) -> None:
    add_colleague(stage)
    stage.teacher("t1"), stage.teacher("t2")
    arrive(stage, "t3")
    stage.teacher_sessions.send_away(1)
    assert sorted(stage.sockets.closed) == [("/teacher", "t1"), ("/teacher", "t2")]
    assert list(stage.room.teachers) == ["t3"], "nothing that is under way on a closed connection finds its teacher"


def add_colleague(stage: Stage) -> None:
    with stage.database.session() as session:
        session.add(User(email="b@school.example", name="Ben", password_hash="-", role="teacher", created_at=START))
        session.flush()
        session.add(RoomTeacher(room_id="r1", user_id=2, role="co_teacher", joined_at=START))


def arrive(stage: Stage, sid: str) -> None:
    stage.teacher_sessions.arrive(stage.tickets.read(stage.tickets.issue_teacher("r1", 2, 1), "teacher"), sid)


def test_a_removed_co_teacher_loses_the_live_page_and_the_others_are_told(stage: Stage) -> None:
    add_colleague(stage)
    stage.teacher("t1")
    arrive(stage, "t2")
    with stage.database.session() as session:
        session.delete(session.get(RoomTeacher, ("r1", 2)))
    stage.teacher_sessions.teacher_removed("r1", 2)
    assert stage.sockets.closed == [("/teacher", "t2")]
    assert list(stage.room.teachers) == ["t1"]
    assert [one["name"] for one in stage.told("t1", "teachers")[-1]["teachers"]] == ["Ana"]
    with pytest.raises(NotAllowed):
        arrive(stage, "t3")


def test_a_right_that_ends_while_a_page_comes_in_lets_it_in_no_more(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_colleague(stage)
    connect = stage.directory.connect_teacher

    def meanwhile(link: TeacherLink) -> None:
        with stage.database.session() as session:
            session.query(User).filter_by(id=2).update({"session_version": 2})
        stage.teacher_sessions.send_away(2)
        connect(link)

    monkeypatch.setattr(stage.directory, "connect_teacher", meanwhile)
    with pytest.raises(NotAllowed):
        arrive(stage, "t3")
    assert stage.room.teachers == {}


def test_teachers_learn_what_to_do_and_students_what_is_off(stage: Stage) -> None:
    stage.teacher_sessions.notices = ["Faces are not detected.", "A detector is off."]
    stage.teacher_sessions.remedies = {"Faces are not detected.": "Fetch the models."}
    stage.admitted()
    stage.teacher_sessions.welcome(stage.room, stage.teacher("t7"))
    assert stage.told("s1", "welcome", "/student")[0]["notices"] == stage.teacher_sessions.notices
    told = stage.told("t7", "welcome")[-1]["notices"]
    assert told == [{"text": "Faces are not detected.", "remedy": "Fetch the models."}, "A detector is off."]

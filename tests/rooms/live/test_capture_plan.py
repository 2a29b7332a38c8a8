from datetime import UTC, datetime

import pytest

from core.clock import FakeClock
from rooms.live.capture_plan import (
    CLOSE_UP,
    MOST_CLOSE,
    PHONE_CHECKING,
    PHONE_FOCUS,
    PHONE_UNSEEN,
    SILENT,
    UNSEEN,
    plan_capture,
    plan_participant,
    plan_phone,
)
from rooms.live.components import AdmissionStatus, Presence
from rooms.live.directory import LiveRoom, TeacherLink
from rooms.live.participant import Phone, Student
from rooms.protocol.limits import Budget
from rooms.setup.room_settings import RoomSettings


def make_room(
    state: str = "running",
    watched: int = 0,
    focus: bool = False,
    participant_state: str = "admitted",
    settings: RoomSettings | None = None,
) -> LiveRoom:
    room = LiveRoom("r1", "004217", "Algebra", state, settings or RoomSettings())
    room.students["p0"] = Student(
        id="p0",
        room="r1",
        name="Zoé",
        joined_at=datetime.now(UTC),
        admission=AdmissionStatus(participant_state),
        presence=Presence("s0"),
    )
    shown = frozenset(f"p{number}" for number in range(watched))
    link = TeacherLink("t1", 1, "Ana", "r1", Budget(FakeClock().now()), shown, "p0" if focus else None)
    room.teachers["t1"] = link
    return room


@pytest.mark.parametrize(
    ("watched", "focus", "fps", "width"),
    [(1, False, 5, 320), (25, False, 3, 320), (49, False, 1, 480), (49, True, 10, 640)],
)
def test_who_is_watched_decides(watched: int, focus: bool, fps: float, width: int) -> None:
    room = make_room(watched=watched, focus=focus)
    assert plan_capture(room, room.students["p0"], False)[:2] == (fps, width)


@pytest.mark.parametrize(
    ("grid", "watched", "fps"),
    [(10, 4, 10), (10, 9, 10), (10, 16, 6), (10, 25, 4), (3, 9, 3), (3, 25, 1.8), (1, 9, 1), (1, 25, 1)],
)
def test_a_room_chooses_the_rate_within_what_a_browser_decodes(grid: int, watched: int, fps: float) -> None:
    room = make_room(watched=watched, settings=RoomSettings(grid_fps=grid))
    assert plan_capture(room, room.students["p0"], False).fps == fps
    assert fps * watched <= 100


def test_a_room_chooses_the_rate_of_the_large_view() -> None:
    room = make_room(watched=9, focus=True, settings=RoomSettings(focus_fps=2))
    assert plan_capture(room, room.students["p0"], False).fps == 2
    assert plan_capture(room, room.students["p0"], True).fps == 1, "an overloaded server asks for half of it"


@pytest.mark.parametrize(
    ("watched", "thumbnails"), [(1, 0.0), (25, 0.0), (26, 0.5), (60, 0.5), (61, 0.33), (200, 0.33)]
)
def test_a_page_of_many_is_sent_thumbnails_and_the_analysis_its_own_pictures(watched: int, thumbnails: float) -> None:
    plan = plan_capture(make_room(watched=watched), make_room().students["p0"], False)
    assert plan.thumbnails == thumbnails
    if thumbnails:
        assert plan._replace(thumbnails=0.0) == UNSEEN
        open_room = make_room("open", watched=watched)
        assert plan_capture(open_room, open_room.students["p0"], False) == SILENT._replace(thumbnails=thumbnails)


@pytest.mark.parametrize(("close", "fps"), [(1, 5.0), (4, 5.0), (7, 2.9), (8, 2.5)])
def test_the_few_that_are_shown_larger_share_what_the_page_can_take(close: int, fps: float) -> None:
    room = make_room(watched=200)
    room.teachers["t1"].close = frozenset(f"p{number}" for number in range(close))
    plan = plan_capture(room, room.students["p0"], False)
    assert (plan.fps, plan.width, plan.thumbnails) == (fps, 320, 0.0)
    assert plan.fps * close <= MOST_CLOSE + 0.5


def test_an_overloaded_server_asks_for_thumbnails_half_as_often() -> None:
    room = make_room(watched=40)
    assert plan_capture(room, room.students["p0"], True).thumbnails == 0.25


def test_unseen_students_send_for_analysis_alone_and_only_while_the_room_runs() -> None:
    assert plan_capture(make_room(), make_room().students["p0"], False) == UNSEEN
    assert plan_capture(make_room("open"), make_room().students["p0"], False) == SILENT


def test_the_one_who_left_sends_nothing_even_if_watched() -> None:
    room = make_room(watched=1, participant_state="removed")
    assert plan_capture(room, room.students["p0"], False) == SILENT


def test_an_overloaded_server_asks_for_less_but_never_for_nothing() -> None:
    room = make_room(watched=1)
    assert plan_capture(room, room.students["p0"], True).fps == 2.5
    assert plan_capture(make_room(), make_room().students["p0"], True).fps == 1.0


@pytest.mark.parametrize(
    ("room", "plan"),
    [
        (make_room(), PHONE_UNSEEN),
        (make_room(watched=1), PHONE_UNSEEN),
        (make_room(focus=True), PHONE_FOCUS),
        (make_room("open", participant_state="checking"), PHONE_CHECKING),
        (make_room("open"), SILENT),
        (make_room("paused"), SILENT),
        (make_room(participant_state="waiting"), SILENT),
        (make_room(focus=True, participant_state="left"), SILENT),
    ],
)
def test_a_phone_sends_what_the_large_view_and_the_analysis_need(room: LiveRoom, plan: object) -> None:
    participant = room.students["p0"]
    head, arm = (Phone(id=role, room="r1", role=role, owner=participant) for role in ("head", "arm"))
    assert plan_phone(room, head, False) == plan_participant(room, head, False) == plan
    assert plan_phone(room, arm, False) == SILENT, "an arm has nothing to show"


def test_an_overloaded_server_asks_phones_for_less() -> None:
    for room, fps in ((make_room(focus=True), 2.5), (make_room(), 0.5)):
        phone = Phone(id="h", room="r1", role="head", owner=room.students["p0"])
        assert plan_phone(room, phone, True).fps == fps


def test_more_is_asked_for_while_evidence_is_taken_and_never_less_than_somebody_watches() -> None:
    room = make_room()
    room.students["p0"].close_up = True
    assert plan_capture(room, room.students["p0"], False) == CLOSE_UP
    assert plan_capture(room, room.students["p0"], True).fps == CLOSE_UP.fps / 2, "the machine's limit goes first"
    watched = make_room(watched=4, focus=True)
    watched.students["p0"].close_up = True
    assert plan_capture(watched, watched.students["p0"], False)[:2] == (10, 640)
    for state, participant_state in (("paused", "admitted"), ("running", "left")):
        other = make_room(state, participant_state=participant_state)
        other.students["p0"].close_up = True
        assert plan_capture(other, other.students["p0"], False) == SILENT


def test_the_phones_of_a_student_send_no_more_for_evidence() -> None:
    room = make_room()
    room.students["p0"].close_up = True
    head = Phone(id="h", room="r1", role="head", owner=room.students["p0"])
    assert plan_phone(room, head, False) == PHONE_UNSEEN

"""The life of a room in the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.invitations import CO_TEACH, REGISTER, make_invitation
from core.errors import NotAllowed, UserError
from rooms.setup.exam_paper import Exam
from rooms.setup.room_records import (
    accept_invitation,
    change_state,
    create_room,
    delete_room,
    exam_view,
    random_code,
    teachers_room,
    update_room,
)
from rooms.setup.room_settings import RoomSettings
from store.messages import Message
from store.migrate import upgrade
from store.rooms import Room, teachers_of, teaches
from store.session import Database
from store.users import Invitation
from tests.store.makers import MOMENT, make_user

LATER = MOMENT + timedelta(hours=1)
OWNER, COLLEAGUE = 1, 2


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Session]:
    """A session in which two teachers have accounts."""
    address = f"sqlite:///{tmp_path / 'rooms.db'}"
    upgrade(address)
    database = Database(address)
    with database.session() as session:
        session.add_all([make_user(id=OWNER), make_user("ben@school.example", id=COLLEAGUE)])
        session.flush()
        yield session
    database.close()


def make(db: Session, title: str = "Algebra", code: str = "004217", exam: Exam | None = None) -> Room:
    return create_room(db, OWNER, title, RoomSettings(), exam or Exam(), MOMENT, lambda: code)


def test_a_new_room_is_open_and_its_maker_teaches_in_it(db: Session) -> None:
    room = make(db)
    assert (room.state, room.code, room.created_at, room.started_at) == ("open", "004217", MOMENT, None)
    assert teaches(db, OWNER, room.id)


def test_a_code_that_is_taken_is_drawn_again(db: Session) -> None:
    make(db, code="000001")
    draws = iter(["000001", "000001", "000002"])
    room = create_room(db, OWNER, "Next", RoomSettings(), Exam(), MOMENT, lambda: next(draws))
    assert room.code == "000002"


def test_when_no_code_is_free_it_is_said(db: Session) -> None:
    make(db, code="000001")
    with pytest.raises(UserError, match="no_code"):
        make(db, code="000001")


def test_the_code_of_an_ended_room_is_free(db: Session) -> None:
    room = make(db)
    change_state(db, room.id, "ended", LATER)
    assert make(db).code == room.code


def test_codes_are_six_digits_and_begin_with_any() -> None:
    codes = [random_code() for _ in range(2000)]
    assert all(len(code) == 6 and code.isascii() and code.isdigit() for code in codes)
    assert {code[0] for code in codes} == set("0123456789")
    assert len(set(codes)) > 1900


@pytest.mark.parametrize(
    ("title", "code"), [("", "title_empty"), ("  …", "title_empty"), ("x" * 121, "title_too_long")]
)
def test_a_title_needs_words_and_an_end(db: Session, title: str, code: str) -> None:
    with pytest.raises(UserError, match=code):
        make(db, title)


def test_an_exam_begins_once_and_ends_once(db: Session) -> None:
    room = make(db)
    for state, at in (("running", MOMENT), ("paused", MOMENT), ("running", LATER), ("ended", LATER)):
        change_state(db, room.id, state, at)
    assert (room.started_at, room.ended_at) == (MOMENT, LATER)
    with pytest.raises(UserError, match="room_ended"):
        change_state(db, room.id, "running", LATER)


@pytest.mark.parametrize("state", ["paused", "open", "on fire"])
def test_a_move_that_does_not_exist_is_refused(db: Session, state: str) -> None:
    with pytest.raises(UserError, match="bad_move"):
        change_state(db, make(db).id, state, LATER)


def test_a_room_that_is_not_there_is_said_to_be(db: Session) -> None:
    with pytest.raises(UserError, match="unknown_room"):
        change_state(db, "nothing", "running", LATER)


def test_settings_and_paper_can_change_until_the_end(db: Session) -> None:
    room = make(db, exam=Exam("pdf", "a.pdf", b"%PDF-"))
    update_room(db, room.id, " New  title ", RoomSettings(max_students=7), None)
    assert (room.title, room.settings["max_students"], room.exam_file) == ("New title", 7, b"%PDF-")
    update_room(db, room.id, "New title", RoomSettings(), Exam.of_text("# Hi"))
    assert (room.exam_kind, room.exam_file) == ("text", None)
    change_state(db, room.id, "ended", LATER)
    with pytest.raises(UserError, match="room_ended"):
        update_room(db, room.id, "Too late", RoomSettings(), None)


def test_students_get_the_paper_in_the_form_they_can_see(db: Session) -> None:
    room = make(db)
    assert exam_view(room) is None
    update_room(db, room.id, "T", RoomSettings(), Exam.of_text("**bold** <script>x</script>"))
    assert exam_view(room) == {
        "kind": "text",
        "html": "<p><strong>bold</strong> &lt;script&gt;x&lt;/script&gt;</p>\n",
    }
    update_room(db, room.id, "T", RoomSettings(), Exam.of_link("https://quiz.example/1"))
    assert exam_view(room) == {"kind": "link", "address": "https://quiz.example/1"}
    update_room(db, room.id, "T", RoomSettings(), Exam("pdf", "a.pdf", b"%PDF-"))
    assert exam_view(room) == {"kind": "pdf", "address": f"/rooms/{room.id}/exam.pdf"}


def test_a_text_of_an_earlier_version_is_laid_out_when_it_is_needed(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = make(db, exam=Exam("text", "**a** <b>"))
    assert exam_view(room) == {"kind": "text", "html": "<p><strong>a</strong> &lt;b&gt;</p>\n"}

    def too_heavy(_text: str) -> str:
        raise UserError("paper_too_heavy", "Too much.")

    monkeypatch.setattr("rooms.setup.room_records.html_of", too_heavy)
    assert exam_view(room) == {"kind": "text", "html": "<pre>**a** &lt;b&gt;</pre>"}


def test_a_foreign_room_looks_like_no_room(db: Session) -> None:
    room = make(db)
    assert teachers_room(db, room.id, OWNER) is room
    for person, wanted in ((COLLEAGUE, room.id), (OWNER, "nothing")):
        with pytest.raises(NotAllowed, match="There is no such room"):
            teachers_room(db, wanted, person)


def test_a_colleague_joins_by_a_link_once(db: Session) -> None:
    room = make(db)
    token = make_invitation(db, CO_TEACH, room.id, OWNER, MOMENT)
    assert accept_invitation(db, token, COLLEAGUE, LATER).id == room.id
    assert [person.id for person in teachers_of(db, room.id)] == [OWNER, COLLEAGUE]
    with pytest.raises(UserError, match="invitation_invalid"):
        accept_invitation(db, token, COLLEAGUE, LATER)


def test_a_link_of_another_kind_or_of_last_month_opens_no_room(db: Session) -> None:
    room = make(db)
    old = make_invitation(db, CO_TEACH, room.id, OWNER, MOMENT - timedelta(days=30))
    other = make_invitation(db, REGISTER, None, OWNER, MOMENT)
    for token in (old, other, "guess"):
        with pytest.raises(UserError, match="invitation_invalid"):
            accept_invitation(db, token, COLLEAGUE, LATER)


def test_an_invitation_to_a_room_that_ended_is_too_late(db: Session) -> None:
    room = make(db)
    token = make_invitation(db, CO_TEACH, room.id, OWNER, MOMENT)
    change_state(db, room.id, "ended", LATER)
    with pytest.raises(UserError, match="room_ended"):
        accept_invitation(db, token, COLLEAGUE, LATER)


def test_a_teacher_of_the_room_does_not_use_the_link_up(db: Session) -> None:
    room = make(db)
    token = make_invitation(db, CO_TEACH, room.id, OWNER, MOMENT)
    with pytest.raises(UserError, match="already_teacher"), db.begin_nested():
        accept_invitation(db, token, OWNER, LATER)
    assert accept_invitation(db, token, COLLEAGUE, LATER) is room


def test_an_ended_room_can_be_deleted_by_its_maker_with_all_its_rows(db: Session) -> None:
    room = make(db)
    make_invitation(db, CO_TEACH, room.id, OWNER, MOMENT)
    db.add(Message(room_id=room.id, client_id="c", sender_kind="teacher", sender_id="1", sender_name="A",
                   to_kind="all", text="hi", sent_at=MOMENT))  # fmt: skip
    with pytest.raises(UserError, match="room_not_ended"):
        delete_room(db, room.id, OWNER)
    change_state(db, room.id, "ended", LATER)
    with pytest.raises(NotAllowed):
        delete_room(db, room.id, COLLEAGUE)
    delete_room(db, room.id, OWNER)
    assert [db.scalars(select(table)).all() for table in (Room, Message, Invitation)] == [[], [], []]

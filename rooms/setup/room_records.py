"""The life of a room in the database: made, changed, started, ended, deleted; who teaches in it."""

import html
import secrets
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.invitations import CO_TEACH, use_invitation, void_invitations
from core.errors import NotAllowed, UserError
from rooms.protocol.text_cleaning import clean_line, has_word
from rooms.setup.exam_paper import Exam
from rooms.setup.paper_process import html_of
from rooms.setup.participant_records import count_participants
from rooms.setup.quotas import check_papers, check_rooms
from rooms.setup.room_settings import RoomSettings
from rooms.setup.states import RoomState, move_room
from store.rooms import Room, RoomTeacher, room_by_code, teaches

MAX_TITLE = 120  # characters
TRIES = 50
"""With a thousand open rooms all of these collide once in 10^150 times."""
OWNER = "owner"
CO_TEACHER = "co"


def random_code() -> str:
    """Return six digits that nobody can foresee; leading zeros are as good as any."""
    return f"{secrets.randbelow(1_000_000):06d}"


def create_room(
    session: Session,
    owner_id: int,
    title: str,
    settings: RoomSettings,
    exam: Exam,
    now: datetime,
    pick_code: Callable[[], str] = random_code,
) -> Room:
    """Open a room under a code that no other open room has.

    Raises:
        UserError: for its title, `too_many_rooms`, `papers_full`, or `no_code` when none is free.
    """
    check_rooms(session, owner_id)
    room = Room(id=uuid.uuid4().hex, title=check_title(title), owner_id=owner_id, created_at=now)
    room.state, room.settings = str(RoomState.OPEN), settings.to_json()
    room.started_at = room.ended_at = None
    _put_exam(session, room, exam)
    _take_code(session, room, pick_code)
    session.add(RoomTeacher(room_id=room.id, user_id=owner_id, role=OWNER, joined_at=now))
    session.flush()
    return room


def duplicate_room(
    session: Session, room_id: str, user_id: int, title: str, now: datetime, pick_code: Callable[[], str] = random_code
) -> Room:
    """Open a room with the settings and the paper of another: nobody is in it, and it has a code of its own.

    Its title ends where a title must. Co-teachers, students, photos and muted alerts stay with the other room.

    Raises:
        NotAllowed: for a room in which the person does not teach.
        UserError: as `create_room`.
    """
    room = teachers_room(session, room_id, user_id)
    exam = Exam(room.exam_kind, room.exam_text, room.exam_file, room.exam_html)
    settings = RoomSettings.from_json(room.settings)
    return create_room(session, user_id, title[:MAX_TITLE], settings, exam, now, pick_code)


def update_room(session: Session, room_id: str, title: str, settings: RoomSettings, exam: Exam | None) -> Room:
    """Change a room that has not ended; `exam` None keeps its paper.

    Raises:
        UserError: `unknown_room`, `room_ended`, `papers_full`, or `agreed_to_less` for more than the students in it
            were told of.
    """
    room = _room(session, room_id)
    if room.state == RoomState.ENDED:
        raise UserError("room_ended", "This room has ended.")
    if settings.agreed - RoomSettings.from_json(room.settings).agreed and count_participants(session, room_id):
        raise UserError(
            "agreed_to_less",
            "Students in this room did not agree to this: sound, its use and the place can no longer be switched on. "
            "Please open another room for that.",
        )
    room.title, room.settings = check_title(title), settings.to_json()
    if exam is not None:
        _put_exam(session, room, exam)
    session.flush()
    return room


def change_state(session: Session, room_id: str, new_state: str, now: datetime) -> Room:
    """Start, pause, continue or end a room; UserError `unknown_room`, `room_ended` or `bad_move`."""
    room = _room(session, room_id)
    room.state = str(move_room(room.state, new_state))
    if room.state == RoomState.RUNNING and room.started_at is None:
        room.started_at = now
    if room.state == RoomState.ENDED:
        room.ended_at = now
    session.flush()
    return room


def delete_room(session: Session, room_id: str, user_id: int) -> Room:
    """Delete an ended room with all its rows; its owner alone may. Pictures on disk are the caller's to remove."""
    room = owners_room(session, room_id, user_id)
    if room.state != RoomState.ENDED:
        raise UserError("room_not_ended", "Please end the room first; then it can be deleted.")
    session.delete(room)
    session.flush()
    return room


def teachers_room(session: Session, room_id: str, user_id: int) -> Room:
    """Return a room to one of its teachers; NotAllowed `not_allowed` alike for a foreign room and for none."""
    room = session.get(Room, room_id)
    if room is None or not teaches(session, user_id, room_id):
        raise NotAllowed("not_allowed", "There is no such room among yours.")
    return room


def owners_room(session: Session, room_id: str, user_id: int) -> Room:
    """Return a room to the teacher who made it; NotAllowed `not_allowed` for everybody else."""
    room = _room(session, room_id)
    if room.owner_id != user_id:
        raise NotAllowed("not_allowed", "Only the teacher who made this room may do this.")
    return room


def accept_invitation(session: Session, token: str, user_id: int, now: datetime) -> Room:
    """Make a person co-teacher by a link; teachers of the room do not use it up. UserError `invitation_invalid`."""
    invitation = use_invitation(session, token, CO_TEACH, user_id, now)
    room = _room(session, str(invitation.room_id))
    if room.state == RoomState.ENDED:
        raise UserError("room_ended", "This room has ended.")
    if teaches(session, user_id, room.id):
        raise UserError("already_teacher", "You already teach in this room.")
    session.add(RoomTeacher(room_id=room.id, user_id=user_id, role=CO_TEACHER, joined_at=now))
    session.flush()
    return room


def remove_teacher(session: Session, room_id: str, user_id: int, by: int) -> Room:
    """Take a co-teacher out of a room: its owner may, and each co-teacher may go; links that are left end with it.

    Raises:
        NotAllowed: `not_allowed` for a foreign room, or for a colleague who is not the caller's to remove.
        UserError: `unknown_participant` for who does not teach here, `owner_stays` for the room's owner.
    """
    room = teachers_room(session, room_id, by)
    if by not in (room.owner_id, user_id):
        raise NotAllowed("not_allowed", "Only the teacher who made this room may do this.")
    place = session.get(RoomTeacher, (room_id, user_id))
    if place is None:
        raise UserError("unknown_participant", "This person is not in the room.")
    if user_id == room.owner_id:
        raise UserError("owner_stays", "The teacher who made this room cannot leave it.")
    session.delete(place)
    void_invitations(session, room_id, user_id)
    session.flush()
    return room


def exam_view(room: Room) -> dict[str, Any] | None:
    """Return the paper as docs/protocol.md tells it to a student, or None for a room without."""
    match room.exam_kind:
        case "text":
            return {"kind": "text", "html": room.exam_html if room.exam_html is not None else _older_text(room)}
        case "link":
            return {"kind": "link", "address": room.exam_text}
        case "pdf":
            return {"kind": "pdf", "address": f"/rooms/{room.id}/exam.pdf"}
        case _:
            return None


def _older_text(room: Room) -> str:
    """Return a text that an earlier version kept without its HTML; as it was typed where that takes too long."""
    try:
        return html_of(room.exam_text)
    except UserError:
        return f"<pre>{html.escape(room.exam_text)}</pre>"


def check_title(raw: str) -> str:
    """Return a cleaned title; UserError `title_empty` or `title_too_long`."""
    title = clean_line(raw)
    if not has_word(title):
        raise UserError("title_empty", "Please give the room a title.")
    if len(title) > MAX_TITLE:
        raise UserError("title_too_long", "A title may have at most %(most)d characters.", most=MAX_TITLE)
    return title


def _take_code(session: Session, room: Room, pick_code: Callable[[], str]) -> None:
    for _ in range(TRIES):
        room.code = pick_code()
        if room_by_code(session, room.code) is not None:
            continue
        try:
            with session.begin_nested():
                session.add(room)
        except IntegrityError:
            continue  # another room took the code between our look and our insert
        return
    raise UserError("no_code", "No free room code was found. Please end rooms that are no longer needed.")


def _put_exam(session: Session, room: Room, exam: Exam) -> None:
    check_papers(session, room, exam.file)
    room.exam_kind, room.exam_text, room.exam_file, room.exam_html = exam.kind, exam.text, exam.file, exam.html


def _room(session: Session, room_id: str) -> Room:
    room = session.get(Room, room_id)
    if room is None:
        raise UserError("unknown_room", "There is no such room.")
    return room

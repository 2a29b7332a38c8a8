"""Actions and what became of them, as rows."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.errors import UserError
from rooms.actions.orders import Wish
from rooms.live.directory import LiveRoom, TeacherLink
from rooms.live.participant import Student
from store.desk import ActionRow, ActionStep, action_steps_of

OVER = frozenset({"undone", "confirmed", "refused"})
"""After one of these nothing more is decided about an action."""


def after_all(now: datetime, earlier: Iterable[ActionRow]) -> datetime:
    """Return a moment after all earlier actions, as their order is what counts: now, unless the clock stood still."""
    return max([now, *(row.at + timedelta(microseconds=1) for row in earlier)])


def action_row(room: LiveRoom, link: TeacherLink, student: Student, wish: Wish, at: datetime) -> ActionRow:
    """Return the row of a new action."""
    return ActionRow(
        id=uuid.uuid4().hex,
        room_id=room.id,
        participant_id=student.id,
        verb=wish.verb,
        reason=wish.reason,
        note=wish.note,
        minutes=wish.minutes,
        person_id=link.person,
        person_name=link.name,
        client_id=wish.client_id,
        at=at,
    )


def step_row(
    row: ActionRow, step: str, at: datetime, person: tuple[int, str] | None = None, other: int | None = None
) -> ActionStep:
    """Return the row of what became of an action; by the student where there is no person (id and name)."""
    who, name = person or (None, "")
    return ActionStep(
        id=uuid.uuid4().hex, action_id=row.id, step=step, person_id=who, person_name=name, other_id=other, at=at
    )


def open_action(session: Session, room: LiveRoom, action: str) -> tuple[ActionRow, bool]:
    """Return an action of a room, locked, and whether it was undone or decided already; UserError `unknown_action`."""
    row = session.get(ActionRow, action, with_for_update=True)
    if row is None or row.room_id != room.id:
        raise UserError("unknown_action", "This action is not in the room.")
    return row, any(one.step in OVER for one in action_steps_of(session, [action]))

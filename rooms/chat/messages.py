"""Chat: kept first, then sent; once for each id a sender gives, however often the network asks."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import UserError
from store.messages import Message, find_sent
from store.rooms import ParticipantRow, Room
from store.session import Database

TO_STUDENT = "student"
TO_TEACHERS = "teachers"
TO_ALL = "all"


def keep_message(database: Database, message: Message) -> tuple[Message, bool]:
    """Keep a message and say whether it is new; the one kept before is given for a repeated client id.

    Raises:
        UserError: `unknown_participant` when it is to nobody in the room, `room_ended` when that is deleted.
    """
    try:
        with database.session() as session:
            return _keep(session, message)
    except IntegrityError:
        # Two connections sent the same id at the same moment: the other one won.
        with database.read() as session:
            known = _known(session, message)
            is_deleted = session.get(Room, message.room_id) is None
        if is_deleted:
            raise UserError("room_ended", "This room has ended.") from None
        if known is None:
            raise
        return known, False


def make_message(
    room_id: str, client_id: str, sender: tuple[str, str, str], to: tuple[str, str | None], text: str, now: datetime
) -> Message:
    """Make a message row from its sender (kind, id, name) and addressee (kind, id of a student)."""
    kind, who, name = sender
    to_kind, to_id = to
    return Message(
        room_id=room_id,
        client_id=client_id,
        sender_kind=kind,
        sender_id=who,
        sender_name=name,
        to_kind=to_kind,
        to_id=to_id if to_kind == TO_STUDENT else None,
        text=text,
        sent_at=now,
    )


def _keep(session: Session, message: Message) -> tuple[Message, bool]:
    known = _known(session, message)
    if known is not None:
        return known, False
    if message.to_kind == TO_STUDENT:
        _check_addressee(session, message)
    session.add(message)
    session.flush()
    return message, True


def _known(session: Session, message: Message) -> Message | None:
    return find_sent(session, message.room_id, message.sender_kind, message.sender_id, message.client_id)


def _check_addressee(session: Session, message: Message) -> None:
    addressee = session.get(ParticipantRow, message.to_id or "")
    if addressee is None or addressee.room_id != message.room_id:
        raise UserError("unknown_participant", "This person is not in the room.")

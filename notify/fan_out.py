"""From a notice to whom it concerns: people, each by their wishes, and webhooks."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from core.delivery.notices import Notice
from notify.decision import first_moment
from notify.kinds import LONGEST_PAUSE_S, NOTICES, PERSON, TEACHERS
from notify.message import Item, identity, link_of, sentence
from notify.wishes import told_of, wishes_of
from store.delivery.notices import NoticeRow, administrators, rules_of_person, sent_notices, webhooks
from store.delivery.outbox import enqueue
from store.rooms import Room, teachers_of
from store.users import User

TELL_JOB, DELIVER_JOB = "tell", "deliver"


def fan_out(session: Session, notice: Notice, site: str, now: datetime) -> None:
    """Write down for each person whom a notice concerns when they are told, and send it to webhooks."""
    room = session.get(Room, notice.room) if notice.room else None
    if notice.kind not in NOTICES or (notice.room and room is None):
        return  # the room was deleted meanwhile
    for person in _concerned(session, notice):
        _hold(session, notice, person, now)
    if now.timestamp() - notice.at > NOTICES[notice.kind].lifetime_s:
        return  # nothing did jobs for long
    item = Item(notice.kind, notice.at, notice.room, room.title if room else "", notice.facts)
    for hook in webhooks(session, ("on",)):
        if notice.kind in hook.events:
            told = _told(item, room, site)
            payload = {"way": "webhook", "target": {"webhook": hook.id}, "message": told}
            enqueue(session, DELIVER_JOB, payload, now)


def _concerned(session: Session, notice: Notice) -> list[User]:
    kind = NOTICES[notice.kind]
    if kind.audience == TEACHERS:
        people = teachers_of(session, notice.room or "")
    elif kind.audience == PERSON:
        person = session.get(User, notice.person) if notice.person is not None else None
        people = [person] if person else []
    else:
        people = administrators(session)
    return [person for person in people if person.active]


def _hold(session: Session, notice: Notice, person: User, now: datetime) -> None:
    happened = datetime.fromtimestamp(notice.at, UTC)
    wishes = wishes_of(rules_of_person(session, person.id))
    told = told_of(sent_notices(session, person.id, now - timedelta(seconds=LONGEST_PAUSE_S)))
    due = first_moment(NOTICES[notice.kind], notice.room, happened, wishes, told, now)
    if due is None:
        return
    row = NoticeRow(user_id=person.id, kind=notice.kind, room_id=notice.room, at=happened, due_at=due)
    row.facts = dict(notice.facts)
    session.add(row)
    enqueue(session, TELL_JOB, {"person": person.id}, now, due)


def _told(item: Item, room: Room | None, site: str) -> dict[str, Any]:
    """Return what a webhook is sent: docs/notifications.md says it in words."""
    return {
        "id": f"msg_{identity(asdict(item))}",
        "type": item.kind,
        "timestamp": datetime.fromtimestamp(item.at, UTC).isoformat(),
        "data": {
            "room": {"id": room.id, "code": room.code, "title": room.title} if room else None,
            "text": sentence(item),
            "link": link_of(item, site),
            "facts": dict(item.facts),
        },
    }

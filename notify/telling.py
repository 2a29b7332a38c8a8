"""Tells one person what is due: as one message, however much it is, by each way that was wished."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from notify.decision import Wishes, next_moment
from notify.fan_out import DELIVER_JOB, TELL_JOB
from notify.kinds import LONGEST_PAUSE_S, NOTICES
from notify.message import Item, message_of
from notify.ways import WAYS
from notify.wishes import told_of, wishes_of
from store.delivery.notices import SENT, NoticeRow, NotificationRules, held_notices, rules_of_person, sent_notices
from store.delivery.outbox import enqueue
from store.rooms import Room
from store.users import User


def tell(session: Session, person_id: int, site: str, now: datetime) -> None:
    """Send a person what may be told now; put off what may not yet, and drop what came too late."""
    person, rules = session.get(User, person_id), rules_of_person(session, person_id)
    held = held_notices(session, person_id, now)
    if person is None or rules is None or not person.active:
        for row in held:
            session.delete(row)
        return
    ready = _ready(session, held, wishes_of(rules), now)
    for way in WAYS.values():
        wished = [row for row in ready if way.name in rules.ways.get(row.kind, ())]
        if wished:
            _deliver(session, way.name, wished, person, rules, site, now)
    for row in ready:
        row.state, row.sent_at = SENT, now


def _ready(session: Session, held: Sequence[NoticeRow], wishes: Wishes, now: datetime) -> list[NoticeRow]:
    """Return the notices that are told now: of several, those that come first do not keep the others waiting."""
    ready = []
    for row in held:
        told = told_of(sent_notices(session, row.user_id, now - timedelta(seconds=LONGEST_PAUSE_S)))
        due = next_moment(NOTICES[row.kind], row.room_id, row.at, wishes, told, now)
        if due is None:
            session.delete(row)
        elif due > now:
            row.due_at = due
            enqueue(session, TELL_JOB, {"person": row.user_id}, now, due)
        else:
            ready.append(row)
    return ready


def _deliver(
    session: Session,
    way: str,
    rows: Sequence[NoticeRow],
    person: User,
    rules: NotificationRules,
    site: str,
    now: datetime,
) -> None:
    rooms = {row.room_id: session.get(Room, row.room_id) for row in rows if row.room_id}
    titles = {key: room.title for key, room in rooms.items() if room}
    items = [
        Item(row.kind, row.at.timestamp(), row.room_id, titles.get(row.room_id or "", ""), row.facts) for row in rows
    ]
    message = message_of(items, rules.locale, site or rules.site).payload()
    for target in WAYS[way].targets(session, person):
        enqueue(session, DELIVER_JOB, {"way": way, "target": target, "message": message}, now)

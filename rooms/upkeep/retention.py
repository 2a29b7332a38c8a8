"""Nothing is kept for longer than the notice to the students says, whether anybody ends the room or not.

For how many days after the end things are kept is `retention_days` in settings.py. A teacher can hold what shows what
happened in a room, as for an appeal: it stays until the hold is released, and messages and faces go as always.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.event_log import EventLog
from evidence.capsule import CapsuleFolder
from rooms.alerts.evidence_files import EvidenceFolder
from rooms.participants.room_lifecycle import RoomLifecycle
from rooms.setup.states import RoomState
from store.alerts import AlertRow
from store.database.scrub import scrub
from store.desk import drop_desk
from store.evidence import drop_evidence, held_rooms
from store.faces import FaceReference, ReferencePhoto
from store.messages import Message
from store.phones import drop_old_invitations
from store.rooms import ParticipantRow, Room
from store.session import Database
from store.summaries import keep_tallies

IDLE = timedelta(days=7)
"""An exam in which nothing happened for so long is over: weekends and a day off are shorter."""
LONGEST = timedelta(days=30)
"""After its start an exam is over, whoever is still connected: a page that was left open somewhere has a camera."""
UNUSED = timedelta(days=30)
"""A room that was tried out and never started is given up after so long without use."""


Folders = Sequence[EvidenceFolder | CapsuleFolder]
"""Where files of rooms lie."""


class Retention:
    """Ends what nobody ended, deletes what is old enough, and looks whether it is really gone; for housekeeping."""

    def __init__(
        self,
        database: Database,
        folders: Folders,
        lifecycle: RoomLifecycle,
        event_log: EventLog,
        days: int,
    ) -> None:
        self._database = database
        self._folders = folders
        self._lifecycle = lifecycle
        self._event_log = event_log
        self._kept = timedelta(days=days)
        self._is_clean = True

    def keep_to_it(self, now: datetime) -> None:
        """Do all that is due; about once an hour."""
        self._end_stale(now)
        with self._database.session() as session:
            purged = purge_rooms(session, now - self._kept, now)
            drop_old_invitations(session, now)
        for room_id in purged:
            self._event_log.note("room-purged", room=room_id)
        self._sweep()
        # Teachers delete rooms and photos too, so there may be something to wipe without a purge.
        self._is_clean = False
        self.wipe()

    def wipe(self) -> None:
        """Wipe what is deleted out of the database's log as soon as nobody reads or writes; about every two seconds."""
        if not self._is_clean:
            self._is_clean = scrub(self._database)

    def _end_stale(self, now: datetime) -> None:
        with self._database.read() as session:
            moments = last_moments(session)
        for room, last in moments:
            if is_over(room, last, now, self._kept, self._lifecycle.is_anybody_in(room.id)):
                self._lifecycle.end_forgotten(room.id, min(last, now))

    def _sweep(self) -> None:
        """Delete evidence that no row leads to any more, also what an earlier deletion left behind."""
        # before the rows: a folder is made after its student's row, never before
        found = {folder: folder.rooms() for folder in self._folders}
        with self._database.read() as session:
            alive = set(session.scalars(select(ParticipantRow.room_id).distinct()))
        for folder, room_id in [(folder, one) for folder, rooms in found.items() for one in sorted(rooms - alive)]:
            if folder.drop_room(room_id):
                self._event_log.note("evidence-swept", room=room_id)
            else:
                self._event_log.warn("evidence-stays", room=room_id, why="its folder cannot be deleted")


def purge_rooms(session: Session, ended_before: datetime, now: datetime) -> list[str]:
    """Delete what is kept of the people of rooms that ended before; return the rooms' ids for their evidence.

    How many alerts there were stays, without names. Of a room that is held only what shows nothing of the exam is
    deleted: photos, faces, messages.
    """
    old = select(Room.id).where(Room.state == RoomState.ENDED, Room.ended_at < ended_before)
    held, people = held_rooms(session), select(ParticipantRow.id).where(ParticipantRow.room_id.in_(old))
    had_people = select(ParticipantRow.room_id).where(ParticipantRow.room_id.in_(old)).distinct()
    purged = [room for room in session.scalars(had_people) if room not in held]
    keep_tallies(session, purged, now)
    # photos are given before anybody is there, so a room of nobody may have some
    session.execute(delete(ReferencePhoto).where(ReferencePhoto.room_id.in_(old)))
    session.execute(delete(FaceReference).where(FaceReference.participant_id.in_(people)))
    session.execute(delete(Message).where(Message.room_id.in_(old)))
    drop_evidence(session, purged)
    drop_desk(session, purged)
    for table in (AlertRow, ParticipantRow):
        session.execute(delete(table).where(table.room_id.in_(purged)))
    return purged


def last_moments(session: Session) -> list[tuple[Room, datetime]]:
    """List the rooms that have not ended and keep something of people, each with when something last happened in it."""
    rooms = list(session.scalars(select(Room).where(Room.state != RoomState.ENDED)))
    happened = [
        _latest(session, table.room_id, moment)
        for table, moment in (
            (ParticipantRow, ParticipantRow.joined_at),
            (ParticipantRow, ParticipantRow.left_at),
            (Message, Message.sent_at),
            (AlertRow, AlertRow.raised_at),
            (ReferencePhoto, ReferencePhoto.given_at),
        )
    ]
    moments = ((room, [by_room[room.id] for by_room in happened if room.id in by_room]) for room in rooms)
    return [
        (room, max(room.created_at, room.started_at or room.created_at, *those)) for room, those in moments if those
    ]


def is_over(room: Room, last: datetime, now: datetime, kept: timedelta, anybody_in: bool) -> bool:
    """Say whether a room that nobody ended is over; `kept` is how long the notice says that things are kept."""
    if room.started_at is None:
        return not anybody_in and now - last > max(UNUSED, kept)
    return now - room.started_at > LONGEST or (not anybody_in and now - last > min(IDLE, kept))


def _latest(session: Session, room_id: Any, moment: Any) -> Mapping[str, datetime]:
    found = session.execute(select(room_id, func.max(moment)).group_by(room_id))
    return {room: latest for room, latest in found if latest is not None}

"""Keeps when each student and phone was connected and seen, so that a report can say what nobody could see."""

import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError

from core.attendance import Attendance
from core.ports import Monitor
from core.types import PictureState
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Phone, Student
from rooms.setup.states import RoomState, is_judged
from rooms.upkeep.housekeeping import is_able
from store.attendance import AttendanceSpan, lengthen
from store.errors import StoreUnavailable

GAP_S = 10.0
"""Looks that are further apart leave a gap: what was in between is not known. They come every two seconds."""
WRITE_EVERY_S = 10.0
"""A server that is killed loses as much of the record."""
PATIENCE_S = 0.25
"""Others wait for housekeeping: a database that is busy is asked again later."""
QUIET_S = 15.0
"""After so long without a picture or a reading none comes; every camera sends more often than that."""
ROOM = "room"


class Key(NamedTuple):
    """Of whom a stretch of time is; `participant` None for the room itself."""

    room: str
    participant: str | None
    channel: str


@dataclass(slots=True)
class Stretch:
    """A time in which a state lasts; in seconds."""

    state: str
    began: float
    until: float
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    is_kept: bool = False


class AttendanceRecord:
    """Watcher that looks at everybody and writes, now and then and all together, what lasted and what changed."""

    def __init__(self, context: RoomContext, monitor: Monitor) -> None:
        self._directory, self._database = context.directory, context.database
        self._clock, self._event_log = context.clock, context.event_log
        self._monitor = monitor
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._going_on: dict[Key, Stretch] = {}
        self._unwritten: dict[str, tuple[Key, Stretch]] = {}
        self._written_at = 0.0
        context.signals.closed.connect(self._close)

    def look_around(self) -> None:
        """See who is there and what is seen of them; about every two seconds."""
        now, able = self._clock.now(), is_able(self._monitor.health())
        states = {key: state for room in self._directory.rooms() for key, state in states_of(room, now, able)}
        with self._lock:
            for key in self._going_on.keys() - states.keys():
                del self._going_on[key]  # it reaches to where it was seen last
            for key, state in states.items():
                self._take(key, state, now)
        if now - self._written_at >= WRITE_EVERY_S:
            self.write()

    def write(self) -> None:
        """Write what changed; what the database does not take now is tried again."""
        self._written_at = self._clock.now()
        with self._writing:  # a page may ask for it while housekeeping does it
            self._write()

    def _write(self) -> None:
        with self._lock:
            due = dict(self._unwritten)
        try:
            self._keep(due)
        except StoreUnavailable:
            return
        except DBAPIError as error:  # a room was deleted meanwhile; what belongs to others is at most some seconds
            self._event_log.warn("attendance-not-kept", stretches=len(due), why=error.orig)
        with self._lock:
            for one in due:
                self._unwritten.pop(one, None)

    def _take(self, key: Key, state: str, now: float) -> None:
        held = self._going_on.get(key)
        is_known = held is not None and now - held.until <= GAP_S
        if held is not None and is_known:
            held.until = now
            self._unwritten[held.id] = key, held
        if held is None or not is_known or held.state != state:
            begun = self._going_on[key] = Stretch(state, now, now)
            self._unwritten[begun.id] = key, begun

    def _keep(self, due: dict[str, tuple[Key, Stretch]]) -> None:
        longer = {one.id: _moment(one.until) for _key, one in due.values() if one.is_kept}
        new = [(key, one) for key, one in due.values() if not one.is_kept]
        if not due:
            return
        with self._database.session(PATIENCE_S) as session:
            session.add_all([_row(key, one) for key, one in new])
            lengthen(session, longer)
        for _key, one in new:
            one.is_kept = True

    def _close(self, room: LiveRoom) -> None:
        """Let everything of a room that ended reach to its end, and write it."""
        now = self._clock.now()
        with self._lock:
            for key in [key for key in self._going_on if key.room == room.id]:
                held = self._going_on.pop(key)
                if now - held.until <= GAP_S:
                    held.until = now
                    self._unwritten[held.id] = key, held
        self.write()


def states_of(room: LiveRoom, now: float, able: bool) -> Iterator[tuple[Key, str]]:
    """Say in which state a room is and everybody who is connected to it; `able`: whether pictures are analysed."""
    if room.state == RoomState.ENDED:
        return
    yield Key(room.id, None, ROOM), str(room.state)
    for student in list(room.students.values()):
        if student.online:
            yield Key(room.id, student.id, student.channel), str(_of_student(room, student, now, able))
        for phone in room.phones_of(student).values():
            if phone.online:
                yield Key(room.id, student.id, phone.channel), str(_of_phone(phone, now))


def _of_student(room: LiveRoom, student: Student, now: float, able: bool) -> Attendance:
    if not is_judged(room.state, student.state):
        return Attendance.PRESENT
    if student.standing.is_held:
        return Attendance.HELD
    if student.hand.break_since is not None:
        return Attendance.BREAK
    if student.browser.camera != "on":
        return Attendance.NO_CAMERA
    if now - student.uplink.pictured_at > QUIET_S:
        return Attendance.NO_PICTURE
    if not able or student.picture.state == "unknown":
        return Attendance.UNWATCHED
    return Attendance.SEEN if student.picture.state == PictureState.OK else Attendance.UNCLEAR


def _of_phone(phone: Phone, now: float) -> Attendance:
    last = max(phone.uplink.heard_at, phone.uplink.pictured_at)
    return Attendance.SENDING if now - last <= QUIET_S else Attendance.SILENT


def _row(key: Key, one: Stretch) -> AttendanceSpan:
    return AttendanceSpan(
        id=one.id,
        room_id=key.room,
        participant_id=key.participant,
        channel=key.channel,
        state=one.state,
        began_at=_moment(one.began),
        until=_moment(one.until),
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)

"""Live listening: where the room allows it, announced to the student while it lasts, in the log, and never recorded."""

import threading
from dataclasses import dataclass, field
from typing import Any

from core.errors import NotAllowed, UserError
from rooms.broadcast import Broadcaster
from rooms.directory import LiveRoom, Phone, RoomDirectory, Seat, TeacherLink
from rooms.grid import WEBCAM
from rooms.journal import Journal
from rooms.protocol import PHONE, STUDENT, TEACHER
from rooms.readings import Sound
from rooms.states import GONE, RoomState

LISTENING = "listening"
"""Why a piece of sound was sent: nothing else is passed on."""
MOST_UNDER_WAY = 4
"""Pieces sent to a page that it has not acknowledged; the newest one waits beyond that, and older ones are dropped."""


@dataclass(slots=True)
class Listener:
    """One teacher's page that listens to one microphone."""

    link: TeacherLink
    room: LiveRoom
    seat: Seat
    channel: str
    under_way: int = 0
    waiting: dict[str, Any] | None = None
    dropped: int = 0


@dataclass(slots=True)
class Announced:
    """Which connections of a student were told what: the page, and phones by their role."""

    told: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)


class Listening:
    """Who listens to whom; each page listens to one microphone at a time."""

    def __init__(self, directory: RoomDirectory, broadcaster: Broadcaster, journal: Journal) -> None:
        self._directory = directory
        self._broadcaster = broadcaster
        self._journal = journal
        self._lock = threading.RLock()
        self._listeners: dict[str, Listener] = {}
        self._announced: dict[str, Announced] = {}

    # ------------------------------------------------------------------------------ for the teacher

    def listen(self, room: LiveRoom, link: TeacherLink, participant: str, channel: str, on: bool) -> None:
        """Begin or stop to listen; beginning ends what the page listened to before.

        Raises:
            NotAllowed: `not_allowed` in a room without live listening. UserError: `unknown_person`, `not_wanted` for a
                channel without a microphone, `not_here` for a student who is gone.
        """
        if not on:
            known = self._listeners.get(link.sid)
            if known is not None and (known.seat.id, known.channel) == (participant, channel):
                self._end(link.sid, "stopped")
            return
        if not (room.settings.sound and room.settings.listening) or room.state == RoomState.ENDED:
            raise NotAllowed("not_allowed", "This room does not allow listening.")
        seat = room.seats.get(participant)
        if seat is None:
            raise UserError("unknown_person", "This person is not in the room.")
        if channel != WEBCAM and channel not in room.settings.roles:
            raise UserError("not_wanted", "This room does not ask for this.")
        if seat.state in GONE:
            raise UserError("not_here", "This student has left.")
        self._end(link.sid, "another")
        with self._lock:
            self._listeners[link.sid] = Listener(link, room, seat, channel)
        self._journal.note("listening-began", room=room.code, student=seat.name, channel=channel, by=link.name)
        self._announce(room, seat)

    def teacher_gone(self, sid: str) -> None:
        """End what a page listened to: its connection ended."""
        self._end(sid, "disconnected")

    # ------------------------------------------------------------------------------ rooms.reading_door.SoundListener

    def sound_came(self, room: LiveRoom, seat: Seat, channel: str, sound: Sound) -> None:
        """Pass a piece on to exactly those who listen to that microphone, once the student was told."""
        # a room that was told to stop stops now, and its listeners are sent home at the next look around
        if sound.why != LISTENING or not self._listeners or not room.settings.listening:
            return
        with self._lock:
            listeners = [one for one in self._listeners.values() if one.seat is seat and one.channel == channel]
        if not listeners:
            return
        self._announce(room, seat)
        piece = {"participant": seat.id, "channel": channel, "seq": sound.seq, "data": sound.data}
        for listener in listeners:
            self._offer(listener, piece)

    def level_came(self, room: LiveRoom, seat: Seat, channel: str, level: float, floor: float) -> None:
        """Pass nothing on: a level is no sound."""

    # ------------------------------------------------------------------------------ by time

    def look_around(self) -> None:
        """End what is over, and tell students who came back meanwhile; about every two seconds."""
        with self._lock:
            listeners = list(self._listeners.items())
        for sid, listener in listeners:
            is_over = self._directory.room(listener.room.id) is None or listener.room.state == RoomState.ENDED
            settings = listener.room.settings
            is_over = is_over or not (settings.sound and settings.listening) or listener.seat.state in GONE
            if is_over or self._directory.teacher_of(sid) is None:
                self._end(sid, "over")
            else:
                self._announce(listener.room, listener.seat)

    # ------------------------------------------------------------------------------ telling the student

    def _end(self, sid: str, why: str) -> None:
        with self._lock:
            listener = self._listeners.pop(sid, None)
        if listener is None:
            return
        room, seat = listener.room, listener.seat
        self._journal.note(
            "listening-ended",
            room=room.code,
            student=seat.name,
            channel=listener.channel,
            by=listener.link.name,
            why=why,
            dropped=listener.dropped,
        )
        self._announce(room, seat)

    def _announce(self, room: LiveRoom, seat: Seat) -> None:
        """Tell the student's page, and the phone that is listened to, what they do not know yet."""
        with self._lock:
            by_channel: dict[str, tuple[str, ...]] = {}
            for one in self._listeners.values():
                if one.seat is seat:
                    by_channel[one.channel] = (*by_channel.get(one.channel, ()), one.link.name)
            known = self._announced.setdefault(seat.id, Announced())
            news = _news(seat, by_channel, known)
            if not by_channel:
                del self._announced[seat.id]
            is_new = seat.listened != bool(by_channel)
            seat.listened = bool(by_channel)
        for namespace, sid, event in news:
            self._broadcaster.to_sid(namespace, sid, "listening", event)
        if is_new:
            self._broadcaster.seat_changed(room, seat)

    # ------------------------------------------------------------------------------ passing on

    def _offer(self, listener: Listener, piece: dict[str, Any]) -> None:
        with self._lock:
            if listener.under_way >= MOST_UNDER_WAY:
                listener.dropped += listener.waiting is not None
                listener.waiting = piece
                return
            listener.under_way += 1
        self._send(listener, piece)

    def _send(self, listener: Listener, piece: dict[str, Any]) -> None:
        self._broadcaster.to_sid_counted(
            TEACHER, listener.link.sid, "heard", piece, lambda: self._acknowledged(listener)
        )

    def _acknowledged(self, listener: Listener) -> None:
        with self._lock:
            piece, listener.waiting = listener.waiting, None
            if piece is None:
                listener.under_way -= 1
                return
        self._send(listener, piece)


def _news(
    seat: Seat, by_channel: dict[str, tuple[str, ...]], known: Announced
) -> list[tuple[str, str, dict[str, Any]]]:
    """Return who is to be told what, and note it as told: the page of everybody, a phone of its own listeners."""
    everybody = tuple(name for names in by_channel.values() for name in names)
    channel = WEBCAM if WEBCAM in by_channel or not by_channel else next(iter(by_channel))
    places: list[tuple[str, str, str | None, tuple[str, ...], str]] = [
        (STUDENT, WEBCAM, seat.sid, everybody, channel),
        *((PHONE, role, _sid(phone), by_channel.get(role, ()), role) for role, phone in list(seat.phones.items())),
    ]
    news = []
    for namespace, place, sid, names, heard in places:
        if sid is None or known.told.get(place, (sid, ())) == (sid, names):
            continue
        known.told[place] = sid, names
        news.append((namespace, sid, {"on": bool(names), "by": ", ".join(names), "channel": heard}))
    return news


def _sid(phone: Phone) -> str | None:
    return phone.sid

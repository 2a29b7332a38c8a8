"""Live listening: where the room allows it, announced to the student while it lasts, in the log, and never recorded."""

import threading
from dataclasses import dataclass

from core.errors import NotAllowed, UserError
from rooms.intake.readings import Sound
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom, TeacherLink
from rooms.live.participant import Student
from rooms.live.picture_relay import WEBCAM
from rooms.protocol.events import TEACHER
from rooms.protocol.outgoing import Heard, ListeningEvent
from rooms.protocol.socket_rooms import SocketRoom
from rooms.setup.states import GONE, RoomState

LISTENING = "listening"
"""Why a piece of sound was sent: nothing else is passed on."""
MOST_UNDER_WAY = 4
"""Pieces sent to a page that it has not acknowledged; the newest one waits beyond that, and older ones are dropped."""


@dataclass(slots=True)
class Listener:
    """One teacher's page that listens to one microphone."""

    link: TeacherLink
    room: LiveRoom
    participant: Student
    channel: str
    under_way: int = 0
    waiting: Heard | None = None
    dropped: int = 0


class Listening:
    """Who listens to whom; each page listens to one microphone at a time."""

    def __init__(self, context: RoomContext) -> None:
        self._directory = context.directory
        self._broadcaster = context.broadcaster
        self._event_log = context.event_log
        self._lock = threading.RLock()
        self._listeners: dict[str, Listener] = {}
        context.signals.teacher_left.connect(self._teacher_left)

    # ------------------------------------------------------------------------------ for the teacher

    def listen(self, room: LiveRoom, link: TeacherLink, participant_id: str, channel: str, on: bool) -> None:
        """Begin or stop to listen; beginning ends what the page listened to before.

        Raises:
            NotAllowed: `not_allowed` in a room without live listening. UserError: `unknown_participant`,
                `not_wanted` for a channel without a microphone, `not_here` for a student who is gone.
        """
        if not on:
            known = self._listeners.get(link.sid)
            if known is not None and (known.participant.id, known.channel) == (participant_id, channel):
                self._end(link.sid, "stopped")
            return
        if not (room.settings.sound and room.settings.listening) or room.state == RoomState.ENDED:
            raise NotAllowed("not_allowed", "This room does not allow listening.")
        participant = room.students.get(participant_id)
        if participant is None:
            raise UserError("unknown_participant", "This person is not in the room.")
        if channel != WEBCAM and channel not in room.settings.roles:
            raise UserError("not_wanted", "This room does not ask for this.")
        if participant.state in GONE:
            raise UserError("not_here", "This student has left.")
        self._end(link.sid, "another")
        with self._lock:
            self._listeners[link.sid] = Listener(link, room, participant, channel)
        self._event_log.note("listening-began", room=room.code, student=participant.name, channel=channel, by=link.name)
        self._announce(room, participant)

    def teacher_gone(self, sid: str) -> None:
        """End what a page listened to: its connection ended."""
        self._end(sid, "disconnected")

    def _teacher_left(self, _room: LiveRoom, link: TeacherLink) -> None:
        self.teacher_gone(link.sid)

    # ------------------------------------------------------------------ rooms.intake.sensor_ingest.SoundListener

    def sound_came(self, room: LiveRoom, participant: Student, channel: str, sound: Sound) -> None:
        """Pass a piece on to exactly those who listen to that microphone, once the student was told."""
        # a room that was told to stop stops now, and its listeners are sent home at the next look around
        if sound.why != LISTENING or not self._listeners or not room.settings.listening:
            return
        with self._lock:
            listeners = [
                one for one in self._listeners.values() if one.participant is participant and one.channel == channel
            ]
        if not listeners:
            return
        self._announce(room, participant)
        piece: Heard = {"participant": participant.id, "channel": channel, "seq": sound.seq, "data": sound.data}
        for listener in listeners:
            self._offer(listener, piece)

    def level_came(self, room: LiveRoom, participant: Student, channel: str, level: float, floor: float) -> None:
        """Pass nothing on: a level is no sound."""

    # ------------------------------------------------------------------------------ by time

    def look_around(self) -> None:
        """End what is over, and tell students who came back meanwhile; about every two seconds."""
        with self._lock:
            listeners = list(self._listeners.items())
        for sid, listener in listeners:
            is_over = self._directory.room(listener.room.id) is None or listener.room.state == RoomState.ENDED
            settings = listener.room.settings
            is_over = is_over or not (settings.sound and settings.listening) or listener.participant.state in GONE
            if is_over or self._directory.teacher_of(sid) is None:
                self._end(sid, "over")
            else:
                self._announce(listener.room, listener.participant)

    # ------------------------------------------------------------------------------ telling the student

    def _end(self, sid: str, why: str) -> None:
        with self._lock:
            listener = self._listeners.pop(sid, None)
        if listener is None:
            return
        room, participant = listener.room, listener.participant
        self._event_log.note(
            "listening-ended",
            room=room.code,
            student=participant.name,
            channel=listener.channel,
            by=listener.link.name,
            why=why,
            dropped=listener.dropped,
        )
        self._announce(room, participant)

    def _announce(self, room: LiveRoom, participant: Student) -> None:
        """Tell the student's page, and the phone that is listened to, what they do not know yet."""
        with self._lock:
            by_channel: dict[str, tuple[str, ...]] = {}
            for one in self._listeners.values():
                if one.participant is participant:
                    by_channel[one.channel] = (*by_channel.get(one.channel, ()), one.link.name)
            known = participant.listening
            news = _news(room, participant, by_channel)
            if not by_channel:
                known.told.clear()
            is_new = known.on != bool(by_channel)
            known.on = bool(by_channel)
        for place, event in news:
            self._broadcaster.to_rooms([place], "listening", event)
        if is_new:
            self._broadcaster.participant_changed(room, participant)

    # ------------------------------------------------------------------------------ passing on

    def _offer(self, listener: Listener, piece: Heard) -> None:
        with self._lock:
            if listener.under_way >= MOST_UNDER_WAY:
                listener.dropped += listener.waiting is not None
                listener.waiting = piece
                return
            listener.under_way += 1
        self._send(listener, piece)

    def _send(self, listener: Listener, piece: Heard) -> None:
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
    room: LiveRoom, participant: Student, by_channel: dict[str, tuple[str, ...]]
) -> list[tuple[SocketRoom, ListeningEvent]]:
    """Return who is to be told what, and note it as told: the page of everybody, a phone of its own listeners."""
    told = participant.listening.told
    everybody = tuple(name for names in by_channel.values() for name in names)
    channel = WEBCAM if WEBCAM in by_channel or not by_channel else next(iter(by_channel))
    places: list[tuple[SocketRoom, str, str | None, tuple[str, ...], str]] = [
        (participant.address, WEBCAM, participant.sid, everybody, channel),
        *(
            (phone.address, role, phone.sid, by_channel.get(role, ()), role)
            for role, phone in room.phones_of(participant).items()
        ),
    ]
    news: list[tuple[SocketRoom, ListeningEvent]] = []
    for address, place, sid, names, heard in places:
        # who connected anew was told nothing yet
        if sid is None or told.get(place, (sid, ())) == (sid, names):
            continue
        told[place] = sid, names
        news.append((address, {"on": bool(names), "by": ", ".join(names), "channel": heard}))
    return news

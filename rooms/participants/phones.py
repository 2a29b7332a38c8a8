"""Phones in live rooms: pairing, coming and going; each speaks for its student alone."""

from core.errors import NotAllowed, UserError
from rooms.live.components import Presence
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Phone, Student
from rooms.live.phone_health import needs_of, phone_view
from rooms.live.room_loader import phone_of_row
from rooms.live.views import room_view
from rooms.participants.connections import ParticipantConnections
from rooms.participants.phone_status import PhoneStatus
from rooms.participants.teacher_sessions import TeacherSessions
from rooms.protocol import incoming
from rooms.protocol.events import PHONE
from rooms.protocol.outgoing import PhoneWelcome
from rooms.protocol.socket_rooms import devices_of
from rooms.protocol.tickets import Ticket
from rooms.setup.states import GONE, RoomState
from store.phones import PhoneRow


class Phones:
    """Keeps phones in step between the live directory, detection and the people who look on."""

    def __init__(
        self,
        context: RoomContext,
        connections: ParticipantConnections,
        teacher_sessions: TeacherSessions,
        status: PhoneStatus,
    ) -> None:
        self._directory = context.directory
        self._broadcaster = context.broadcaster
        self._connections = connections
        self._teacher_sessions = teacher_sessions
        self._status = status
        self._event_log = context.event_log
        self._clock = context.clock
        self._signals = context.signals.phones
        context.signals.students.admission_changed.connect(self._admission_changed)

    def paired(self, row: PhoneRow) -> None:
        """Take a phone in that was just paired; an earlier one of its role is told and closed."""
        room = self._directory.room(row.room_id)
        owner = room.students.get(row.participant_id) if room else None
        if room is None or owner is None:
            return
        before = room.phone_of(owner, row.role)
        if before is not None:
            self._connections.drop(before)
            self._signals.left.send(room, participant=before)
        self._directory.add_phone(phone_of_row(row, owner, Presence()))
        self._event_log.note(
            "phone-paired", room=room.code, student=owner.name, role=row.role, replaced=before is not None
        )
        self._status.tell(room, owner)

    def removed(self, room: LiveRoom, phone: Phone) -> None:
        """Let go of a phone that the student gave up; one that the room needs is missing from now on."""
        self._connections.drop(phone)
        self._event_log.note("phone-removed", room=room.code, student=phone.owner.name, role=phone.role)
        self._status.observe(room, phone.owner, phone.role, online=phone.role not in room.settings.phones)
        self._signals.left.send(room, participant=phone)
        self._status.tell(room, phone.owner)

    def arrive(self, ticket: Ticket, sid: str) -> tuple[LiveRoom, Phone]:
        """Let a connection speak for a phone; the connection that did before is told and closed.

        Raises:
            NotAllowed: `room_ended`, `removed`, `left` or `unpaired`.
        """
        room = self._directory.room(ticket.room)
        if room is None or room.state == RoomState.ENDED:
            raise NotAllowed("room_ended", "This room has ended.")
        phone = room.phone(ticket.who)
        if phone is None:
            raise _unpaired()
        if phone.owner.state in GONE:
            raise NotAllowed(phone.owner.state, "The exam is over for this student. Nothing is captured any more.")
        event = "phone-back" if phone.presence.was_online else "phone-connected"
        self._connections.hold(room, phone, sid)
        self._note(event, room, phone)
        return room, phone

    def welcome(self, room: LiveRoom, phone: Phone) -> None:
        """Send a phone all that its page shows and what to send; tell the others and the judge."""
        self._signals.joined.send(room, participant=phone)
        told: PhoneWelcome = {
            "phone": phone_view(room.settings, phone.role, phone),
            "student": phone.owner.name,
            "room": room_view(room),
            "capture": {"fps": 0, "width": 320, "quality": 0.5, "thumbnails": 0},
            "needs": needs_of(room.settings, phone.role),
            "listening": phone.owner.listening.on,
            "server_time": round(self._clock.now() * 1000),
        }
        self._broadcaster.to_participant(phone, "welcome", told)
        self._teacher_sessions.begin_participant(room, phone)
        self._status.observe(room, phone.owner, phone.role, online=True)
        self._status.tell(room, phone.owner)

    def gone(self, sid: str) -> None:
        """Know that a phone's connection ended; its page comes back by itself where it can."""
        phone = self._connections.release(sid)
        room = self._directory.room(phone.room) if phone else None
        if not isinstance(phone, Phone) or room is None:
            return
        self._note("phone-lost", room, phone)
        self._signals.disconnected.send(room, participant=phone)

    def stand_down(self, sid: str) -> None:
        """Let a connection that is closed next speak for its phone no more."""
        self._connections.release(sid)

    def health(self, phone: Phone, told: incoming.Health) -> None:
        """Take what a phone says of itself."""
        self._status.health_told(self.room_of(phone), phone, told)

    def room_of(self, phone: Phone) -> LiveRoom:
        """Return where a phone belongs; UserError `room_ended`, NotAllowed `unpaired`."""
        room = self._directory.room(phone.room)
        if room is None or room.state == RoomState.ENDED:
            raise UserError("room_ended", "This room has ended.")
        if room.phone_of(phone.owner, phone.role) is not phone:
            raise _unpaired()
        return room

    def _admission_changed(self, room: LiveRoom, participant: Student) -> None:
        """Tell a student's phones of the new state, and close them where it is the end."""
        devices = devices_of(participant.id, PHONE)
        self._broadcaster.to_rooms([devices], "admission", {"state": participant.state})
        for phone in room.phones_of(participant).values():
            if participant.state in GONE and phone.sid is not None:
                self._broadcaster.disconnect(PHONE, phone.sid)

    def _note(self, event: str, room: LiveRoom, phone: Phone) -> None:
        if self._connections.may_note(phone):
            self._event_log.note(event, room=room.code, student=phone.owner.name, role=phone.role)


def _unpaired() -> NotAllowed:
    return NotAllowed("unpaired", "This phone is no longer paired. Please scan a new code.")

"""Phones in live rooms: pairing, coming and going; each speaks for its student alone."""

from core.errors import NotAllowed, UserError
from rooms.live.components import Presence
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom, Participant, Phone
from rooms.live.phone_health import needs_of, phone_view
from rooms.live.room_loader import phone_of_row
from rooms.live.views import room_view
from rooms.participants.phone_status import PhoneStatus
from rooms.participants.teacher_sessions import TeacherSessions
from rooms.protocol import incoming
from rooms.protocol.events import PHONE
from rooms.protocol.outgoing import PhoneWelcome
from rooms.protocol.socket_rooms import SocketRoom, devices_of, rooms_of_phone
from rooms.protocol.tickets import Ticket
from rooms.setup.states import GONE, RoomState
from store.phones import PhoneRow


class Phones:
    """Keeps phones in step between the live directory, detection and the people who look on."""

    def __init__(self, context: RoomContext, teacher_sessions: TeacherSessions, status: PhoneStatus) -> None:
        self._directory = context.directory
        self._broadcaster = context.broadcaster
        self._teacher_sessions = teacher_sessions
        self._status = status
        self._event_log = context.event_log
        self._clock = context.clock
        self._limits = context.limits

    def paired(self, row: PhoneRow) -> None:
        """Take a phone in that was just paired; an earlier one of its role is told and closed."""
        room = self._directory.room(row.room_id)
        participant = room.participants.get(row.participant_id) if room else None
        if room is None or participant is None:
            return
        before = participant.phones.get(row.role)
        if before is not None:
            self._let_go(before)
            self._status.forget_place(room, participant, row.role)
        self._directory.phones.add(phone_of_row(row, Presence()))
        self._event_log.note(
            "phone-paired", room=room.code, student=participant.name, role=row.role, replaced=before is not None
        )
        self._status.tell(room, participant)

    def removed(self, room: LiveRoom, participant: Participant, phone: Phone) -> None:
        """Let go of a phone that the student gave up; one that the room needs is missing from now on."""
        self._let_go(phone)
        self._event_log.note("phone-removed", room=room.code, student=participant.name, role=phone.role)
        self._status.observe(room, participant, phone.role, online=phone.role not in room.settings.phones)
        self._status.forget_place(room, participant, phone.role)
        self._status.tell(room, participant)

    def arrive(self, ticket: Ticket, sid: str) -> tuple[LiveRoom, Participant, Phone]:
        """Let a connection speak for a phone; the connection that did before is told and closed.

        Raises:
            NotAllowed: `room_ended`, `removed`, `left` or `unpaired`.
        """
        room = self._directory.room(ticket.room)
        if room is None or room.state == RoomState.ENDED:
            raise NotAllowed("room_ended", "This room has ended.")
        found = (
            (participant, phone)
            for participant in list(room.participants.values())
            for phone in list(participant.phones.values())
        )
        participant, phone = next((pair for pair in found if pair[1].id == ticket.who), (None, None))
        if participant is None or phone is None:
            raise NotAllowed("unpaired", "This phone is no longer paired. Please scan a new code.")
        if participant.state in GONE:
            raise NotAllowed(str(participant.state), "The exam is over for this student. Nothing is captured any more.")
        # in this order: whoever takes the place next finds this connection in its rooms, and takes it out
        self._broadcaster.enter(sid, _rooms_of(phone))
        event = "phone-back" if phone.presence.was_online else "phone-connected"
        before = self._directory.phones.connect(phone, sid)
        self._begin(phone)
        if before is not None:
            self._close(phone, before)
        self._note_arrival(event, room, participant, phone)
        return room, participant, phone

    def welcome(self, room: LiveRoom, participant: Participant, phone: Phone) -> None:
        """Send a phone all that its page shows and what to send; tell the others and the judge."""
        told: PhoneWelcome = {
            "phone": phone_view(room.settings, phone.role, phone),
            "student": participant.name,
            "room": room_view(room),
            "capture": {"fps": 0, "width": 320, "quality": 0.5},
            "needs": needs_of(room.settings, phone.role),
            "listening": participant.listening.on,
            "server_time": round(self._clock.now() * 1000),
        }
        self._broadcaster.to_phone(phone, "welcome", told)
        self._teacher_sessions.begin_phone(room, participant, phone)
        self._status.observe(room, participant, phone.role, online=True)
        self._status.tell(room, participant)

    def gone(self, sid: str) -> None:
        """Know that a phone's connection ended; its page comes back by itself where it can."""
        phone = self._directory.phones.disconnect(sid)
        room = self._directory.room(phone.room) if phone else None
        participant = room.participants.get(phone.participant) if room and phone else None
        if phone is None or room is None or participant is None:
            return
        self._broadcaster.leave(sid, _rooms_of(phone))
        self._note_arrival("phone-lost", room, participant, phone)
        if participant.state not in GONE:
            self._status.observe(room, participant, phone.role, online=False)
        self._status.tell(room, participant)

    def stand_down(self, sid: str) -> None:
        """Let a connection that is closed next speak for its phone no more."""
        phone = self._directory.phones.disconnect(sid)
        if phone is not None:
            self._broadcaster.leave(sid, _rooms_of(phone))

    def health(self, phone: Phone, told: incoming.Health) -> None:
        """Take what a phone says of itself."""
        room, participant = self.place_of(phone)
        self._status.health_told(room, participant, phone, told)

    def participant_moved(self, room: LiveRoom, participant: Participant) -> None:
        """Tell a student's phones of the new state, and close them where it is the end."""
        devices = devices_of(participant.id, PHONE)
        self._broadcaster.to_rooms([devices], "admission", {"state": str(participant.state)})
        for phone in list(participant.phones.values()):
            if participant.state in GONE and phone.sid is not None:
                self._broadcaster.disconnect(PHONE, phone.sid)

    def place_of(self, phone: Phone) -> tuple[LiveRoom, Participant]:
        """Return where a phone belongs; UserError `room_ended`, NotAllowed `unpaired`."""
        room = self._directory.room(phone.room)
        if room is None or room.state == RoomState.ENDED:
            raise UserError("room_ended", "This room has ended.")
        participant = room.participants.get(phone.participant)
        if participant is None or participant.phones.get(phone.role) is not phone:
            raise NotAllowed("unpaired", "This phone is no longer paired. Please scan a new code.")
        return room, participant

    def _note_arrival(self, event: str, room: LiveRoom, participant: Participant, phone: Phone) -> None:
        budget = phone.uplink.budget
        if budget is None or budget.may_note(self._clock.now()):
            self._event_log.note(event, room=room.code, student=participant.name, role=phone.role)

    def _begin(self, phone: Phone) -> None:
        phone.uplink.begin(self._clock.now(), self._limits)
        self._status.begin(phone)

    def _let_go(self, phone: Phone) -> None:
        held = phone.sid
        self._directory.phones.drop(phone)
        if held is not None:
            self._close(phone, held)

    def _close(self, phone: Phone, sid: str) -> None:
        self._broadcaster.leave(sid, _rooms_of(phone))
        self._broadcaster.to_sid(PHONE, sid, "replaced", {})
        self._broadcaster.disconnect(PHONE, sid)


def _rooms_of(phone: Phone) -> tuple[SocketRoom, ...]:
    return rooms_of_phone(phone.room, phone.participant, phone.role, phone.id)

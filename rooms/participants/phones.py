"""Phones in live rooms: coming, going, how they are, and who is told; each speaks for its student alone."""

from typing import Any

from core.clock import Clock
from core.errors import NotAllowed, UserError
from core.event_log import EventLog
from core.ports import Monitor
from core.types import Observation, ObservationKind, Role
from rooms.live.broadcaster import Broadcaster
from rooms.live.directory import LiveRoom, Participant, Phone, RoomDirectory
from rooms.live.phone_health import are_ready, needs_of, phone_view, phones_view, problems_of
from rooms.live.room_loader import phone_of_row
from rooms.live.views import room_view
from rooms.participants.teacher_sessions import TeacherSessions
from rooms.protocol import incoming
from rooms.protocol.events import PHONE
from rooms.protocol.limits import Budget, Limits
from rooms.protocol.outgoing import PhoneRoom, PhoneWelcome
from rooms.protocol.socket_rooms import SocketRoom, devices_of, phones_of, rooms_of_phone
from rooms.protocol.tickets import Ticket
from rooms.setup.states import GONE, RoomState, is_told
from store.phones import PhoneRow

LEAST_STEP_S = 1.0
"""What changes more often than this is told in one go."""


class Phones:
    """Keeps phones in step between the live directory, detection and the people who look on."""

    def __init__(
        self,
        directory: RoomDirectory,
        broadcaster: Broadcaster,
        teacher_sessions: TeacherSessions,
        monitor: Monitor,
        event_log: EventLog,
        clock: Clock,
        limits: Limits,
    ) -> None:
        self._directory = directory
        self._broadcaster = broadcaster
        self._teacher_sessions = teacher_sessions
        self._monitor = monitor
        self._event_log = event_log
        self._clock = clock
        self._limits = limits

    # ------------------------------------------------------------------------------ coming and going

    def paired(self, row: PhoneRow) -> None:
        """Take a phone in that was just paired; an earlier one of its role is told and closed."""
        room = self._directory.room(row.room_id)
        participant = room.participants.get(row.participant_id) if room else None
        if room is None or participant is None:
            return
        before = participant.phones.get(row.role)
        if before is not None:
            self._let_go(before)
            self._forget_place(room, participant, row.role)
        self._directory.add_phone(phone_of_row(row))
        self._event_log.note(
            "phone-paired", room=room.code, student=participant.name, role=row.role, replaced=before is not None
        )
        self.tell(room, participant)

    def removed(self, room: LiveRoom, participant: Participant, phone: Phone) -> None:
        """Let go of a phone that the student gave up; one that the room needs is missing from now on."""
        self._let_go(phone)
        self._event_log.note("phone-removed", room=room.code, student=participant.name, role=phone.role)
        self._observe(room, participant, phone.role, online=phone.role not in room.settings.phones)
        self._forget_place(room, participant, phone.role)
        self.tell(room, participant)

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
        before = self._directory.connect_phone(phone, sid)
        self._begin(phone)
        if before is not None:
            self._close(phone, before)
        event = "phone-back" if phone.was_online else "phone-connected"
        phone.was_online = True
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
            "listening": participant.listened,
            "server_time": round(self._clock.now() * 1000),
        }
        self._broadcaster.to_phone(phone, "welcome", told)
        # whatever was told before, while the page was on its way in, the welcome has taken back
        phone.capture = None
        self._teacher_sessions.refresh_phone(room, participant, phone)
        self._observe(room, participant, phone.role, online=True)
        self.tell(room, participant)

    def gone(self, sid: str) -> None:
        """Know that a phone's connection ended; its page comes back by itself where it can."""
        phone = self._directory.disconnect_phone(sid)
        room = self._directory.room(phone.room) if phone else None
        participant = room.participants.get(phone.participant) if room and phone else None
        if phone is None or room is None or participant is None:
            return
        self._broadcaster.leave(sid, _rooms_of(phone))
        phone.capture = None
        self._note_arrival("phone-lost", room, participant, phone)
        if participant.state not in GONE:
            self._observe(room, participant, phone.role, online=False)
        self.tell(room, participant)

    def stand_down(self, sid: str) -> None:
        """Let a connection that is closed next speak for its phone no more."""
        phone = self._directory.disconnect_phone(sid)
        if phone is not None:
            self._broadcaster.leave(sid, _rooms_of(phone))

    # ------------------------------------------------------------------------------ how they are

    def health(self, phone: Phone, told: incoming.Health) -> None:
        """Take what a phone says of itself."""
        room, participant = self.place_of(phone)
        changed = told != phone.health
        phone.health = told
        if self._weigh(room, phone) or changed:
            self.mark(room, participant)

    def mark(self, room: LiveRoom, participant: Participant) -> None:
        """Know that phones or conditions changed: told at once, or together with what else comes soon."""
        participant.is_stale = True
        if not 0.0 <= self._clock.now() - participant.phones_told_at < LEAST_STEP_S:
            self.tell(room, participant)

    def look_around(self) -> None:
        """Find phones of which nothing comes any more, and tell what nobody was told yet; about every two seconds."""
        for room in self._directory.rooms():
            for participant in list(room.participants.values()):
                changed = [self._weigh(room, phone) for phone in list(participant.phones.values())]
                if any(changed) or participant.is_stale:
                    self.tell(room, participant)

    def tell(self, room: LiveRoom, participant: Participant) -> None:
        """Tell student, phones and teachers how the phones of a participant are."""
        participant.is_stale, participant.phones_told_at = False, self._clock.now()
        for phone in list(participant.phones.values()):
            self._weigh(room, phone)
            self._broadcaster.to_phone(phone, "phone", phone_view(room.settings, phone.role, phone))
        self.tell_student(room, participant)
        self._broadcaster.participant_changed(room, participant)

    def tell_student(self, room: LiveRoom, participant: Participant) -> None:
        """Tell a student how the phones of the participant are."""
        if room.settings.roles:
            self._broadcaster.to_participant(
                participant, "phones", {"phones": phones_view(room, participant), "ready": are_ready(room, participant)}
            )

    # ------------------------------------------------------------------------------ what their student and room do

    def participant_moved(self, room: LiveRoom, participant: Participant) -> None:
        """Tell a student's phones of the new state, and close them where it is the end."""
        devices = devices_of(participant.id, PHONE)
        self._broadcaster.to_rooms([devices], "admission", {"state": str(participant.state)})
        for phone in list(participant.phones.values()):
            if participant.state in GONE and phone.sid is not None:
                self._broadcaster.disconnect(PHONE, phone.sid)

    def room_changed(self, room: LiveRoom) -> None:
        """Tell every phone that the room, or what is asked for in it, changed, and close all where it has ended."""
        for role in Role:
            told: PhoneRoom = {"room": room_view(room), "needs": needs_of(room.settings, role)}
            self._broadcaster.to_rooms([phones_of(room.id, role)], "room", told)
        for participant in list(room.participants.values()):
            for phone in list(participant.phones.values()):
                if room.state == RoomState.ENDED and phone.sid is not None:
                    self._broadcaster.disconnect(PHONE, phone.sid)
            self.tell_student(room, participant)

    def settings_changed(self, room: LiveRoom) -> None:
        """Tell the judge which phones are missing under new settings, and which nobody waits for any more."""
        for participant in list(room.participants.values()):
            for role in Role:
                phone = participant.phones.get(role)
                self._observe(
                    room, participant, role, online=phone.online if phone else role not in room.settings.phones
                )
            self.tell(room, participant)

    def report_state(self, room: LiveRoom, participant: Participant) -> None:
        """Tell the judge which phones are there when it begins to watch: those that are needed, and those paired."""
        for role in room.settings.roles:
            phone = participant.phones.get(role)
            if phone is not None or role in room.settings.phones:
                self._observe(room, participant, role, online=phone is not None and phone.online)

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
        if phone.budget is None or phone.budget.may_note(self._clock.now()):
            self._event_log.note(event, room=room.code, student=participant.name, role=phone.role)

    def _begin(self, phone: Phone) -> None:
        now = self._clock.now()
        phone.budget = phone.budget.come_again() if phone.budget else Budget(now, self._limits)
        phone.last_sequence, phone.capture = -1, None
        phone.sequences.clear()
        phone.clock.forget()
        # what the last page said may be over, and the new one has not begun
        phone.health, phone.problems = {}, ()
        phone.pictured_at = phone.moved_at = now

    def _weigh(self, room: LiveRoom, phone: Phone) -> bool:
        """Find out what is wrong with a phone now; say whether that changed."""
        before, phone.problems = phone.problems, problems_of(phone, room.settings, self._clock.now())
        return before != phone.problems

    def _let_go(self, phone: Phone) -> None:
        held = phone.sid
        self._directory.drop_phone(phone)
        if held is not None:
            self._close(phone, held)

    def _close(self, phone: Phone, sid: str) -> None:
        self._broadcaster.leave(sid, _rooms_of(phone))
        self._broadcaster.to_sid(PHONE, sid, "replaced", {})
        self._broadcaster.disconnect(PHONE, sid)

    def _observe(self, room: LiveRoom, participant: Participant, role: str, *, online: bool) -> None:
        self._offer(
            room,
            participant,
            ObservationKind.CONNECTION,
            role,
            {"online": online, "paired": role in participant.phones},
        )

    def _forget_place(self, room: LiveRoom, participant: Participant, role: str) -> None:
        """Where a phone was that is not the student's any more says nothing."""
        if participant.places.pop(role, None) is not None:
            nowhere = {"state": "unknown", "distance": None, "accuracy": None}
            self._offer(room, participant, ObservationKind.PLACE, role, nowhere)

    def _offer(
        self, room: LiveRoom, participant: Participant, kind: ObservationKind, role: str, values: dict[str, Any]
    ) -> None:
        if is_told(room.state, participant.state, kind is ObservationKind.CONNECTION):
            self._monitor.offer_observation(
                Observation(room.id, participant.id, kind, self._clock.now(), values, channel=str(role))
            )


def _rooms_of(phone: Phone) -> tuple[SocketRoom, ...]:
    return rooms_of_phone(phone.room, phone.participant, phone.role, phone.id)

"""Phones in live rooms: coming, going, how they are, and who is told; each speaks for its student alone."""

from typing import Any

from core.clock import Clock
from core.errors import NotAllowed, UserError
from core.ports import Monitor
from core.types import Observation, ObservationKind, Role
from rooms.audience import Audience
from rooms.broadcast import Broadcaster
from rooms.directory import LiveRoom, Phone, RoomDirectory, Seat
from rooms.journal import Journal
from rooms.loading import phone_of_row
from rooms.phone_health import are_ready, needs_of, phone_view, phones_view, problems_of
from rooms.policy import Budget, Limits
from rooms.protocol import PHONE
from rooms.states import GONE, RoomState, is_told
from rooms.tickets import Ticket
from rooms.views import room_view
from store.phones import PhoneRow

LEAST_STEP_S = 1.0
"""What changes more often than this is told in one go."""


class Phones:
    """Keeps phones in step between the live directory, detection and the people who look on."""

    def __init__(
        self,
        directory: RoomDirectory,
        broadcaster: Broadcaster,
        audience: Audience,
        monitor: Monitor,
        journal: Journal,
        clock: Clock,
        limits: Limits,
    ) -> None:
        self._directory = directory
        self._broadcaster = broadcaster
        self._audience = audience
        self._monitor = monitor
        self._journal = journal
        self._clock = clock
        self._limits = limits

    # ------------------------------------------------------------------------------ coming and going

    def paired(self, row: PhoneRow) -> None:
        """Take a phone in that was just paired; an earlier one of its role is told and closed."""
        room = self._directory.room(row.room_id)
        seat = room.seats.get(row.participant_id) if room else None
        if room is None or seat is None:
            return
        before = seat.phones.get(row.role)
        if before is not None:
            self._let_go(before)
            self._forget_place(room, seat, row.role)
        self._directory.add_phone(phone_of_row(row))
        self._journal.note(
            "phone-paired", room=room.code, student=seat.name, role=row.role, replaced=before is not None
        )
        self.tell(room, seat)

    def removed(self, room: LiveRoom, seat: Seat, phone: Phone) -> None:
        """Let go of a phone that the student gave up; one that the room needs is missing from now on."""
        self._let_go(phone)
        self._journal.note("phone-removed", room=room.code, student=seat.name, role=phone.role)
        self._observe(room, seat, phone.role, online=phone.role not in room.settings.phones)
        self._forget_place(room, seat, phone.role)
        self.tell(room, seat)

    def arrive(self, ticket: Ticket, sid: str) -> tuple[LiveRoom, Seat, Phone]:
        """Let a connection speak for a phone; the connection that did before is told and closed.

        Raises:
            NotAllowed: `room_ended`, `removed`, `left` or `unpaired`.
        """
        room = self._directory.room(ticket.room)
        if room is None or room.state == RoomState.ENDED:
            raise NotAllowed("room_ended", "This room has ended.")
        found = ((seat, phone) for seat in list(room.seats.values()) for phone in list(seat.phones.values()))
        seat, phone = next((pair for pair in found if pair[1].id == ticket.who), (None, None))
        if seat is None or phone is None:
            raise NotAllowed("unpaired", "This phone is no longer paired. Please scan a new code.")
        if seat.state in GONE:
            raise NotAllowed(str(seat.state), "The exam is over for this student. Nothing is captured any more.")
        before = self._directory.connect_phone(phone, sid)
        self._begin(phone)
        if before is not None:
            self._close(before)
        event = "phone-back" if phone.was_online else "phone-connected"
        phone.was_online = True
        self._note_arrival(event, room, seat, phone)
        return room, seat, phone

    def welcome(self, room: LiveRoom, seat: Seat, phone: Phone) -> None:
        """Send a phone all that its page shows and what to send; tell the others and the judge."""
        told = {
            "phone": phone_view(room.settings, phone.role, phone),
            "student": seat.name,
            "room": room_view(room),
            "capture": {"fps": 0, "width": 320, "quality": 0.5},
            "needs": needs_of(room.settings, phone.role),
            "listening": seat.listened,
            "server_time": round(self._clock.now() * 1000),
        }
        self._broadcaster.to_phone(phone, "welcome", told)
        self._audience.refresh_phone(room, seat, phone)
        self._observe(room, seat, phone.role, online=True)
        self.tell(room, seat)

    def gone(self, sid: str) -> None:
        """Know that a phone's connection ended; its page comes back by itself where it can."""
        phone = self._directory.disconnect_phone(sid)
        room = self._directory.room(phone.room) if phone else None
        seat = room.seats.get(phone.seat) if room and phone else None
        if phone is None or room is None or seat is None:
            return
        phone.capture = None
        self._note_arrival("phone-lost", room, seat, phone)
        if seat.state not in GONE:
            self._observe(room, seat, phone.role, online=False)
        self.tell(room, seat)

    # ------------------------------------------------------------------------------ how they are

    def health(self, phone: Phone, told: dict[str, Any]) -> None:
        """Take what a phone says of itself."""
        room, seat = self.place_of(phone)
        changed = told != phone.health
        phone.health = told
        if self._weigh(room, phone) or changed:
            self.mark(room, seat)

    def mark(self, room: LiveRoom, seat: Seat) -> None:
        """Know that phones or conditions of a seat changed: told at once, or together with what else comes soon."""
        seat.is_stale = True
        if not 0.0 <= self._clock.now() - seat.phones_told_at < LEAST_STEP_S:
            self.tell(room, seat)

    def look_around(self) -> None:
        """Find phones of which nothing comes any more, and tell what nobody was told yet; about every two seconds."""
        for room in self._directory.rooms():
            for seat in list(room.seats.values()):
                changed = [self._weigh(room, phone) for phone in list(seat.phones.values())]
                if any(changed) or seat.is_stale:
                    self.tell(room, seat)

    def tell(self, room: LiveRoom, seat: Seat) -> None:
        """Tell student, phones and teachers how the phones of a seat are."""
        seat.is_stale, seat.phones_told_at = False, self._clock.now()
        for phone in list(seat.phones.values()):
            self._weigh(room, phone)
            self._broadcaster.to_phone(phone, "phone", phone_view(room.settings, phone.role, phone))
        self.tell_student(room, seat)
        self._broadcaster.seat_changed(room, seat)

    def tell_student(self, room: LiveRoom, seat: Seat) -> None:
        """Tell a student how the phones of the seat are."""
        if room.settings.roles:
            self._broadcaster.to_seat(
                seat, "phones", {"phones": phones_view(room, seat), "ready": are_ready(room, seat)}
            )

    # ------------------------------------------------------------------------------ what their student and room do

    def seat_moved(self, room: LiveRoom, seat: Seat) -> None:
        """Tell a student's phones of the new state, and close them where it is the end."""
        for phone in list(seat.phones.values()):
            self._broadcaster.to_phone(phone, "admission", {"state": str(seat.state)})
            if seat.state in GONE and phone.sid is not None:
                self._broadcaster.disconnect(PHONE, phone.sid)

    def room_changed(self, room: LiveRoom) -> None:
        """Tell every phone that the room, or what is asked for in it, changed, and close all where it has ended."""
        for seat in list(room.seats.values()):
            for phone in list(seat.phones.values()):
                needs = needs_of(room.settings, phone.role)
                self._broadcaster.to_phone(phone, "room", {"room": room_view(room), "needs": needs})
                if room.state == RoomState.ENDED and phone.sid is not None:
                    self._broadcaster.disconnect(PHONE, phone.sid)
            self.tell_student(room, seat)

    def settings_changed(self, room: LiveRoom) -> None:
        """Tell the judge which phones are missing under new settings, and which nobody waits for any more."""
        for seat in list(room.seats.values()):
            for role in Role:
                phone = seat.phones.get(role)
                self._observe(room, seat, role, online=phone.online if phone else role not in room.settings.phones)
            self.tell(room, seat)

    def report_state(self, room: LiveRoom, seat: Seat) -> None:
        """Tell the judge which phones are there when it begins to watch: those that are needed, and those paired."""
        for role in room.settings.roles:
            phone = seat.phones.get(role)
            if phone is not None or role in room.settings.phones:
                self._observe(room, seat, role, online=phone is not None and phone.online)

    def place_of(self, phone: Phone) -> tuple[LiveRoom, Seat]:
        """Return where a phone belongs; UserError `room_ended`, NotAllowed `unpaired`."""
        room = self._directory.room(phone.room)
        if room is None or room.state == RoomState.ENDED:
            raise UserError("room_ended", "This room has ended.")
        seat = room.seats.get(phone.seat)
        if seat is None or seat.phones.get(phone.role) is not phone:
            raise NotAllowed("unpaired", "This phone is no longer paired. Please scan a new code.")
        return room, seat

    def _note_arrival(self, event: str, room: LiveRoom, seat: Seat, phone: Phone) -> None:
        if phone.budget is None or phone.budget.may_note(self._clock.now()):
            self._journal.note(event, room=room.code, student=seat.name, role=phone.role)

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
            self._close(held)

    def _close(self, sid: str) -> None:
        self._broadcaster.to_sid(PHONE, sid, "replaced", {})
        self._broadcaster.disconnect(PHONE, sid)

    def _observe(self, room: LiveRoom, seat: Seat, role: str, *, online: bool) -> None:
        self._offer(room, seat, ObservationKind.CONNECTION, role, {"online": online, "paired": role in seat.phones})

    def _forget_place(self, room: LiveRoom, seat: Seat, role: str) -> None:
        """Where a phone was that is not the student's any more says nothing."""
        if seat.places.pop(role, None) is not None:
            nowhere = {"state": "unknown", "distance": None, "accuracy": None}
            self._offer(room, seat, ObservationKind.PLACE, role, nowhere)

    def _offer(self, room: LiveRoom, seat: Seat, kind: ObservationKind, role: str, values: dict[str, Any]) -> None:
        if is_told(room.state, seat.state, kind is ObservationKind.CONNECTION):
            self._monitor.offer_observation(
                Observation(room.id, seat.id, kind, self._clock.now(), values, channel=str(role))
            )

"""Students and their seats: coming, going, being admitted, and what their browsers report about themselves."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from core.clock import Clock
from core.errors import NotAllowed, UserError
from core.ports import Monitor
from core.types import Observation, ObservationKind
from rooms.adjustments import adjusted_values
from rooms.audience import Audience
from rooms.broadcast import Broadcaster
from rooms.directory import LiveRoom, RoomDirectory, Seat
from rooms.grid import WEBCAM
from rooms.join_guard import room_full
from rooms.journal import Journal
from rooms.loading import seat_of_row
from rooms.phone_health import refuse_unready
from rooms.phones import Phones
from rooms.policy import Budget, Limits
from rooms.protocol import STUDENT
from rooms.seats import count_arrived, move_seat, note_arrival
from rooms.states import ParticipantState, RoomState, is_told
from rooms.tickets import Ticket
from rooms.views import message_view, participant_view, room_view
from store.messages import messages_for_student
from store.rooms import Participant
from store.session import Database


class Attendance:
    """Keeps seats in step between the database, the live directory, detection and the people who look on."""

    def __init__(
        self,
        database: Database,
        directory: RoomDirectory,
        broadcaster: Broadcaster,
        audience: Audience,
        phones: Phones,
        monitor: Monitor,
        journal: Journal,
        clock: Clock,
        limits: Limits,
    ) -> None:
        self._database = database
        self._directory = directory
        self._broadcaster = broadcaster
        self._audience = audience
        self._phones = phones
        self._monitor = monitor
        self._journal = journal
        self._clock = clock
        self._limits = limits

    def seat_taken(self, row: Participant) -> None:
        """Keep a place for a new participant; teachers see it, and the log tells it, when somebody comes to it."""
        if self._directory.room(row.room_id) is not None:
            self._directory.add_seat(seat_of_row(row))

    def seats_dropped(self, room_id: str, seats: Sequence[str]) -> None:
        """Forget seats that were given up because nobody came to them."""
        for seat in seats:
            self._directory.drop_seat(room_id, seat)

    def arrive(self, ticket: Ticket, sid: str) -> tuple[LiveRoom, Seat]:
        """Let a connection hold its seat; the connection that held it before is told and closed.

        Raises:
            NotAllowed: `room_ended`, `removed`, `left` or `ticket_invalid`.
            Busy: `room_full` for somebody who comes for the first time when all places are taken.
        """
        room = self._directory.room(ticket.room)
        if room is None or room.state == RoomState.ENDED:
            raise NotAllowed("room_ended", "This room has ended.")
        seat = room.seats.get(ticket.who)
        if seat is None:
            raise _no_seat()
        _refuse_gone(seat)
        if not seat.was_online:
            self._come(room, seat)
        before = self._directory.connect_seat(seat, sid)
        seat.budget = seat.budget.come_again() if seat.budget else Budget(self._clock.now(), self._limits)
        seat.last_sequence, seat.capture = -1, None
        seat.sequences.clear()
        seat.clock.forget()
        if before is not None:
            self._replace(before)
        event = "reconnect" if seat.was_online else "connect"
        seat.was_online = True
        if seat.budget.may_note(self._clock.now()):
            self._journal.note(event, room=room.code, student=seat.name, took_over=before is not None)
        return room, seat

    def _come(self, room: LiveRoom, seat: Seat) -> None:
        """Take a place in the room for good: before, a seat is no more than a wish."""
        with self._database.session() as session:
            if count_arrived(session, room.id) >= min(room.settings.max_students, self._limits.seats):
                raise room_full()
            if not note_arrival(session, seat.id, datetime.fromtimestamp(self._clock.now(), UTC)):
                raise _no_seat()
        self._journal.note("join", room=room.code, student=seat.name, participant=seat.id)

    def welcome(self, room: LiveRoom, seat: Seat) -> None:
        """Send a student all that the page shows and what to send; tell the teachers and the judge."""
        with self._database.read() as session:
            messages = [message_view(m) for m in messages_for_student(session, room.id, seat.id).messages]
        told = {
            "participant": participant_view(room, seat),
            "room": room_view(room),
            "capture": {"fps": 0, "width": 320, "quality": 0.5},
            "exam": exam_for(room, seat),
            "messages": messages,
            "notices": self._audience.notices,
            "sound": sound_for(room),
            "place": room.settings.place is not None,
            "server_time": int(self._clock.now() * 1000),
        }
        self._broadcaster.to_seat(seat, "welcome", told)
        self._phones.tell_student(room, seat)
        self._audience.refresh_seat(room, seat)
        self._broadcaster.seat_changed(room, seat)
        self._observe(room, seat, ObservationKind.CONNECTION, {"online": True})

    def gone(self, sid: str) -> None:
        """Mark a student offline whose connection ended."""
        seat = self._directory.disconnect_seat(sid)
        room = self._directory.room(seat.room) if seat else None
        if seat is None or room is None:
            return
        seat.capture = None
        if seat.budget is None or seat.budget.may_note(self._clock.now()):
            self._journal.note("disconnect", room=room.code, student=seat.name)
        self._broadcaster.seat_changed(room, seat)
        if seat.state not in (ParticipantState.LEFT, ParticipantState.REMOVED):
            self._observe(room, seat, ObservationKind.CONNECTION, {"online": False})

    def camera(self, seat: Seat, state: str) -> None:
        """Take what the browser says of its camera."""
        room = self._room(seat)
        seat.camera = state
        if state != "on":
            seat.picture, seat.faces = "unknown", None
        self._broadcaster.seat_changed(room, seat)
        self._observe(room, seat, ObservationKind.CAMERA, {"state": state})

    def page(self, seat: Seat, state: str) -> None:
        """Take what the browser says of its page: in front, behind, or out of focus."""
        room = self._room(seat)
        seat.page = state
        self._broadcaster.seat_changed(room, seat)
        self._observe(room, seat, ObservationKind.PAGE, {"visible": state != "hidden", "focused": state == "visible"})

    def source(self, seat: Seat, facts: dict[str, Any]) -> None:
        """Take what the browser says of the camera itself: its name, its size, the rhythm of its pictures."""
        seat.source = facts
        self._observe(self._room(seat), seat, ObservationKind.SOURCE, facts)

    def tell_adjusted(self, room: LiveRoom, seat: Seat) -> None:
        """Tell the judge what is judged otherwise for this student."""
        self._observe(room, seat, ObservationKind.ADJUSTED, adjusted_values(seat.exemptions))

    def ready(self, seat: Seat) -> str:
        """Let a student who passed the system check in, or to the waiting room; return the new state.

        Raises:
            UserError: `phones_missing` while a phone that the room needs is not there or not well.
        """
        room = self._room(seat)
        if seat.state == ParticipantState.CHECKING:
            refuse_unready(room, seat)
            wanted = ParticipantState.WAITING if room.settings.admit_by_hand else ParticipantState.ADMITTED
            self._move(room, seat, wanted)
        return str(seat.state)

    def admit(self, room: LiveRoom, participant: str, admit: bool, by: str) -> None:
        """Let a waiting student in, or refuse; UserError `unknown_person` or `bad_move`."""
        seat = _seat(room, participant)
        self._move(room, seat, ParticipantState.ADMITTED if admit else ParticipantState.REFUSED)
        self._journal.note("admit" if admit else "refuse", room=room.code, student=seat.name, by=by)

    def remove(self, room: LiveRoom, participant: str, by: str) -> None:
        """Send a student out of the room for good; UserError `unknown_person` or `bad_move`."""
        seat = _seat(room, participant)
        self._journal.note("remove", room=room.code, student=seat.name, by=by)
        self._end(room, seat, ParticipantState.REMOVED)

    def leave(self, seat: Seat) -> None:
        """Let a student leave for good."""
        room = self._room(seat)
        self._journal.note("leave", room=room.code, student=seat.name)
        self._end(room, seat, ParticipantState.LEFT)

    def _end(self, room: LiveRoom, seat: Seat, state: ParticipantState) -> None:
        self._move(room, seat, state)
        self._monitor.forget(seat.id)

    def _move(self, room: LiveRoom, seat: Seat, state: ParticipantState) -> None:
        with self._database.session() as session:
            row = move_seat(session, seat.id, str(state), datetime.fromtimestamp(self._clock.now(), UTC))
        seat.state = row.state
        self._broadcaster.to_seat(seat, "admission", {"state": seat.state})
        if seat.state == ParticipantState.ADMITTED and room.state == RoomState.RUNNING:
            self._broadcaster.to_seat(seat, "room", {"room": room_view(room), "exam": exam_for(room, seat)})
            self.report_state(room, seat)
        self._phones.seat_moved(room, seat)
        self._audience.refresh_seat(room, seat)
        self._broadcaster.seat_changed(room, seat)

    def report_state(self, room: LiveRoom, seat: Seat) -> None:
        """Tell the judge what is known of a student when it begins to watch: nothing is forgiven by a start."""
        if seat.exemptions:
            self.tell_adjusted(room, seat)
        for kind, known in ((ObservationKind.BASELINE, seat.baseline), (ObservationKind.SOURCE, seat.source)):
            if known is not None:
                self._observe(room, seat, kind, known)
        self._observe(room, seat, ObservationKind.CONNECTION, {"online": seat.online})
        if seat.online:
            self._observe(room, seat, ObservationKind.CAMERA, {"state": seat.camera})
            self._observe(
                room, seat, ObservationKind.PAGE, {"visible": seat.page != "hidden", "focused": seat.page == "visible"}
            )
        self._phones.report_state(room, seat)
        # devices tell of their place once, mostly before the start
        for channel, place in list(seat.places.items()):
            self._observe(room, seat, ObservationKind.PLACE, place, channel)

    def _observe(
        self, room: LiveRoom, seat: Seat, kind: ObservationKind, values: dict[str, Any], channel: str = WEBCAM
    ) -> None:
        if is_told(room.state, seat.state, kind is ObservationKind.CONNECTION):
            self._monitor.offer_observation(Observation(room.id, seat.id, kind, self._clock.now(), values, channel))

    def _replace(self, sid: str) -> None:
        self._broadcaster.to_sid(STUDENT, sid, "replaced", {})
        self._broadcaster.disconnect(STUDENT, sid)

    def _room(self, seat: Seat) -> LiveRoom:
        room = self._directory.room(seat.room)
        if room is None:
            raise UserError("room_ended", "This room has ended.")
        return room


def sound_for(room: LiveRoom) -> dict[str, bool]:
    """Return what a room does with sound, for the student's page."""
    kept = room.settings
    on = kept.sound
    return {
        "on": on,
        "transcribe": on and kept.transcribe,
        "listening": on and kept.listening,
        "keep": on and kept.keep_sound,
    }


def exam_for(room: LiveRoom, seat: Seat) -> dict[str, Any] | None:
    """Return the exam paper for an admitted student while the room runs, and nothing at any other time."""
    shown = room.state == RoomState.RUNNING and seat.state == ParticipantState.ADMITTED
    return (room.exam or {"kind": "none"}) if shown else None


def _seat(room: LiveRoom, participant: str) -> Seat:
    seat = room.seats.get(participant)
    if seat is None:
        raise UserError("unknown_person", "This person is not in the room.")
    return seat


def _no_seat() -> NotAllowed:
    return NotAllowed("ticket_invalid", "This page's ticket is not valid. Please join again.")


def _refuse_gone(seat: Seat) -> None:
    if seat.state == ParticipantState.REMOVED:
        raise NotAllowed("removed", "Your teacher has taken you out of this room.")
    if seat.state == ParticipantState.LEFT:
        raise NotAllowed("left", "You have left this room for good.")

"""How the phones of live rooms are, and who is told: their student, the teachers, the judge."""

from typing import Any

from core.phone_roles import ROLES
from core.ports import Monitor
from core.types import Observation, ObservationKind
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom, Participant, Phone
from rooms.live.phone_health import are_ready, needs_of, phone_view, phones_view, problems_of
from rooms.live.views import room_view
from rooms.protocol.events import PHONE
from rooms.protocol.outgoing import PhoneRoom
from rooms.protocol.socket_rooms import phones_of
from rooms.setup.states import RoomState, is_told

LEAST_STEP_S = 1.0
"""What changes more often than this is told in one go."""


class PhoneStatus:
    """Weighs phones, and tells of them together with the conditions that they and the computer measure."""

    def __init__(self, context: RoomContext, monitor: Monitor) -> None:
        self._directory = context.directory
        self._broadcaster = context.broadcaster
        self._clock = context.clock
        self._monitor = monitor
        context.signals.condition_changed.connect(self.mark)

    def mark(self, room: LiveRoom, participant: Participant) -> None:
        """Know that phones or conditions changed: told at once, or together with what else comes soon."""
        participant.is_stale = True
        if not 0.0 <= self._clock.now() - participant.phones_told_at < LEAST_STEP_S:
            self.tell(room, participant)

    def look_around(self) -> None:
        """Find phones of which nothing comes any more, and tell what nobody was told yet; about every two seconds."""
        for room in self._directory.rooms():
            for participant in list(room.participants.values()):
                changed = [self.weigh(room, phone) for phone in list(participant.phones.values())]
                if any(changed) or participant.is_stale:
                    self.tell(room, participant)

    def tell(self, room: LiveRoom, participant: Participant) -> None:
        """Tell student, phones and teachers how the phones of a participant are."""
        participant.is_stale, participant.phones_told_at = False, self._clock.now()
        for phone in list(participant.phones.values()):
            self.weigh(room, phone)
            self._broadcaster.to_phone(phone, "phone", phone_view(room.settings, phone.role, phone))
        self.tell_student(room, participant)
        self._broadcaster.participant_changed(room, participant)

    def tell_student(self, room: LiveRoom, participant: Participant) -> None:
        """Tell a student how the phones of the participant are."""
        if room.settings.roles:
            self._broadcaster.to_participant(
                participant, "phones", {"phones": phones_view(room, participant), "ready": are_ready(room, participant)}
            )

    def room_changed(self, room: LiveRoom) -> None:
        """Tell every phone that the room, or what is asked for in it, changed, and close all where it has ended."""
        for role in ROLES:
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
            for role in ROLES:
                phone = participant.phones.get(role)
                self.observe(
                    room, participant, role, online=phone.online if phone else role not in room.settings.phones
                )
            self.tell(room, participant)

    def report_state(self, room: LiveRoom, participant: Participant) -> None:
        """Tell the judge which phones are there when it begins to watch: those that are needed, and those paired."""
        for role in room.settings.roles:
            phone = participant.phones.get(role)
            if phone is not None or role in room.settings.phones:
                self.observe(room, participant, role, online=phone is not None and phone.online)

    def weigh(self, room: LiveRoom, phone: Phone) -> bool:
        """Find out what is wrong with a phone now; say whether that changed."""
        before, phone.problems = phone.problems, problems_of(phone, room.settings, self._clock.now())
        return before != phone.problems

    def observe(self, room: LiveRoom, participant: Participant, role: str, *, online: bool) -> None:
        """Tell the judge whether a phone of this role is there."""
        self._offer(
            room,
            participant,
            ObservationKind.CONNECTION,
            role,
            {"online": online, "paired": role in participant.phones},
        )

    def forget_place(self, room: LiveRoom, participant: Participant, role: str) -> None:
        """Have the judge know no place of a phone any more that is not the student's."""
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

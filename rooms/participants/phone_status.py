"""How the phones of live rooms are, and who is told: their student, the teachers, the judge."""

from typing import Any

from core.phone_roles import ROLES
from core.ports import Monitor
from core.types import Observation, ObservationKind
from rooms.live.components import ConditionsTold, PhoneHealth
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Phone, Student
from rooms.live.phone_health import are_ready, needs_of, phone_view, phones_view, problems_of
from rooms.live.views import room_view
from rooms.protocol import incoming
from rooms.protocol.events import PHONE
from rooms.protocol.outgoing import PhoneRoom
from rooms.protocol.socket_rooms import phones_of
from rooms.setup.states import GONE, RoomState, is_told

LEAST_STEP_S = 1.0
"""What changes more often than this is told in one go."""


class PhoneStatus:
    """Weighs phones, and tells of them together with the conditions that they and the computer measure."""

    def __init__(self, context: RoomContext, monitor: Monitor) -> None:
        self._directory = context.directory
        self._broadcaster = context.broadcaster
        self._clock = context.clock
        self._monitor = monitor
        context.signals.students.condition_changed.connect(self.mark)
        context.signals.phones.connected.connect(self._phone_connected)
        context.signals.phones.disconnected.connect(self._phone_disconnected)
        context.signals.phones.left.connect(self._phone_left)

    def mark(self, room: LiveRoom, participant: Student) -> None:
        """Know that phones or conditions changed: told at once, or together with what else comes soon."""
        participant.conditions_told.is_stale = True
        if not 0.0 <= self._clock.now() - participant.conditions_told.at < LEAST_STEP_S:
            self.tell(room, participant)

    def look_around(self) -> None:
        """Find phones of which nothing comes any more, and tell what nobody was told yet; about every two seconds."""
        for room in self._directory.rooms():
            for participant in list(room.students.values()):
                changed = [self.weigh(room, phone) for phone in room.phones_of(participant).values()]
                if any(changed) or participant.conditions_told.is_stale:
                    self.tell(room, participant)

    def tell(self, room: LiveRoom, participant: Student) -> None:
        """Tell student, phones and teachers how the phones of a participant are."""
        participant.conditions_told = ConditionsTold(self._clock.now())
        for phone in room.phones_of(participant).values():
            self.weigh(room, phone)
            self._broadcaster.to_participant(phone, "phone", phone_view(room.settings, phone.role, phone))
        self.tell_student(room, participant)
        self._broadcaster.participant_changed(room, participant)

    def tell_student(self, room: LiveRoom, participant: Student) -> None:
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
        for participant in list(room.students.values()):
            for phone in room.phones_of(participant).values():
                if room.state == RoomState.ENDED and phone.sid is not None:
                    self._broadcaster.disconnect(PHONE, phone.sid)
            self.tell_student(room, participant)

    def settings_changed(self, room: LiveRoom) -> None:
        """Tell the judge which phones are missing under new settings, and which nobody waits for any more."""
        for participant in list(room.students.values()):
            for role in ROLES:
                phone = room.phone_of(participant, role)
                self.observe(
                    room, participant, role, online=phone.online if phone else role not in room.settings.phones
                )
            self.tell(room, participant)

    def report_state(self, room: LiveRoom, participant: Student) -> None:
        """Tell the judge which phones are there when it begins to watch: those that are needed, and those paired."""
        for role in room.settings.roles:
            phone = room.phone_of(participant, role)
            if phone is not None or role in room.settings.phones:
                self.observe(room, participant, role, online=phone is not None and phone.online)

    def health_told(self, room: LiveRoom, phone: Phone, told: incoming.Health) -> None:
        """Take what a phone says of itself, and pass on what changed."""
        changed = told != phone.health.told
        phone.health.told = told
        if self.weigh(room, phone) or changed:
            self.mark(room, phone.owner)

    def weigh(self, room: LiveRoom, phone: Phone) -> bool:
        """Find out what is wrong with a phone now; say whether that changed."""
        before = phone.health.problems
        phone.health.problems = problems_of(phone, room.settings, self._clock.now())
        return before != phone.health.problems

    def observe(self, room: LiveRoom, participant: Student, role: str, *, online: bool) -> None:
        """Tell the judge whether a phone of this role is there."""
        self._offer(
            room,
            participant,
            ObservationKind.CONNECTION,
            role,
            {"online": online, "paired": room.phone_of(participant, role) is not None},
        )

    def _phone_connected(self, _room: LiveRoom, participant: Phone) -> None:
        """Know that what the last page said may be over, and that the new one has said nothing."""
        participant.health = PhoneHealth()

    def _phone_disconnected(self, room: LiveRoom, participant: Phone) -> None:
        """Tell judge, student and teachers that a phone is lost."""
        if participant.owner.state not in GONE:
            self.observe(room, participant.owner, participant.role, online=False)
        self.tell(room, participant.owner)

    def _phone_left(self, room: LiveRoom, participant: Phone) -> None:
        """Have the judge know no place of a phone any more that is not the student's."""
        if participant.place is not None:
            nowhere = {"state": "unknown", "distance": None, "accuracy": None}
            self._offer(room, participant.owner, ObservationKind.PLACE, participant.role, nowhere)

    def _offer(
        self, room: LiveRoom, participant: Student, kind: ObservationKind, role: str, values: dict[str, Any]
    ) -> None:
        if is_told(room.state, participant.state, kind is ObservationKind.CONNECTION):
            self._monitor.offer_observation(
                Observation(room.id, participant.id, kind, self._clock.now(), values, channel=str(role))
            )

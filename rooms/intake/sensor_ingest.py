"""What comes in that is no picture: movement, sound, light, place; checked, put in our time, handed over."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Protocol

from core.errors import ExamError, ProtocolError, UserError
from core.phone_roles import MOTION_ROLES
from core.ports import Monitor
from core.types import Observation, ObservationKind, Reading, ReadingKind
from rooms.intake.readings import Sound, check_motion, check_sound
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Participant, Phone, Student
from rooms.live.picture_relay import WEBCAM
from rooms.protocol import incoming
from rooms.protocol.limits import SOUND_SECONDS
from rooms.setup import geofence
from rooms.setup.states import RoomState, is_judged

LOUDER_DB = 3.0
"""A floor that moved by this is worth an event to the teachers."""
BRIGHTER = 1.2
"""And light that changed by this factor."""


class SoundListener(Protocol):
    """Who wants the sounds and levels of a room where sound is on: the live levels, live listening."""

    def sound_came(self, room: LiveRoom, participant: Student, channel: str, sound: Sound) -> None:
        """Take a piece of sound, whatever the state of room and student."""
        ...

    def level_came(self, room: LiveRoom, participant: Student, channel: str, level: float, floor: float) -> None:
        """Take a level and the floor it stands over, in dBFS."""
        ...


class InputListener(Protocol):
    """Who wants to know that a student types or uses the mouse: what explains movement."""

    def used(self, room: LiveRoom, participant: Student) -> None:
        """Know it, now."""
        ...


class SensorIngest:
    """Takes readings of phones and of students' computers."""

    def __init__(
        self,
        context: RoomContext,
        monitor: Monitor,
        listeners: Sequence[SoundListener] = (),
        inputs: Sequence[InputListener] = (),
    ) -> None:
        self._directory = context.directory
        self._changed = context.signals.students.condition_changed
        self._monitor = monitor
        self._clock = context.clock
        self._listeners = listeners
        self._inputs = inputs
        self.counts: Counter[str] = Counter(dict.fromkeys(("taken", "refused", "dropped"), 0))
        """Batches of movement and sound since the start; dropped: those taken that nobody kept up with."""

    def motion(self, phone: Phone, payload: incoming.MotionBatch) -> None:
        """Take a batch of movement.

        Raises:
            UserError: `not_wanted` from a phone that is not for movement, `bad_reading`, `stale_reading`, `room_ended`.
            ProtocolError: `bad_message`.
        """
        with self._counting():
            room = self._room(phone)
            if phone.role not in MOTION_ROLES:
                raise _not_wanted()
            batch = check_motion(payload)
            phone.uplink.take_number("motion", batch.seq)
        now = self._clock.now()
        # what was measured last came the shortest way
        ended_at = phone.uplink.clock.server_time(batch.at + batch.span, now)
        phone.uplink.hear(now, moved=True)
        student = phone.owner
        self._hand_over(
            room,
            student,
            Reading(room.id, student.id, phone.role, ReadingKind.MOTION, ended_at - batch.span, batch.data),
        )

    def sound(self, sender: Participant, payload: incoming.SoundPiece) -> None:
        """Take a piece of sound; UserError `not_wanted` where the room has no sound, else as `motion`.

        Raises:
            Busy: `too_fast` where more sound comes than a microphone makes.
        """
        with self._counting():
            room = self._room(sender)
            if not room.settings.sound:
                raise _not_wanted()
            sound, participant, channel = check_sound(payload), sender.student, sender.channel
            sender.uplink.take_number("sound", sound.seq)
            now = self._clock.now()
            if sender.uplink.budget is not None:
                sender.uplink.budget.spend(SOUND_SECONDS, now, sound.span)
        began_at = sender.uplink.clock.server_time(sound.at + sound.span, now) - sound.span
        sender.uplink.hear(now)
        for listener in self._listeners:
            listener.sound_came(room, participant, channel, sound)
        self._know_floor(room, participant, channel, sound.floor)
        values = {"level": sound.level, "floor": sound.floor, "why": sound.why}
        self._hand_over(
            room,
            participant,
            Reading(room.id, participant.id, channel, ReadingKind.SOUND, began_at, sound.data, values),
        )

    def level(self, sender: Participant, payload: incoming.Level) -> None:
        """Take how loud it is where nothing is worth sending; UserError `not_wanted` where the room has no sound."""
        room, participant, channel = self._room(sender), sender.student, sender.channel
        if not room.settings.sound:
            raise _not_wanted()
        level, floor = float(payload["level"]), float(payload["floor"])
        for listener in self._listeners:
            listener.level_came(room, participant, channel, level, floor)
        self._know_floor(room, participant, channel, floor)

    def light(self, phone: Phone, payload: incoming.LightLevel) -> None:
        """Take how bright it is at a phone."""
        room, participant, lux = self._room(phone), phone.owner, float(payload["lux"])
        before = participant.surroundings.lux
        if before is None or not before / BRIGHTER <= lux <= before * BRIGHTER:
            participant.surroundings.lux = lux
            self._changed.send(room, participant=participant)
        self._observe(room, participant, phone.role, ObservationKind.LIGHT, {"lux": lux, "luminance": None})

    def place(self, sender: Participant, payload: incoming.Place) -> None:
        """Take where a device is, and keep no more of it than whether that is the place of the exam.

        Raises:
            UserError: `not_wanted` where the room has no place.
            ProtocolError: `bad_message` for `known` without numbers.
        """
        room, participant = self._room(sender), sender.student
        area = room.settings.place
        if area is None:
            raise _not_wanted()
        values: dict[str, Any] = {"state": "unknown", "distance": None, "accuracy": None}
        if payload["state"] == "known":
            latitude, longitude, accuracy = payload.get("latitude"), payload.get("longitude"), payload.get("accuracy")
            if latitude is None or longitude is None or accuracy is None:
                raise ProtocolError("bad_message", "The server did not understand “%(what)s”.", what="place")
            values = geofence.judge(area, float(latitude), float(longitude), float(accuracy))
        known = {"state": values["state"], "accuracy": values["accuracy"]}
        if sender is participant or participant.surroundings.place is None:
            participant.surroundings.place = known
            self._changed.send(room, participant=participant)
        sender.place = values
        self._observe(room, participant, sender.channel, ObservationKind.PLACE, values)

    def microphone(self, participant: Student, state: str) -> None:
        """Take what the student's browser says of its microphone."""
        room = self._room(participant)
        participant.surroundings.microphone = state
        self._changed.send(room, participant=participant)

    def input(self, participant: Student, payload: incoming.Input) -> None:
        """Take that the student typed or used the mouse: how often, never what; nothing at all is no use."""
        room = self._room(participant)
        if not any(payload.values()):
            return
        for listener in self._inputs:
            listener.used(room, participant)
        self._observe(room, participant, WEBCAM, ObservationKind.INPUT, dict(payload))

    @contextmanager
    def _counting(self) -> Iterator[None]:
        """Count what passes the checks inside, and what does not."""
        try:
            yield
        except ExamError:
            self.counts["refused"] += 1
            raise
        self.counts["taken"] += 1

    def _know_floor(self, room: LiveRoom, participant: Student, channel: str, floor: float) -> None:
        if channel != WEBCAM and participant.surroundings.microphone == "on":
            return
        before = participant.surroundings.sound_floor
        if before is None or abs(floor - before) >= LOUDER_DB:
            participant.surroundings.sound_floor = round(floor, 1)
            self._changed.send(room, participant=participant)

    def _hand_over(self, room: LiveRoom, participant: Student, reading: Reading) -> None:
        judged = is_judged(room.state, participant.state)
        if judged is not None and not self._monitor.offer_reading(replace(reading, judged=judged)):
            self.counts["dropped"] += 1

    def _observe(
        self, room: LiveRoom, participant: Student, channel: str, kind: ObservationKind, values: dict[str, Any]
    ) -> None:
        if is_judged(room.state, participant.state):
            self._monitor.offer_observation(
                Observation(room.id, participant.id, kind, self._clock.now(), values, channel=channel)
            )

    def _room(self, participant: Participant) -> LiveRoom:
        room = self._directory.room(participant.room)
        if room is None or room.state == RoomState.ENDED:
            raise UserError("room_ended", "This room has ended.")
        return room


def _not_wanted() -> UserError:
    return UserError("not_wanted", "This room does not ask for this.")

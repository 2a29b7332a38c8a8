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
from rooms.live.directory import LiveRoom, Participant, Phone
from rooms.live.grid import WEBCAM
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

    def sound_came(self, room: LiveRoom, participant: Participant, channel: str, sound: Sound) -> None:
        """Take a piece of sound, whatever the state of room and student."""
        ...

    def level_came(self, room: LiveRoom, participant: Participant, channel: str, level: float, floor: float) -> None:
        """Take a level and the floor it stands over, in dBFS."""
        ...


class InputListener(Protocol):
    """Who wants to know that a student types or uses the mouse: what explains movement."""

    def used(self, room: LiveRoom, participant: Participant) -> None:
        """Know it, now."""
        ...


class SensorIngest:
    """Takes readings of phones and of students' computers, `phone` None for the latter."""

    def __init__(
        self,
        context: RoomContext,
        monitor: Monitor,
        listeners: Sequence[SoundListener] = (),
        inputs: Sequence[InputListener] = (),
    ) -> None:
        self._directory = context.directory
        self._changed = context.signals.condition_changed
        self._monitor = monitor
        self._clock = context.clock
        self._listeners = listeners
        self._inputs = inputs
        self.counts: Counter[str] = Counter(dict.fromkeys(("taken", "refused", "dropped"), 0))
        """Batches of movement and sound since the start; dropped: those taken that nobody kept up with."""

    def motion(self, participant: Participant, phone: Phone, payload: incoming.MotionBatch) -> None:
        """Take a batch of movement.

        Raises:
            UserError: `not_wanted` from a phone that is not for movement, `bad_reading`, `stale_reading`, `room_ended`.
            ProtocolError: `bad_message`.
        """
        with self._counting():
            room = self._room(participant)
            if phone.role not in MOTION_ROLES:
                raise _not_wanted()
            batch = check_motion(payload)
            _newer(phone, "motion", batch.seq)
        now = self._clock.now()
        # what was measured last came the shortest way
        ended_at = phone.clock.server_time(batch.at + batch.span, now)
        phone.heard_at = phone.moved_at = now
        self._hand_over(
            room,
            participant,
            Reading(room.id, participant.id, phone.role, ReadingKind.MOTION, ended_at - batch.span, batch.data),
        )

    def sound(self, participant: Participant, phone: Phone | None, payload: incoming.SoundPiece) -> None:
        """Take a piece of sound; UserError `not_wanted` where the room has no sound, else as `motion`.

        Raises:
            Busy: `too_fast` where more sound comes than a microphone makes.
        """
        with self._counting():
            room = self._room(participant)
            if not room.settings.sound:
                raise _not_wanted()
            sound, sender, channel = check_sound(payload), phone or participant, _channel(phone)
            _newer(sender, "sound", sound.seq)
            now = self._clock.now()
            if sender.budget is not None:
                sender.budget.spend(SOUND_SECONDS, now, sound.span)
        began_at = sender.clock.server_time(sound.at + sound.span, now) - sound.span
        if phone is not None:
            phone.heard_at = now
        for listener in self._listeners:
            listener.sound_came(room, participant, channel, sound)
        self._know_floor(room, participant, channel, sound.floor)
        values = {"level": sound.level, "floor": sound.floor, "why": sound.why}
        self._hand_over(
            room,
            participant,
            Reading(room.id, participant.id, channel, ReadingKind.SOUND, began_at, sound.data, values),
        )

    def level(self, participant: Participant, phone: Phone | None, payload: incoming.Level) -> None:
        """Take how loud it is where nothing is worth sending; UserError `not_wanted` where the room has no sound."""
        room = self._room(participant)
        if not room.settings.sound:
            raise _not_wanted()
        level, floor, channel = float(payload["level"]), float(payload["floor"]), _channel(phone)
        for listener in self._listeners:
            listener.level_came(room, participant, channel, level, floor)
        self._know_floor(room, participant, channel, floor)

    def light(self, participant: Participant, phone: Phone, payload: incoming.LightLevel) -> None:
        """Take how bright it is at a phone."""
        room, lux = self._room(participant), float(payload["lux"])
        before = participant.conditions.get("lux")
        if before is None or not before / BRIGHTER <= lux <= before * BRIGHTER:
            participant.conditions["lux"] = lux
            self._changed.send(room, participant=participant)
        self._observe(room, participant, phone.role, ObservationKind.LIGHT, {"lux": lux, "luminance": None})

    def place(self, participant: Participant, phone: Phone | None, payload: incoming.Place) -> None:
        """Take where a device is, and keep no more of it than whether that is the place of the exam.

        Raises:
            UserError: `not_wanted` where the room has no place.
            ProtocolError: `bad_message` for `known` without numbers.
        """
        room, channel = self._room(participant), _channel(phone)
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
        if channel == WEBCAM or participant.conditions.get("place") is None:
            participant.conditions["place"] = known
            self._changed.send(room, participant=participant)
        participant.places[channel] = values
        self._observe(room, participant, channel, ObservationKind.PLACE, values)

    def microphone(self, participant: Participant, state: str) -> None:
        """Take what the student's browser says of its microphone."""
        room = self._room(participant)
        participant.microphone = state
        self._changed.send(room, participant=participant)

    def input(self, participant: Participant, payload: incoming.Input) -> None:
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

    def _know_floor(self, room: LiveRoom, participant: Participant, channel: str, floor: float) -> None:
        if channel != WEBCAM and participant.microphone == "on":
            return
        before = participant.conditions.get("sound_floor")
        if before is None or abs(floor - before) >= LOUDER_DB:
            participant.conditions["sound_floor"] = round(floor, 1)
            self._changed.send(room, participant=participant)

    def _hand_over(self, room: LiveRoom, participant: Participant, reading: Reading) -> None:
        judged = is_judged(room.state, participant.state)
        if judged is not None and not self._monitor.offer_reading(replace(reading, judged=judged)):
            self.counts["dropped"] += 1

    def _observe(
        self, room: LiveRoom, participant: Participant, channel: str, kind: ObservationKind, values: dict[str, Any]
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


def _channel(phone: Phone | None) -> str:
    return WEBCAM if phone is None else str(phone.role)


def _newer(sender: Phone | Participant, kind: str, seq: int) -> None:
    if seq <= sender.sequences.get(kind, -1):
        raise UserError("stale_reading", "A newer reading came before this one.")
    sender.sequences[kind] = seq


def _not_wanted() -> UserError:
    return UserError("not_wanted", "This room does not ask for this.")

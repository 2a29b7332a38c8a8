"""What microphones and arms say at this moment, told to the teachers at most once a second, and only what changed."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.arm import ArmLevel, is_explained, is_moved
from core.types import Observation, ObservationKind
from rooms.intake.readings import Sound
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom, TeacherLink
from rooms.live.participant import Student
from rooms.protocol.events import TEACHER
from rooms.protocol.outgoing import Sensors
from rooms.setup.states import RoomState

INTERVAL = 1.0  # seconds between two events to a room
LEAST_DB = 1.0  # of level or floor that is worth an event
LEAST_SPEECH = 0.1  # of 1
SPEECH_LASTS = 2.0  # seconds after which speech is over unless it is heard again
STALE = 30.0  # seconds after which nothing is known any more; pages say how loud it is every ten

LOUD_DB = 15.0
"""Over the room's own floor: people talking across a room, music, a television."""
LOUD_AFTER, QUIET_AFTER = 10.0, 5.0  # seconds of noise until NOISE_LEVEL is told, and of quiet until it is over


@dataclass(slots=True)
class SoundState:
    """One microphone: levels in dBFS, when they came, and since when it has been loud."""

    level: float = -120.0
    floor: float = -120.0
    speech: float | None = None
    at: float = 0.0
    speech_at: float = 0.0
    loud_since: float | None = None
    loud_at: float = 0.0

    def hear(self, level: float, floor: float, now: float) -> None:
        """Take how loud it is."""
        self.level, self.floor, self.at = round(level, 1), round(floor, 1), now
        if level - floor >= LOUD_DB:
            self.loud_since = now if self.loud_since is None else self.loud_since
            self.loud_at = now
        elif now - self.loud_at > QUIET_AFTER:
            self.loud_since = None

    def row(self, now: float) -> tuple[float, float, float | None]:
        """Return what is told of it now."""
        speech = self.speech if now - self.speech_at <= SPEECH_LASTS else (None if self.speech is None else 0.0)
        return self.level, self.floor, speech

    def noise(self, now: float) -> float | None:
        """Return since when it has been loud, once that is long enough."""
        since = self.loud_since
        if since is None or now - self.loud_at > QUIET_AFTER:
            self.loud_since = None
            return None
        return since if self.loud_at - since >= LOUD_AFTER else None


@dataclass(slots=True)
class ArmState:
    """One arm: its level, and the newest window."""

    level: ArmLevel = field(default_factory=ArmLevel)
    family: str = "calm"
    strength: float = 0.0
    explained: bool = False
    at: float = 0.0
    used_at: float = float("-inf")

    def feel(self, seen: Observation) -> None:
        """Take one window."""
        values = seen.values
        moved = is_moved(values)
        self.explained = moved and is_explained(seen.at, self.used_at)
        self.level.add(seen.at, moved, self.explained)
        self.family, self.strength, self.at = str(values.get("family")), float(values.get("strength") or 0.0), seen.at

    def row(self, now: float) -> tuple[int, str, bool, float]:
        """Return what is told of it now."""
        return self.level.level(now), self.family, self.explained, round(self.strength, 1)


Key = tuple[str, str]  # participant, channel


class LastSent:
    """What is known of one room, and what its teachers were told last."""

    def __init__(self) -> None:
        self.at = 0.0
        self.sounds: dict[Key, SoundState] = {}
        self.arms: dict[str, ArmState] = {}
        self.told_sounds: dict[Key, tuple[float, float, float | None]] = {}
        self.told_arms: dict[str, tuple[int, str, bool, float]] = {}
        self.noisy: dict[str, Mapping[str, Any]] = {}


class SensorLevels:
    """Observer of readings and listener to sound; every method may be called from any thread."""

    def __init__(self, context: RoomContext) -> None:
        self._directory = context.directory
        self._broadcaster = context.broadcaster
        self._clock = context.clock
        self._rooms: dict[str, LastSent] = {}
        self._lock = threading.Lock()
        context.signals.teacher_joined.connect(self.welcome)

    # ------------------------------------------------------------------------------ what comes

    def sensed(self, observations: Sequence[Observation], judged: bool) -> None:
        """Take the facts of readings."""
        rooms: dict[str, LiveRoom] = {}
        for seen in observations:
            room = self._directory.room(seen.room)
            if room is None or seen.participant not in room.students:
                continue
            rooms[room.id] = room
            with self._lock:
                self._sense(self._told(room), seen)
        for room in rooms.values():
            self.tell(room)

    def sound_came(self, room: LiveRoom, participant: Student, channel: str, sound: Sound) -> None:
        """Take a piece of sound."""
        self.level_came(room, participant, channel, sound.level, sound.floor)

    def level_came(self, room: LiveRoom, participant: Student, channel: str, level: float, floor: float) -> None:
        """Take a level and the floor it stands over, in dBFS."""
        with self._lock:
            known = self._told(room).sounds.setdefault((participant.id, channel), SoundState())
            known.hear(level, floor, self._clock.now())
        self.tell(room)

    def used(self, room: LiveRoom, participant: Student) -> None:
        """Know that the student typed or used the mouse now."""
        with self._lock:
            self._told(room).arms.setdefault(participant.id, ArmState()).used_at = self._clock.now()

    # ------------------------------------------------------------------------------ what is told

    def arm_level(self, room: LiveRoom, participant: Student) -> int | None:
        """Return how much a student's arm moves now, 0 to 100, None where no phone on an arm told."""
        with self._lock:
            arm = self._told(room).arms.get(participant.id)
        return arm.row(self._clock.now())[0] if arm is not None and arm.at else None

    def welcome(self, room: LiveRoom, link: TeacherLink) -> None:
        """Tell a teacher's page all that is known."""
        now = self._clock.now()
        with self._lock:
            told = self._told(room)
            event = _event(_arm_rows(told, now), _sound_rows(told, now))
        if event["arms"] or event["sounds"]:
            self._broadcaster.to_sid(TEACHER, link.sid, "sensors", event)

    def tell(self, room: LiveRoom) -> None:
        """Tell the teachers what changed, unless they were told something less than a second ago."""
        now = self._clock.now()
        with self._lock:
            told = self._told(room)
            if room.state == RoomState.ENDED or 0.0 <= now - told.at < INTERVAL:
                return
            told.at = now
            event = _changes(told, now)
            moved = self._weigh_noise(room, told, now)
        if event["arms"] or event["sounds"]:
            self._broadcaster.to_teachers(room, "sensors", event)
        for participant in moved:
            self._broadcaster.participant_changed(room, participant)

    def look_around(self) -> None:
        """Tell what changed by time alone, and forget what is old; about every two seconds."""
        for room in self._directory.rooms():
            with self._lock:
                _drop_stale(self._told(room), room, self._clock.now())
            self.tell(room)
        with self._lock:
            for room_id in [one for one in self._rooms if self._directory.room(one) is None]:
                del self._rooms[room_id]

    # ------------------------------------------------------------------------------ under the lock

    def _sense(self, told: LastSent, seen: Observation) -> None:
        if seen.kind is ObservationKind.ARM:
            told.arms.setdefault(seen.participant, ArmState()).feel(seen)
        elif seen.kind is ObservationKind.SOUND and seen.values.get("speech") is not None:
            known = told.sounds.setdefault((seen.participant, seen.channel), SoundState(at=self._clock.now()))
            speech = round(float(seen.values["speech"]), 2)
            is_older = self._clock.now() - known.speech_at > INTERVAL
            known.speech = speech if is_older else max(speech, known.speech or 0.0)
            known.speech_at = self._clock.now()

    def _weigh_noise(self, room: LiveRoom, told: LastSent, now: float) -> list[Student]:
        """Return the participants whose NOISE_LEVEL began or ended."""
        noisy: dict[str, Mapping[str, Any]] = {}
        for (participant_id, channel), known in told.sounds.items():
            since = known.noise(now)
            if since is not None and participant_id not in noisy:
                noisy[participant_id] = {"channel": channel, "since": round(since * 1000), "level": known.level}
        changed = [one for one in {*noisy, *told.noisy} if (one in noisy) != (one in told.noisy)]
        told.noisy = noisy
        participants = [room.students[one] for one in changed if one in room.students]
        for participant in participants:
            participant.noise = noisy.get(participant.id)
        return participants

    def _told(self, room: LiveRoom) -> LastSent:
        return self._rooms.setdefault(room.id, LastSent())


def _arm_rows(told: LastSent, now: float) -> dict[str, tuple[int, str, bool, float]]:
    return {who: arm.row(now) for who, arm in told.arms.items() if arm.at}


def _sound_rows(told: LastSent, now: float) -> dict[Key, tuple[float, float, float | None]]:
    return {key: known.row(now) for key, known in told.sounds.items()}


def _changes(told: LastSent, now: float) -> Sensors:
    arms = {who: row for who, row in _arm_rows(told, now).items() if row != told.told_arms.get(who)}
    sounds = {key: row for key, row in _sound_rows(told, now).items() if _differs(row, told.told_sounds.get(key))}
    told.told_arms.update(arms)
    told.told_sounds.update(sounds)
    return _event(arms, sounds)


def _differs(row: tuple[float, float, float | None], before: tuple[float, float, float | None] | None) -> bool:
    if before is None or (row[2] is None) != (before[2] is None):
        return True
    is_other = any(abs(new - old) >= LEAST_DB for new, old in zip(row[:2], before[:2], strict=True))
    return is_other or abs((row[2] or 0.0) - (before[2] or 0.0)) >= LEAST_SPEECH


def _drop_stale(told: LastSent, room: LiveRoom, now: float) -> None:
    for key in [key for key, known in told.sounds.items() if now - known.at > STALE or key[0] not in room.students]:
        del told.sounds[key]
        told.told_sounds.pop(key, None)
    for who in [who for who in told.arms if who not in room.students]:
        del told.arms[who]
        told.told_arms.pop(who, None)


def _event(arms: Mapping[str, Iterable[Any]], sounds: Mapping[Key, Iterable[Any]]) -> Sensors:
    return {
        "arms": [[who, *row] for who, row in arms.items()],
        "sounds": [[*key, *row] for key, row in sounds.items()],
    }

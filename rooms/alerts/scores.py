"""Attention and suspicion of every student, told to the teachers at most once a second, and only what changed."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from core.types import AlertWeight, Frame, Observation, Severity
from rooms.alerts.event_names import ATTENTION_UPDATE, AttentionLog
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom, TeacherLink
from rooms.live.participant import Student
from rooms.protocol.accommodation_kinds import NO_GAZE
from rooms.protocol.events import TEACHER
from rooms.protocol.outgoing import Attention
from rooms.setup.states import ParticipantState, RoomState
from store.alerts import AlertRow, weighty_alerts

INTERVAL = 1.0  # seconds between two events to a room
STALE = 15.0  # seconds after which an attention is no longer known
LEAST_STEP = 2  # points of attention that are worth an event

Suspicion = Callable[[Iterable[AlertWeight], float], int]


class AttentionState(Protocol):
    """A student's attention: 0 to 100, its label, and when it was seen."""

    @property
    def score(self) -> float: ...

    @property
    def label(self) -> str: ...

    @property
    def at(self) -> float: ...


class AttentionMeter(Protocol):
    """What turns observations into attention; detection's, handed in by app.py."""

    def know(self, participant: str, baseline: Mapping[str, Any] | None, gaze: bool = True) -> None:
        """Measure this student from a baseline; without `gaze` neither head nor eyes count."""

    def feed(self, observation: Observation) -> None:
        """Take one observation."""

    def state_of(self, participant: str) -> AttentionState | None:
        """Return a student's attention, None before the first look that could be judged."""

    def forget(self, participant: str) -> None:
        """Drop a student who left."""


class Score(NamedTuple):
    """What a teacher's page shows of one student; attention None while it is not known."""

    attention: int | None
    label: str | None
    suspicion: int

    def differs(self, other: "Score | None") -> bool:
        """Say whether the step from another score is worth an event."""
        if other is None or (self.label, self.suspicion) != (other.label, other.suspicion):
            return True
        return self.attention is not None and abs(self.attention - (other.attention or 0)) >= LEAST_STEP


NOTHING = Score(None, None, 0)


class LastSent:
    """What one room was told, and the alerts that weigh in it, by student and alert."""

    def __init__(self) -> None:
        self.at = 0.0
        self.scores: dict[str, Score] = {}
        self.charges: dict[str, dict[str, AlertWeight]] = {}


class Scores:
    """Observer of frames and listener to alerts; every method may be called from any thread."""

    def __init__(self, context: RoomContext, attention: AttentionMeter, suspicion: Suspicion) -> None:
        self._database = context.database
        self._directory = context.directory
        self._broadcaster = context.broadcaster
        self._clock = context.clock
        self._attention = attention
        self._suspicion = suspicion
        self._attention_log = AttentionLog(context)
        self._rooms: dict[str, LastSent] = {}
        self._lock = threading.Lock()
        context.signals.teacher_joined.connect(self.welcome)
        context.signals.when_gone(self.forget)

    def observed(self, frame: Frame, observations: Sequence[Observation]) -> None:
        """Take the facts of one analysed frame."""
        room = self._directory.room(frame.room)
        participant = room.students.get(frame.participant) if room else None
        if room is None or participant is None or not frame.judged or frame.channel != "webcam":
            return
        with self._lock:
            self._attention.know(participant.id, participant.baseline, NO_GAZE not in participant.accommodations.kinds)
            for observation in observations:
                self._attention.feed(observation)
        self.tell(room)

    def alert_changed(self, room: LiveRoom, row: AlertRow) -> None:
        """Weigh an alert that is new, over, judged, or a notice by now."""
        told = self._told(room)
        with self._lock:
            of_student = told.charges.setdefault(row.participant_id, {})
            if row.verdict == "dismissed":
                of_student.pop(row.id, None)
            else:
                of_student[row.id] = _charge(row)
        self.tell(room)

    def forget(self, participant: str) -> None:
        """Drop the attention of a student who left; what weighs against the student stays with the alerts."""
        with self._lock:
            self._attention.forget(participant)

    def attention_of(self, participant: str) -> int | None:
        """Return a student's attention, 0 to 100, None while it is not known."""
        with self._lock:
            state = self._attention.state_of(participant)
        return None if state is None or abs(self._clock.now() - state.at) > STALE else round(state.score)

    def look_around(self) -> None:
        """Tell what changed by time alone, and forget rooms that are gone; about every two seconds."""
        for room in self._directory.rooms():
            self.tell(room)
        for room_id in [one for one in self._rooms if self._directory.room(one) is None]:
            self._forget(room_id)

    def welcome(self, room: LiveRoom, link: TeacherLink) -> None:
        """Tell a teacher's page every score there is."""
        scores = self._scores(room, self._told(room), self._clock.now())
        known = {participant: score for participant, score in scores.items() if score != NOTHING}
        self._broadcaster.to_sid(TEACHER, link.sid, "attention", _event(known))

    def tell(self, room: LiveRoom) -> None:
        """Tell the teachers what changed, unless they were told something less than a second ago."""
        now, told = self._clock.now(), self._told(room)
        if room.state != RoomState.RUNNING or 0.0 <= now - told.at < INTERVAL:
            return
        told.at = now
        scores = self._scores(room, told, now)
        changed = {who: score for who, score in scores.items() if score.differs(told.scores.get(who, NOTHING))}
        told.scores.update(changed)
        if changed:
            self._broadcaster.to_teachers(room, "attention", _event(changed))
        for who, score in changed.items():
            if participant := room.students.get(who):
                self._attention_log.note(room, participant, score.attention, score.label)

    def _scores(self, room: LiveRoom, told: LastSent, now: float) -> dict[str, Score]:
        with self._lock:
            return {participant.id: self._score(participant, told, now) for participant in list(room.students.values())}

    def _score(self, participant: Student, told: LastSent, now: float) -> Score:
        level = self._suspicion(told.charges.get(participant.id, {}).values(), now)
        state = self._attention.state_of(participant.id) if participant.state == ParticipantState.ADMITTED else None
        if state is None or abs(now - state.at) > STALE:
            return Score(None, None, level)
        return Score(round(state.score), state.label, level)

    def _told(self, room: LiveRoom) -> LastSent:
        known = self._rooms.get(room.id)
        if known is not None:
            return known
        told = LastSent()
        with self._database.read() as session:
            for row in weighty_alerts(session, room.id):
                told.charges.setdefault(row.participant_id, {})[row.id] = _charge(row)
        with self._lock:
            return self._rooms.setdefault(room.id, told)

    def _forget(self, room_id: str) -> None:
        with self._lock:
            told = self._rooms.pop(room_id, None)
            for participant in {*told.scores, *told.charges} if told else ():
                self._attention.forget(participant)


def _charge(row: AlertRow) -> AlertWeight:
    ended_at = None if row.ended_at is None else row.ended_at.timestamp()
    return AlertWeight(row.kind, Severity(row.severity), ended_at)


def _event(scores: Mapping[str, Score]) -> Attention:
    return {"event": ATTENTION_UPDATE, "scores": [[who, *score] for who, score in scores.items()]}

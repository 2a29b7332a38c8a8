"""Attention 0 to 100: how much of a student's looks goes to screen and paper. Geometry alone, never emotion.

One look scores 100 and loses

    POSE_LOSS   x how far the line of sight (head and eyes) is beyond what is usual: nothing up to half of the limit of
                its direction, all of it at one and a half times the limit (line_of_sight.py has the limits,
                relative to the student's usual pose where it is known); looking down loses half of it at most
    EYES_LOSS   x how far the eyes are closed: nothing up to 0.6, all of it from 0.8
    PHONE_LOSS  where a phone is seen that is sure enough (detection/measures/detected_objects.py)

and never falls below 0. What is not known loses nothing; a picture that cannot be judged is no look at all. Without a
face nobody's attention can be measured: nothing is scored, nothing is known until the next face, and an empty chair is
for FACE_NOT_FOUND to say. Looks are smoothed: score += (look - score) * (1 - exp(-seconds / SMOOTH_SECONDS)).
The label is `focused` from 70, `distracted` from 35, else `away`; to leave a label the score must pass its limit by 4.
docs/attention.md says the same in words for teachers.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from core.types import Observation, ObservationKind, PictureState, RuleSettings
from detection.measures.detected_objects import PHONE, detected_objects_of, is_sure
from detection.measures.line_of_sight import DOWN, LEFT, RIGHT, UP, Usual

POSE_LOSS, EYES_LOSS, PHONE_LOSS = 70.0, 40.0, 60.0
FREE_SHARE, LOST_SHARE = 0.5, 1.5  # of the limit of a direction
MOST_DOWN_LOSS = 0.5  # of POSE_LOSS: paper lies below the screen
OPEN_UNTIL, CLOSED_FROM = 0.6, 0.8  # eyes that look at a screen below the camera are told as 0.2 to 0.6
SMOOTH_SECONDS = 5.0
FOCUSED_FROM, AWAY_BELOW, STICKY = 70.0, 35.0, 4.0
FRESH: Mapping[ObservationKind, float] = {
    ObservationKind.FACES: 3.0,
    ObservationKind.LANDMARKS: 5.0,
    ObservationKind.OBJECTS: 8.0,
}
"""Seconds for which a fact of an earlier look still counts: some detectors look at every second or fourth frame."""
EVERYWHERE = RuleSettings(watch=(LEFT, RIGHT, UP, DOWN))

Facts = Mapping[ObservationKind, Mapping[str, Any]]


class State(NamedTuple):
    """A student's attention, and when it was seen last."""

    score: float
    label: str
    at: float


@dataclass(slots=True)
class Memory:
    """What is remembered of one student."""

    facts: dict[ObservationKind, tuple[float, Mapping[str, Any]]] = field(default_factory=dict)
    usual: Usual = field(default_factory=Usual)
    gaze: bool = True
    score: float | None = None
    label: str = "focused"
    at: float = 0.0
    has_face: bool = False
    """Whether the newest picture that could be judged shows a face."""
    pending: float | None = None


class Attention:
    """Every student's attention; told what was seen, it says how much of it goes to the exam."""

    def __init__(self) -> None:
        self._students: dict[str, Memory] = {}

    def know(self, participant: str, baseline: Mapping[str, Any] | None, gaze: bool = True) -> None:
        """Measure this student from a baseline; without `gaze` neither head nor eyes count."""
        memory = self._students.setdefault(participant, Memory())
        memory.usual.baseline, memory.gaze = baseline, gaze

    def feed(self, observation: Observation) -> None:
        """Take one observation; those of one frame make one look."""
        if observation.kind not in FRESH and observation.kind is not ObservationKind.PICTURE:
            return
        memory = self._students.setdefault(observation.participant, Memory())
        if memory.pending is not None and memory.pending != observation.at:
            _settle(memory)
        memory.facts[observation.kind] = observation.at, observation.values
        memory.pending = observation.at

    def score_of(self, participant: str) -> float | None:
        """Return a student's score, None where `state_of` knows none."""
        state = self.state_of(participant)
        return None if state is None else state.score

    def state_of(self, participant: str) -> State | None:
        """Return a student's score and label, None before the first face and while nobody's face is seen."""
        memory = self._students.get(participant)
        if memory is None:
            return None
        _settle(memory)
        if memory.score is None or not memory.has_face:
            return None
        return State(memory.score, memory.label, memory.at)

    def forget(self, participant: str) -> None:
        """Drop a student who left."""
        self._students.pop(participant, None)


def look_score(facts: Facts, usual: Usual, gaze: bool = True) -> float | None:
    """Return the score of one look, from which `usual` learns; None without a face, or where it cannot be judged."""
    if not shows_face(facts):
        return None
    face = facts.get(ObservationKind.LANDMARKS, {}) if gaze else {}
    lost = POSE_LOSS * _pose_loss(face, usual) + EYES_LOSS * _eyes_loss(face)
    things = detected_objects_of(facts.get(ObservationKind.OBJECTS, {})) or ()
    if any(thing.label == PHONE and is_sure(thing) for thing in things):
        lost += PHONE_LOSS
    return max(0.0, 100.0 - lost)


def shows_face(facts: Facts) -> bool | None:
    """Say whether one look shows a face; None where it cannot be judged."""
    state = facts.get(ObservationKind.PICTURE, {}).get("state", PictureState.OK)
    count = facts.get(ObservationKind.FACES, {}).get("count")
    if state != PictureState.OK or count is None:
        return None
    return bool(count)


def label_of(score: float, before: str) -> str:
    """Return the label of a score, for a student who had the label `before`."""
    focused = FOCUSED_FROM + (-STICKY if before == "focused" else STICKY)
    away = AWAY_BELOW + (STICKY if before == "away" else -STICKY)
    if score >= focused:
        return "focused"
    return "away" if score < away else "distracted"


def _settle(memory: Memory) -> None:
    """Take the look that is complete into the score."""
    at, memory.pending = memory.pending, None
    if at is None:
        return
    facts = _fresh(memory, at)
    has_face = shows_face(facts)
    if has_face is not None:
        memory.has_face = has_face
    look = look_score(facts, memory.usual, memory.gaze)
    if look is None:
        return
    if memory.score is None:
        # the first look is all that is known: no label before it to stick to
        memory.score, memory.at = look, at
        memory.label = label_of(look, "distracted")
        return
    passed = max(0.0, at - memory.at)
    memory.score += (look - memory.score) * (1.0 - math.exp(-passed / SMOOTH_SECONDS))
    memory.at, memory.label = at, label_of(memory.score, memory.label)


def _fresh(memory: Memory, at: float) -> Facts:
    ages = {**FRESH, ObservationKind.PICTURE: 0.0}
    return {kind: values for kind, (seen, values) in memory.facts.items() if abs(at - seen) <= ages[kind]}


def _pose_loss(face: Mapping[str, Any], usual: Usual) -> float:
    away = usual.weigh(face, EVERYWHERE)
    if away is None:
        return 0.0
    loss = _ramp(away.share, FREE_SHARE, LOST_SHARE)
    return min(loss, MOST_DOWN_LOSS) if away.direction == DOWN else loss


def _eyes_loss(face: Mapping[str, Any]) -> float:
    return _ramp(float(face.get("eyes_closed") or 0.0), OPEN_UNTIL, CLOSED_FROM)


def _ramp(value: float, start: float, end: float) -> float:
    return min(1.0, max(0.0, (value - start) / (end - start)))

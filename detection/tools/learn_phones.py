"""How the second stage for phones is learned from teachers' verdicts, and what it is worth before it is used.

What is judged is looked at again by the detector as it comes, so that what an earlier second stage lowered makes no
difference. Each student is left out in turn: nobody's pictures say how right the stage is that was learned from them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import StratifiedGroupKFold
from threadpoolctl import threadpool_limits

from detection.detectors.objects import PHONE, ObjectDetector, choose
from detection.detectors.phone_features import Floats, features
from detection.detectors.second_stage import LEAST_SCALE, SecondStage, distance, lower
from detection.detectors.yolo import DetectedObject, overlap
from detection.frames.decode import DecodeError, Picture, decode
from detection.measures.detected_objects import SURE_FROM
from detection.models.shelf import ModelShelf, sha256_of

LEAST, LEAST_OF_EACH = 20, 5
"""Judged things in all, and of each verdict: with fewer, what is learned is chance."""
LEAST_STUDENTS = 3
"""With things of each verdict: somebody has to be left out."""
FOLDS = 5
STRENGTH = 0.1  # scikit-learn's C: strict, since there are about as many features as examples
REACH = 0.9  # share of the judged things that are near enough to the middle: what is farther off is left alone
SAME_PLACE = 0.3  # overlapping this much, what is seen again is what was judged
SEED = 0

Rows = NDArray[np.intp]


class Judged(Protocol):
    """What rooms tell of one judged thing."""

    @property
    def picture(self) -> Path: ...

    @property
    def box(self) -> tuple[float, float, float, float]: ...

    @property
    def is_phone(self) -> bool: ...

    @property
    def participant(self) -> str: ...


@dataclass(frozen=True, eq=False)
class Example:
    """One judged thing as the detector sees it again: its features, its own score, whether it is a phone, whose."""

    x: Floats
    score: float
    is_phone: bool
    participant: str


@dataclass(frozen=True)
class Standing:
    """How many phones and other things are told, and how many as critical; `ranking` is the mean precision."""

    phones: int
    others: int
    phones_told: int
    others_told: int
    phones_critical: int
    others_critical: int
    ranking: float

    @property
    def balanced(self) -> float:
        """Return the mean of the shares that are treated rightly, of phones and of other things."""
        return (self.phones_told / max(1, self.phones) + 1 - self.others_told / max(1, self.others)) / 2

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall of what is told."""
        missed = self.phones - self.phones_told
        return 2 * self.phones_told / max(1, 2 * self.phones_told + self.others_told + missed)


def too_few(judged: Sequence[Example]) -> str | None:
    """Return what is missing to learn from these, as a sentence, or None."""
    people = {kind: {one.participant for one in judged if one.is_phone == kind} for kind in (True, False)}
    count = Counter(one.is_phone for one in judged)
    if len(judged) < LEAST or min(count[True], count[False]) < LEAST_OF_EACH:
        return (
            f"Too little to learn from: {len(judged)} judged phone alerts can be used ({count[True]} right, "
            f"{count[False]} wrong). At least {LEAST} are needed, {LEAST_OF_EACH} of each verdict."
        )
    if min(len(people[True]), len(people[False])) < LEAST_STUDENTS:
        return (
            f"Too little to learn from: right verdicts are of {len(people[True])} students and wrong ones of "
            f"{len(people[False])}. At least {LEAST_STUDENTS} students are needed for each."
        )
    return None


def see_again(detector: ObjectDetector, judged: Sequence[Judged]) -> list[Example]:
    """Return those of the judged things that the detector as it comes sees again where they were marked."""
    found = [_seen_again(detector, one) for one in judged]
    return [one for one in found if one is not None]


def _seen_again(detector: ObjectDetector, judged: Judged) -> Example | None:
    try:
        picture = decode(judged.picture.read_bytes())
    except (OSError, DecodeError):
        return None
    left, top, width, height = judged.box
    marked = DetectedObject(PHONE, 1.0, left, top, left + width, top + height)
    for thorough in (False, True):  # small phones are told from tiles on some channels
        phones, others = detector.weigh(picture, thorough)
        phone = max(phones, key=lambda one: overlap(one, marked), default=None)
        if phone is not None and overlap(phone, marked) >= SAME_PLACE:
            return Example(features(picture, phone, others), phone.score, judged.is_phone, judged.participant)
    return None


def fit(examples: Sequence[Example], detector: str = "", note: str = "") -> SecondStage:
    """Return the stage learned from all examples; both verdicts count the same, however many there are of each."""
    x = np.stack([one.x for one in examples])
    centre, scale = x.mean(axis=0), x.std(axis=0)
    scale[scale < LEAST_SCALE] = 1.0
    with threadpool_limits(1):
        made = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1000)
        made.fit((x - centre) / scale, [one.is_phone for one in examples])
    reach = float(np.quantile([distance(row) for row in (x - centre) / scale], REACH))
    return SecondStage(centre, scale, made.coef_[0], float(made.intercept_[0]), reach, detector, note)


def left_out(examples: Sequence[Example]) -> list[float]:
    """Return each example's score after a stage that never saw its student; its own where none could be learned."""
    after = [one.score for one in examples]
    kinds = np.array([one.is_phone for one in examples])
    people = np.array([one.participant for one in examples])
    folds = StratifiedGroupKFold(min(FOLDS, len(set(people))), shuffle=True, random_state=SEED)
    for known, unknown in folds.split(kinds[:, None], kinds, people):
        if kinds[known].all() or not kinds[known].any():
            continue
        stage = fit([examples[place] for place in known])
        for place in unknown:
            after[place] = lower(examples[place].score, stage.chance(examples[place].x))
    return after


def standing(pairs: Sequence[tuple[bool, float]], told_from: float) -> Standing:
    """Return how (is a phone, score) pairs stand; scores below `told_from` are not told."""
    told = [is_phone for is_phone, score in pairs if score >= told_from]
    critical = [is_phone for is_phone, score in pairs if score >= max(told_from, SURE_FROM)]
    kinds, scores = [is_phone for is_phone, _ in pairs], [score for _, score in pairs]
    ranking = float(average_precision_score(kinds, scores)) if any(kinds) else float("nan")
    return Standing(
        phones=sum(kinds),
        others=len(kinds) - sum(kinds),
        phones_told=sum(told),
        others_told=len(told) - sum(told),
        phones_critical=sum(critical),
        others_critical=len(critical) - sum(critical),
        ranking=ranking,
    )


def surest(detector: ObjectDetector, picture: Picture, stage: SecondStage) -> tuple[float, float]:
    """Return how sure the surest phone of a picture is without the stage and with it, 0 where none is told."""
    phones, others = detector.weigh(picture)
    before, after = (detector.told(picture, phones, others, learned) for learned in (None, stage))
    return _surest_score(before), _surest_score(after)


def _surest_score(phones: Sequence[DetectedObject]) -> float:
    """Return the score of the surest of these, 0 of none."""
    return max((one.score for one in phones), default=0.0)


def stock_detector(shelf: ModelShelf) -> tuple[ObjectDetector, str]:
    """Return the detector, ready, and the sha256 of its model.

    Raises:
        FileNotFoundError: there is no model to look with.
    """
    detector = ObjectDetector(shelf)
    detector.load()
    if (chosen := choose(shelf)) is None:
        raise FileNotFoundError("there is no model that looks for phones")
    return detector, sha256_of(chosen.path)

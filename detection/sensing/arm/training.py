"""How the arm's model is made and how right it is, on people that it was never made from. scikit-learn, for training.

The recordings are uneven: one person gave most of them, and whole activities alone. So each family is stood for by
about as many points, shared evenly among its people and activities: the means (k-means) of their windows. What is
chosen (k, weights, which features) is chosen by leaving out one person after the other among the training people, so
that the person of a test fold has no part in it, nor in scale or points.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from core.types import ArmFamily
from detection.sensing.arm.features import FREQUENCIES, NAMES
from detection.sensing.arm.model import TOLD, ArmModel
from detection.sensing.arm.motion import Floats
from detection.sensing.arm.recordings import Labelled, Names

POINTS = 60  # of each family, at most
LEAST_WINDOWS = 2  # that a point is the mean of: no window of anybody is a point itself
KS = (5, 9, 15, 21)
FEATURE_SETS: tuple[tuple[int, ...], ...] = (
    tuple(range(len(NAMES))),
    tuple(index for index in range(len(NAMES)) if index not in FREQUENCIES),
)
SEED = 0
FACE, CALM = str(ArmFamily.HAND_TO_FACE), str(ArmFamily.CALM)
Marks = NDArray[np.bool_]


class Choice(NamedTuple):
    """What is chosen by leaving out people."""

    features: int
    weights: str
    k: int

    def __str__(self) -> str:
        which = "all features" if self.features == 0 else "features without frequencies"
        return f"k={self.k}, {self.weights}, {which}"


CHOICES = tuple(Choice(*one) for one in product(range(len(FEATURE_SETS)), ("distance", "uniform"), KS))


@dataclass(frozen=True)
class Fold:
    """One person left out: what was chosen without them."""

    person: str
    choice: Choice


@dataclass(frozen=True)
class Evaluation:
    """What was told of every window by a model that had never met its person."""

    told: Names
    shares: Floats
    folds: list[Fold]


def train(data: Labelled, note: str = "", choice: Choice | None = None) -> ArmModel:
    """Return a model of these windows; what is not given is chosen by leaving out people."""
    with one_thread():
        chosen = choice or choose(data)
        return replace(_model(data, np.ones(len(data.truth), dtype=bool), chosen), note=f"{note} {chosen}.".strip())


def evaluate(data: Labelled) -> Evaluation:
    """Leave out one person after the other, choose and train among the others, and ask about that person."""
    shares, folds = np.zeros((len(data.truth), len(TOLD))), []
    for person in people(data.person):
        tested = data.person == person
        with one_thread():
            chosen = choose(_part(data, ~tested))
            shares[tested] = _model(data, ~tested, chosen).shares(data.x[tested])
        folds.append(Fold(person, chosen))
    return Evaluation(names_of(shares), shares, folds)


def choose(data: Labelled) -> Choice:
    """Return the choice that does best for people left out, the earliest of equals."""
    if len(people(data.person)) < 2:
        return Choice(0, "distance", KS[0])
    votes = {choice: np.zeros((len(data.truth), len(TOLD))) for choice in CHOICES}
    for person in people(data.person):
        tested = data.person == person
        for columns in range(len(FEATURE_SETS)):
            made = _model(data, ~tested, Choice(columns, "uniform", 1))
            for choice in (one for one in CHOICES if one.features == columns):
                votes[choice][tested] = _asked(made, choice).shares(data.x[tested])
    return max(CHOICES, key=lambda choice: _score(data.truth, names_of(votes[choice])))


def one_thread() -> AbstractContextManager[object]:
    """Return a context in which the small sums of training stay on one core: sharing them takes 40 times as long."""
    return threadpool_limits(1)


def names_of(shares: Floats) -> Names:
    """Return the family with most votes of each row."""
    return np.array([str(family) for family in TOLD])[shares.argmax(axis=1)]


def balanced(truth: Marks, told: Marks) -> float:
    """Return the mean of the share found of what is so and of what is not; of one kind alone, that kind's."""
    kinds = [float((told[truth == kind] == kind).mean()) for kind in (True, False) if (truth == kind).any()]
    return sum(kinds) / len(kinds) if kinds else float("nan")


def people(person: Names) -> Sequence[str]:
    """Return who is in there, in order."""
    return [str(one) for one in np.unique(person)]


def _score(truth: Names, told: Names) -> float:
    return balanced(truth == FACE, told == FACE) + balanced(truth == CALM, told == CALM)


def _asked(model: ArmModel, choice: Choice) -> ArmModel:
    return replace(model, k=min(choice.k, len(model.points)), weights=choice.weights)


def _model(data: Labelled, used: Marks, choice: Choice) -> ArmModel:
    columns = FEATURE_SETS[choice.features]
    x = data.x[used][:, columns]
    centre, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-4)
    found = list(_points((x - centre) / scale, data.truth[used], data.person[used], data.label[used]))
    points = np.vstack([means for _, means in found])
    families = np.concatenate([np.full(len(means), place) for place, means in found])
    names = tuple(NAMES[index] for index in columns)
    return _asked(ArmModel(names, centre, scale, points, families, 1, "uniform"), choice)


def _points(x: Floats, truth: Names, person: Names, label: Names) -> Iterator[tuple[int, Floats]]:
    """Yield, for each family, person and label, the family's place and the means that stand for these windows."""
    for place, family in enumerate(TOLD):
        cells = sorted({(str(who), str(what)) for who, what in zip(person, label, strict=True)})
        groups = [x[(truth == str(family)) & (person == who) & (label == what)] for who, what in cells]
        groups = [group for group in groups if len(group) >= LEAST_WINDOWS]
        for group in groups:
            count = min(max(1, POINTS // len(groups)), len(group) // LEAST_WINDOWS)
            found = KMeans(count, n_init=1, random_state=SEED).fit(group)
            large = np.bincount(found.labels_, minlength=count) >= LEAST_WINDOWS
            yield place, found.cluster_centers_[large] if large.any() else group.mean(axis=0, keepdims=True)


def _part(data: Labelled, used: Marks) -> Labelled:
    return Labelled(**{name: getattr(data, name)[used] for name in Labelled.__dataclass_fields__})

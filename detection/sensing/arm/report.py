"""What an evaluation of the arm's model amounts to: figures with intervals, the confusion table, person by person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from detection.sensing.arm.model import TOLD
from detection.sensing.arm.motion import Floats
from detection.sensing.arm.recordings import Labelled, Names
from detection.sensing.arm.threshold_rule import MOST_OF
from detection.sensing.arm.training import CALM, FACE, Evaluation, Marks, balanced, people

DRAWS = 1000
SEED = 20260101
SMOOTHED = 3  # windows, half a second apart, whose votes are put together
EVENT_RUN = 5  # of EVENT_OF windows in a row that make an event of a recording, as the rule's confirm and window
EVENT_OF = 7
FAMILY_NAMES = tuple(str(family) for family in TOLD)


@dataclass(frozen=True)
class Value:
    """A figure with the interval that held it in 95 of 100 draws of recordings with replacement."""

    value: float
    low: float
    high: float
    count: int

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


@dataclass(frozen=True)
class Report:
    """Everything that is told of an evaluation; balanced accuracies by what they are of."""

    figures: Mapping[str, Value]
    confusion: Sequence[Sequence[int]]
    by_label: Mapping[str, Sequence[int]]
    by_user: Mapping[str, tuple[int, float, float]]
    choices: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain numbers; `balanced_accuracy` holds the two that a goal was set for."""
        return {
            "balanced_accuracy": {
                "hand_to_face": round(self.figures["hand to face"].value, 4),
                "calm": round(self.figures["calm"].value, 4),
            },
            "figures": {name: [round(v, 4) for v in (f.value, f.low, f.high)] for name, f in self.figures.items()},
            "families": list(FAMILY_NAMES),
            "confusion": [list(line) for line in self.confusion],
            "by_label": {label: list(line) for label, line in self.by_label.items()},
            "by_user": {
                person: {"windows": count, "hand_to_face": _plain(face), "calm": _plain(calm)}
                for person, (count, face, calm) in self.by_user.items()
            },
            "choices": dict(self.choices),
        }


def report_of(data: Labelled, evaluation: Evaluation) -> Report:
    """Return what an evaluation amounts to."""
    said, truth = evaluation.told, data.truth
    smooth = _smoothed(evaluation.shares, data.recording)
    simple_face, simple_calm = compared(data, data.simple)
    figures = {
        "hand to face": _figure(data, truth == FACE, said == FACE),
        "calm": _figure(data, truth == CALM, said == CALM),
        "hand to face, smoothed": _figure(data, truth == FACE, smooth == FACE),
        "calm, smoothed": _figure(data, truth == CALM, smooth == CALM),
        "hand to face, whole recordings": _figure(data, data.as_recorded == FACE, said == FACE),
        "hand to face, by recording": _events(data, said),
        "hand to face, threshold rule": simple_face,
        "calm, threshold rule": simple_calm,
    }
    return Report(
        figures=figures,
        confusion=[_counts(said[truth == family]) for family in FAMILY_NAMES],
        by_label={
            f"{label}, {family}": _counts(said[(data.label == label) & (truth == family)])
            for label in sorted({str(label) for label in data.label})
            for family in FAMILY_NAMES
            if ((data.label == label) & (truth == family)).any()
        },
        by_user={person: _of_person(data, said, person) for person in people(data.person)},
        choices={fold.person: str(fold.choice) for fold in evaluation.folds},
    )


def compared(data: Labelled, share: Floats) -> tuple[Value, Value]:
    """Return how well "most of a window's readings are cheating" tells a hand at the face, and movement, from the rest.

    `share` is that of a window's readings which the compared rule takes for cheating.
    """
    cheats = share >= MOST_OF
    return _figure(data, data.truth == FACE, cheats), _figure(data, data.truth == CALM, ~cheats)


def told(report: Report) -> str:
    """Return it as lines for a terminal."""
    lines = ["balanced_accuracy on people never trained on (95 % interval over recordings):"]
    lines += [f"  {name:32} {figure}" for name, figure in report.figures.items()]
    lines += ["", "truth \\ said" + "".join(f"{name:>14}" for name in FAMILY_NAMES)]
    lines += [_line(name, line) for name, line in zip(FAMILY_NAMES, report.confusion, strict=True)]
    lines += ["", "by label"] + [_line(name, line) for name, line in report.by_label.items()]
    lines += ["", "person         windows  hand to face    calm   chosen without this person"]
    for person, (count, face, calm) in report.by_user.items():
        lines.append(f"{person:14} {count:7} {_share(face):>13} {_share(calm):>7}   {report.choices[person]}")
    return "\n".join(lines)


def _figure(data: Labelled, truth: Marks, said: Marks) -> Value:
    """Return a balanced accuracy; windows of one recording are alike, so whole recordings are drawn again."""
    groups = [np.flatnonzero(data.recording == number) for number in np.unique(data.recording)]
    return _drawn(groups, lambda chosen: balanced(truth[chosen], said[chosen]), len(truth))


def _events(data: Labelled, said: Names) -> Value:
    """Return how well recordings of a hand at the face are told from others by windows that agree for a while."""
    numbers = np.unique(data.recording)
    truth = np.array([(data.as_recorded[data.recording == number] == FACE).any() for number in numbers])
    found = np.array([_has_run(said[data.recording == number] == FACE) for number in numbers])
    groups = [np.array([place]) for place in range(len(numbers))]
    return _drawn(groups, lambda chosen: balanced(truth[chosen], found[chosen]), len(numbers))


def _has_run(marks: Marks) -> bool:
    # windows of the evaluation are half a second apart, those of the rule one: every other one counts
    every = marks[::2].astype(int)
    length = min(EVENT_OF, len(every))
    runs = np.convolve(every, np.ones(length, dtype=int), mode="valid") if length else np.zeros(1)
    return bool(runs.max() >= min(EVENT_RUN, length))


def _drawn(groups: Sequence[Any], measure: Callable[[Any], float], count: int) -> Value:
    chance = np.random.default_rng(SEED)
    draws = [
        measure(np.concatenate([groups[at] for at in chance.integers(0, len(groups), len(groups))]))
        for _ in range(DRAWS)
    ]
    low, high = np.quantile(draws, [0.025, 0.975])
    return Value(measure(np.concatenate(groups)), float(low), float(high), count)


def _smoothed(shares: Floats, recording: Any) -> Names:
    smooth = shares.copy()
    for number in np.unique(recording):
        at = np.flatnonzero(recording == number)
        for place in range(len(at)):
            smooth[at[place]] = shares[at[max(0, place + 1 - SMOOTHED) : place + 1]].mean(axis=0)
    return np.array(FAMILY_NAMES)[smooth.argmax(axis=1)]


def _of_person(data: Labelled, said: Names, person: str) -> tuple[int, float, float]:
    own = data.person == person
    truth = data.truth[own]
    figures = [
        balanced(truth == family, said[own] == family) if len({*(truth == family)}) == 2 else float("nan")
        for family in (FACE, CALM)
    ]
    return int(own.sum()), figures[0], figures[1]


def _counts(said: Names) -> list[int]:
    return [int((said == family).sum()) for family in FAMILY_NAMES]


def _line(name: str, counts: Sequence[int]) -> str:
    return f"{name:32}" + "".join(f"{count:14}" for count in counts)


def _share(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.3f}"


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 4)

"""The arm: what a model says of people it never met, beside rule and classifier of the project's first version."""

import time
from collections.abc import Mapping
from dataclasses import astuple
from pathlib import Path

import numpy as np
from sklearn.neighbors import KNeighborsClassifier

from detection.sensing.arm.features import features
from detection.sensing.arm.model import SHIPPED, load
from detection.sensing.arm.motion import STEP, WINDOW, Floats
from detection.sensing.arm.recordings import Labelled, Recording, labelled, read_folder, windows_of
from detection.sensing.arm.report import FAMILY_NAMES, Report, Value, compared, report_of
from detection.sensing.arm.threshold_rule import EACH, TOGETHER
from detection.sensing.arm.training import evaluate, one_thread
from evaluation.figures.intervals import Figure
from evaluation.figures.section import Section

FIRST_RULE, FIRST_CLASSIFIER = "threshold rule of the first version", "its 3-NN on random numbers"
POINTS, MOST_RANDOM, SEED = 1000, 15.0, 0

NOTE = (
    "{people} people, {recordings} recordings of the right wrist, {windows} windows of 2.5 s, half a second apart. Each"
    " person's windows were told by a model made from the others, who also chose k, weights and features among"
    " themselves; what was left to choose by hand (the length of a window, how many points stand for a family) was"
    " chosen with all of them at hand. The intervals come from drawing whole recordings.\n\n"
    "One person (hmp_f1) gave all recordings of telephones, teeth and meals, so these were told by models that had"
    " never met the person nor the activity. A recording of a hand at the face begins and ends with reaching or rest:"
    " it is cut in three where posture and movement change most, without a look at any threshold, and the hand counts"
    " as being at the face in the middle part alone. “Whole recordings” believes the label from begin to end instead."
    " Calm is what lies still by the raw readings (no half second with a deviation of 0.85 m/s2 or more) and not held"
    " at the face; the features see the same stillness, so this figure says that the rule is found again on other"
    " people and that a telephone held still is not taken for rest, no more. “By recording” asks whether five of seven"
    " looks, a second apart, agreed anywhere in it. There are no recordings of typing or writing.\n\n"
    "A window costs {cost:.2f} ms on one core: {sixty:.0f} ms a second for 60 arms."
)


def measure(media: Path) -> list[Section]:
    """Evaluate on the recordings of the arm's folder; sections without rows where there is no such folder."""
    section = Section("Arm: movements of people never trained on", ("balanced accuracy", *HEAD))
    if not (media / "arm" / "labels.csv").is_file():
        return [section]
    recordings = read_folder(media / "arm")
    data = labelled(recordings)
    report = report_of(data, evaluate(data))
    cost = _cost(recordings)
    section.note = NOTE.format(
        people=len(report.by_user), recordings=len(recordings), windows=len(data.truth), cost=cost, sixty=60 * cost
    )
    section.rows = _rows(data, recordings, report)
    section.figures = {f"arm {name}": _figure(value) for name, value in report.figures.items() if "rule" not in name}
    for name, share in _first(data, recordings).items():
        face, calm = compared(data, share)
        section.peer(name, {"arm hand to face": face.value, "arm calm": calm.value})
    return [section, _confusion(report), _people(report)]


HEAD = ("hand to face or not", "calm or not")


def _rows(data: Labelled, recordings: list[Recording], report: Report) -> list[list[object]]:
    figures = report.figures
    told: list[list[object]] = [
        ["Examonitor, single windows", figures["hand to face"], figures["calm"]],
        ["three windows together", figures["hand to face, smoothed"], figures["calm, smoothed"]],
        ["labels of whole recordings", figures["hand to face, whole recordings"], None],
        ["by recording", figures["hand to face, by recording"], None],
    ]
    for name, share in _first(data, recordings).items():
        told.append([name, *compared(data, share)])
    return told


def _first(data: Labelled, recordings: list[Recording]) -> Mapping[str, Floats]:
    """Return, for each window, the share of readings that the first version takes for cheating, by its two ways."""
    return {FIRST_RULE: data.simple, FIRST_CLASSIFIER: _first_classifier(recordings)}


def _first_classifier(recordings: list[Recording]) -> Floats:
    chance = np.random.default_rng(SEED)
    points = chance.uniform((0.1, 0.1, 0.0), MOST_RANDOM, (POINTS, 3))
    cheats = ((points[:, 0] > EACH) & (points[:, 1] > EACH)) | (points.sum(axis=1) > TOGETHER)
    shares: list[float] = []
    with one_thread():
        classifier = KNeighborsClassifier(3).fit(points, cheats)
        for one in recordings:
            said = classifier.predict(one.rows[:, 1:]).astype(float)
            for window in windows_of(one):
                inside = (one.rows[:, 0] >= window.at - WINDOW * STEP) & (one.rows[:, 0] < window.at)
                shares.append(float(said[inside].mean()))
    return np.array(shares)


def _confusion(report: Report) -> Section:
    section = Section("Arm: what was said of each movement", ("recordings and truth", *map(_words, FAMILY_NAMES)))
    section.rows = [[f"all: {_words(name)}", *line] for name, line in zip(FAMILY_NAMES, report.confusion, strict=True)]
    section.rows += [[_words(name.replace(", ", ": ")), *line] for name, line in report.by_label.items()]
    return section


def _people(report: Report) -> Section:
    section = Section("Arm: person by person", ("", "windows", *HEAD, "chosen without this person"))
    section.rows = [
        [person, count, *("" if np.isnan(one) else f"{one:.3f}" for one in (face, calm)), report.choices[person]]
        for person, (count, face, calm) in report.by_user.items()
    ]
    return section


def _cost(recordings: list[Recording]) -> float:
    """Return milliseconds for one window, from readings to family, of the longest recording."""
    longest, model = max(recordings, key=lambda one: len(one.rows)), load(SHIPPED)
    begun = time.process_time()
    told = [model.tell(features(window)) for window in windows_of(longest)]
    return (time.process_time() - begun) * 1000 / len(told)


def _figure(value: Value) -> Figure:
    return Figure(*astuple(value))


def _words(name: str) -> str:
    return name.replace("_", " ")

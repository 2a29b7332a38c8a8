"""The phone stage: how many phones it finds, how often it is wrong, what a look costs; against plain YOLO."""

import argparse
import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from detection.detectors.objects import COCO, MODELS, PHONE, PHONE_FROM, ObjectDetector
from detection.detectors.yolo import Size, Yolo
from detection.frames.decode import Picture
from detection.models.shelf import ModelShelf
from evaluation.figures.phone_views import CLIP, Pixels, View, as_sent, clip, labelled, small_views
from evaluation.figures.report import Report, show, table
from evaluation.systems.ultralytics_peer import ABSENT, Predictor, find_python
from settings import load_settings

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "media"
NOT_A_ROOM = ("imn_n03179701",)  # subject of a desk on which a telephone lies
Z = 1.96  # of the normal distribution: 95 %
PRECISION = 0.9  # at which recalls are compared
NEEDED = 3  # looks of CLIP that must agree

Watcher = Callable[[Pixels], float]
"""How sure it is, 0 to 1, that a phone is in the picture."""
Scores = NDArray[np.float64]
Truth = NDArray[np.bool_]


@dataclass
class Outcome:
    """What one watcher said of a list of views, and the CPU milliseconds of each look."""

    scores: Scores
    truth: Truth
    times: Scores

    def counts(self, threshold: float) -> tuple[int, int, int]:
        """Return true positives, false positives and missed phones at a threshold."""
        said = self.scores >= threshold
        return int((said & self.truth).sum()), int((said & ~self.truth).sum()), int((~said & self.truth).sum())

    def f1(self, threshold: float) -> float:
        """Return the harmonic mean of precision and recall at a threshold."""
        hits, wrong, missed = self.counts(threshold)
        return 2 * hits / max(1, 2 * hits + wrong + missed)

    def best(self) -> tuple[float, float]:
        """Return the best F1 that any threshold gives, and that threshold: a look at the answers, for comparison."""
        return max(
            (self.f1(threshold), float(threshold)) for threshold in np.unique([*self.scores[self.scores > 0], 1])
        )

    def recall_at(self, precision: float) -> float:
        """Return the most phones found with at least this precision, as a share."""
        best = 0.0
        for threshold in np.unique(self.scores[self.scores > 0]):
            hits, wrong, missed = self.counts(float(threshold))
            if hits >= precision * (hits + wrong):
                best = max(best, hits / (hits + missed))
        return best


def wilson(hits: int, of: int) -> str:
    """Return a share with its 95 % interval (Wilson 1927)."""
    if not of:
        return "-"
    share, spread = hits / of, Z * Z / of
    middle = (share + spread / 2) / (1 + spread)
    half = Z / (1 + spread) * (share * (1 - share) / of + spread / (4 * of)) ** 0.5
    return f"{share:.2f} ({middle - half:.2f}-{middle + half:.2f})"


def f1_interval(outcome: Outcome, threshold: float, turns: int = 2000) -> tuple[float, float]:
    """Return the 95 % interval of F1 by drawing the views again and again."""
    rng, size = np.random.default_rng(7), len(outcome.truth)
    drawn = [rng.integers(0, size, size) for _ in range(turns)]
    values = [Outcome(outcome.scores[i], outcome.truth[i], outcome.times).f1(threshold) for i in drawn]
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def watch(watcher: Watcher, views: Sequence[View]) -> Outcome:
    """Let a watcher look at every view; a first look at each shape is not counted in the times."""
    for view in {view.bgr.shape[0] > view.bgr.shape[1]: view for view in views}.values():
        watcher(view.bgr)
    scores, times = [], []
    for view in views:
        start = time.process_time()
        scores.append(watcher(view.bgr))
        times.append((time.process_time() - start) * 1000)
    return Outcome(np.array(scores), np.array([view.phone for view in views]), np.array(times))


def ours(detector: ObjectDetector, thorough: bool) -> Watcher:
    """Return our detector as a watcher."""
    return lambda bgr: max((thing.score for thing in detector.weigh(Picture(bgr), thorough)[0]), default=0.0)


def plain(models: ModelShelf, name: str, size: Size) -> Watcher:
    """Return one look of one model at the whole picture, as most programs do it."""
    path = models.locate(name)
    assert path is not None, name
    phone = {number: label for number, label in COCO.items() if label == PHONE}
    yolo = Yolo(path, phone, {PHONE: 0.01})
    return lambda bgr: max((t.score for t in yolo.look(bgr, (0, 0, bgr.shape[1], bgr.shape[0]), size)), default=0.0)


def watchers(models: ModelShelf, detector: ObjectDetector) -> dict[str, Watcher]:
    """Return us and the peers."""
    return {
        "ours": ours(detector, thorough=False),
        "ours, thorough": ours(detector, thorough=True),
        "YOLOv8n 320": plain(models, MODELS[1], (320, 320)),
        "YOLO11n 320": plain(models, MODELS[0], (320, 320)),
        "YOLO11n 640": plain(models, MODELS[0], (640, 640)),
    }


def voted(watcher: Watcher, views: Sequence[View]) -> Outcome:
    """Return for each view how sure the NEEDED surest of CLIP looks are at least."""
    scores = [sorted(watch(watcher, list(clip(view, seed))).scores)[-NEEDED] for seed, view in enumerate(views)]
    return Outcome(np.array(scores), np.array([view.phone for view in views]), np.zeros(len(views)))


def beside(predictor: Predictor, ours: Watcher, views: Sequence[View]) -> tuple[Outcome, Outcome]:
    """Return what Ultralytics' own predictor says and what we say, in turns on each view."""
    truth = np.array([view.phone for view in views])
    theirs, mine = [], []
    for view in views:
        look = predictor.look(view.bgr)
        theirs.append((look.surest, look.cpu_ms))
        start = time.process_time()
        score = ours(view.bgr)
        mine.append((score, (time.process_time() - start) * 1000))
    both = [np.array(looks).reshape(-1, 2) for looks in (theirs, mine)]
    return Outcome(both[0][:, 0], truth, both[0][:, 1]), Outcome(both[1][:, 0], truth, both[1][:, 1])


def ultralytics(
    python: Path, models: Sequence[Path], ours: Watcher, sets: Mapping[str, Sequence[View]]
) -> tuple[dict[str, Outcome], list[list[object]]]:
    """Return what Ultralytics' own predictor says of the first set, and lines with its cost beside ours for each set.

    Its name tells the side of its input.
    """
    outcomes, lines = dict[str, Outcome](), list[list[object]]()
    for model in models:
        with closing(Predictor(python, model)) as predictor:
            name = f"Ultralytics {predictor.side}, {model.stem.removesuffix('_openvino_model')}"
            for where, views in sets.items():
                theirs, mine = beside(predictor, ours, views)
                outcomes.setdefault(name, theirs)
                costs = float(mine.times.mean()), float(theirs.times.mean())
                lines.append([where, name, *costs, costs[1] / costs[0]])
    return outcomes, lines


def threshold_of(watcher: str, own: float) -> float:
    """Return the score from which a watcher tells of a phone: the model's own for us, one for all stock models."""
    return own if watcher.startswith("ours") else PHONE_FROM


def rows_of(sets: Mapping[str, Mapping[str, Outcome]], own: float) -> list[list[object]]:
    """Return a line for each set of views and each watcher; precision, recall and F1 at each one's threshold."""
    rows: list[list[object]] = []
    for name, outcomes in sets.items():
        for watcher, outcome in outcomes.items():
            limit = threshold_of(watcher, own)
            hits, wrong, missed = outcome.counts(limit)
            low, high = f1_interval(outcome, limit)
            f1 = f"{outcome.f1(limit):.2f} ({low:.2f}-{high:.2f}) from {limit:g}"
            best, at = outcome.best()
            shares = [wilson(hits, hits + wrong), wilson(hits, hits + missed), f1]
            cost = f"{outcome.times.mean():.1f}" if outcome.times.any() else ""
            rows.append([name, watcher, *shares, f"{best:.2f} at {at:.2f}", outcome.recall_at(PRECISION), cost])
    return rows


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m bench.phones", description=__doc__)
    options.add_argument("folders", nargs="*", type=Path, default=[SHARED / "phone"], help="with a labels.csv each")
    options.add_argument("--rooms", type=Path, default=SHARED / "faces", help="pictures to put small views into")
    options.add_argument("--without", type=Path, nargs="*", default=[], help="folders in which nobody has a phone")
    options.add_argument("--weights", type=Path, action="append", default=[], help="for Ultralytics' own predictor too")
    options.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    chosen = options.parse_args()
    cv2.setNumThreads(1)
    settings = load_settings()
    models = ModelShelf(settings.model_cache(), settings.model_folders())
    detector = ObjectDetector(models)
    detector.load()
    own, looking = detector.limits.told_from, watchers(models, detector)
    views = [view for folder in chosen.folders for view in labelled(folder)]
    sent = [View(as_sent(view.bgr), view.phone, view.subject, view.kind) for view in views]
    grid = [View(as_sent(view.bgr, 320), view.phone, view.subject, view.kind) for view in views]
    rooms = [view.bgr for view in labelled(chosen.rooms) if view.kind == "none" and view.subject not in NOT_A_ROOM]
    sets = {"as they are": views, "sent at 640": sent, "sent at 320": grid, "small": list(small_views(views, rooms))}
    outcomes = {name: {peer: watch(look, these) for peer, look in looking.items()} for name, these in sets.items()}
    outcomes[f"{NEEDED} of {CLIP} looks"] = {"ours": voted(looking["ours"], views)}
    empty = without_phones(chosen.without)
    lines: list[list[object]] = []
    if python := find_python(settings.model_cache(), os.environ):
        exports = [path.parent for path in map(models.locate, MODELS) if path]
        wanted = {"sent at 640": sent} | ({"no phone anywhere": empty} if empty else {})
        theirs, lines = ultralytics(python, [*exports, *chosen.weights], looking["ours"], wanted)
        outcomes["sent at 640"] |= theirs
    else:
        print(f"{ABSENT}\n")
    finish(outcomes, wrong_on(looking, empty, own), lines, own, chosen.json)


def without_phones(folders: Sequence[Path]) -> list[View]:
    """Return the pictures of folders in which nobody has a phone, as they are sent."""
    return [View(as_sent(view.bgr), False, view.subject, view.kind) for folder in folders for view in labelled(folder)]


def wrong_on(looking: Mapping[str, Watcher], views: Sequence[View], own: float) -> list[list[object]]:
    """Return for each watcher how many pictures without a phone it takes for one with a phone."""
    if not views:
        return []
    found = {name: watch(look, views) for name, look in looking.items()}
    wrong = {name: outcome.counts(threshold_of(name, own))[1] for name, outcome in found.items()}
    return [[name, wilson(wrong[name], len(views)), f"{one.times.mean():.1f}"] for name, one in found.items()]


def finish(
    outcomes: Mapping[str, Mapping[str, Outcome]],
    wrong: list[list[object]],
    costs: list[list[object]],
    own: float,
    as_json: bool,
) -> None:
    """Print the tables and the figures for programs."""
    report = Report("phones")
    for name, by_watcher in outcomes.items():
        for watcher, outcome in by_watcher.items():
            limit = threshold_of(watcher, own)
            low, high = f1_interval(outcome, limit)
            figures = {"f1": outcome.f1(limit), "f1 low": low, "f1 high": high}
            figures |= {"recall at 0.9": outcome.recall_at(PRECISION), "ms": float(outcome.times.mean())}
            target = report.metrics if watcher == "ours" else report.peers.setdefault(watcher, {})
            target.update({f"{name}, {key}": value for key, value in figures.items()})
    for watcher in report.peers:
        cost = report.peers[watcher].get("sent at 640, ms", 0)
        if cost:
            report.ratios[watcher] = report.metrics["sent at 640, ms"] / cost
    heads = ["pictures", "watcher", "precision", "recall", "F1", "best F1", "recall at P 0.9", "ms"]
    text = table(heads, rows_of(outcomes, own))
    if wrong:
        text += "\n\n" + table(["no phone anywhere", "taken for one", "ms"], wrong)
    if costs:
        text += "\n\n" + table(["in turns", "peer", "our ms", "its ms", "times ours"], costs)
    show(report, text, as_json)


if __name__ == "__main__":
    main()

"""`python -m evaluation.train_phone`: makes the phone model of the repository from labelled pictures, in one go.

What it trains is written only where it beats the stock model on pictures of sources that it was not trained on.

It needs the folder of pictures (labels.csv of its README) and the stock YOLO11n in INT8; no PyTorch, and no GPU.
"""

import argparse
import math
import tempfile
from collections.abc import Sequence
from pathlib import Path

from detection.models import exported
from detection.models.exported import Export
from evaluation.figures.report import table
from evaluation.phone_model import judged, training
from evaluation.phone_model.assemble import assemble, names
from evaluation.phone_model.stage import Stage
from evaluation.phone_model.training import Plan, Verdicts
from settings import REPOSITORY

SHARED = REPOSITORY.parent / "shared"
CHOSEN_BY = "wpa", "coco"  # a webcam, and everyday pictures
APART = ("sf",)  # in cars, of a licence that allows no more than measuring
HEAD = ("pictures", "watcher", "mean precision", "best F1", "precision", "recall", "at")
CUT = "Ultralytics YOLO11n (COCO), cut to the classes of an exam"
TRAINED = f"{CUT}, with a last stage for phones trained here"


def main() -> None:
    """Train, print what it is worth on pictures of other sources, and write the model."""
    options = argparse.ArgumentParser(prog="python -m evaluation.train_phone", description=__doc__)
    options.add_argument("--pictures", type=Path, default=SHARED / "media" / "phone-train")
    options.add_argument("--stock", type=Path, default=SHARED / "models/yolo11n_int8_openvino_model/yolo11n.xml")
    options.add_argument("--keep", type=Path, help="folder for the maps, 450 kB a picture (a temporary one)")
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--out", type=Path, default=exported.SHIPPED, help="folder of the model")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run(Plan(given.pictures, given.stock, given.keep or Path(folder), processes=given.processes), given.out)


def run(plan: Plan, out: Path) -> None:
    """Do all of it by a plan."""
    training.make_views(plan)
    stages = training.train(plan)
    training.keep_stages(stages, plan.kept / "stages.pickle")
    chosen = training.validate(plan, stages, CHOSEN_BY, ("A", "A-"))
    apart = training.validate(plan, stages, APART, ("C",))
    rows = [row for source in CHOSEN_BY for row in rows_of(source, chosen.of(source))]
    rows += rows_of(" and ".join(CHOSEN_BY), chosen)
    rows += [row for source in APART for row in rows_of(source, apart.of(source))]
    print(table(HEAD, rows))
    if is_better(chosen):
        told_from = share_of(judged.best(chosen.ours, chosen.truth)[0])
        doubtful = round(told_from / 3, 3), round(min(0.9, told_from * 2), 3)
        write(plan, stages, out, Export(out, TRAINED, "int8", numbered(), round(told_from, 3), doubtful))
    else:
        print("The stage is not better on each of these sources: the stock model is written, cut to an exam's classes.")
        write(plan, None, out, Export(out, CUT, "int8", numbered()))


def is_better(verdicts: Verdicts) -> bool:
    """Say whether ours ranks the pictures of every source at least as well as the stock model, and of one better."""
    gains = [
        judged.average_precision(part.ours, part.truth) - judged.average_precision(part.stock, part.truth)
        for part in map(verdicts.of, CHOSEN_BY)
    ]
    return min(gains) >= 0 and max(gains) > 0


def share_of(logit: float) -> float:
    """Return the score, 0 to 1, that a logit stands for."""
    return 1 / (1 + math.exp(-logit))


def numbered() -> dict[int, str]:
    """Return the names of the model's classes by their number."""
    return {int(number): label for number, label in names().items()}


def write(plan: Plan, stages: Sequence[Stage] | None, out: Path, export: Export) -> None:
    """Put the model together and write it in place of the one that is there."""
    with tempfile.TemporaryDirectory() as made:
        assemble(plan.stock, stages, Path(made))
        print(exported.write(Path(made), export).path)


def rows_of(source: str, verdicts: Verdicts) -> list[list[object]]:
    """Return a line for the stock model and one for ours, each at the threshold that suits it best."""
    rows: list[list[object]] = []
    for name, scores in (("stock", verdicts.stock), ("ours", verdicts.ours)):
        threshold, told = judged.best(scores, verdicts.truth)
        mean = judged.average_precision(scores, verdicts.truth)
        shares = [f"{value:.3f}" for value in (mean, told.f1, told.precision, told.recall)]
        rows.append([source, name, *shares, f"{share_of(threshold):.3f}"])
    return rows


if __name__ == "__main__":
    main()

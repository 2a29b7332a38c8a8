"""The steps of the training: pictures, cells, the stage of each scale, what it says of other pictures."""

import os
import pickle
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detection.detectors.yolo import Floats
from evaluation.phone_model import cells
from evaluation.phone_model.cache import Cached, keep_examples, keep_views, load
from evaluation.phone_model.cells import Cells
from evaluation.phone_model.labelled import Example, read
from evaluation.phone_model.stage import Stage, begin, fit
from evaluation.phone_model.taps import STRIDES

EPOCHS = 5
PHONES = 4.0  # how many times a cell with a phone counts
DONE = "done"


class Shard(NamedTuple):
    """Training pictures that one process makes: of which mix, how many, and from which seed."""

    mix: str
    views: int
    seed: int

    @property
    def name(self) -> str:
        """Return the name of its folder."""
        return f"{self.mix}{self.seed}"


RECIPE = (
    Shard("usual", 1499, 100),
    Shard("usual", 1499, 101),
)
"""What the model in the repository was trained on."""


@dataclass(frozen=True)
class Plan:
    """Where the pictures and the stock model are, where maps are kept, what is made, and by how many processes."""

    pictures: Path
    stock: Path
    kept: Path
    shards: Sequence[Shard] = RECIPE
    processes: int = 2
    seed: int = 1

    def folders(self) -> list[Path]:
        """Return the folders of made pictures."""
        return [self.kept / shard.name for shard in self.shards]


def make_views(plan: Plan) -> None:
    """Make the training pictures and keep their maps, those aside that are there already."""
    examples = list(read(plan.pictures, "train"))
    with _pool(plan.processes) as pool:
        jobs = []
        for shard, folder in zip(plan.shards, plan.folders(), strict=True):
            if not (folder / DONE).exists():
                jobs.append(pool.submit(_views, plan.stock, examples, folder, shard))
        for job in jobs:
            job.result()


def _views(stock: Path, examples: Sequence[Example], folder: Path, shard: Shard) -> None:
    keep_views(stock, examples, folder, shard.views, shard.seed, shard.mix)
    (folder / DONE).touch()


def train(plan: Plan) -> list[Stage]:
    """Return the stage of each scale."""
    folders = plan.folders()
    with _pool(plan.processes) as pool:
        jobs = [pool.submit(train_level, folders, level, plan.seed) for level in range(len(STRIDES))]
        return [job.result() for job in jobs]


def train_level(folders: Sequence[Path], level: int, seed: int) -> Stage:
    """Return the stage of one scale: trained, shown what it takes wrongly for a phone, and trained again."""
    rng = np.random.default_rng(seed + level)
    sets = [load(folder) for folder in folders]
    first = joined([cells.gather(one, level, rng) for one in sets])
    stage = begin(first, rng)
    fit(stage, first, max(1, EPOCHS // 2), rng, PHONES)
    again = joined([cells.gather(one, level, rng, scores_of(stage, one, level)) for one in sets])
    fit(stage, joined([first, again]), EPOCHS, rng, PHONES)
    return stage


def scores_of(stage: Stage, cached: Cached, level: int) -> list[Floats]:
    """Return what a stage says of the cells of its scale, picture by picture."""
    span = cells.spans(cached)[level]
    stock = [cached.logits[place, span].astype(np.float32) for place in range(len(cached))]
    return [stage.logits(cells.of_picture(cached, place, level), logits) for place, logits in enumerate(stock)]


def joined(parts: Sequence[Cells]) -> Cells:
    """Return the cells of several sets as one."""
    return Cells(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("codes", "stock", "aims")))


@dataclass(frozen=True)
class Verdicts:
    """What was said of pictures that were not trained on: as logits, by the stock and by the new stages."""

    sources: list[str]
    truth: NDArray[np.bool_]
    stock: Floats
    ours: Floats

    def of(self, source: str) -> "Verdicts":
        """Return the part of one source."""
        chosen = np.array([name == source for name in self.sources])
        names = [name for name in self.sources if name == source]
        return Verdicts(names, self.truth[chosen], self.stock[chosen], self.ours[chosen])


def validate(plan: Plan, stages: Sequence[Stage], sources: Sequence[str], tiers: tuple[str, ...]) -> Verdicts:
    """Return the verdicts on the pictures of some sources of the other split."""
    examples = [one for one in read(plan.pictures, "val", tiers) if one.source in sources]
    folder = plan.kept / "_".join(["val", *sources])
    if not (folder / DONE).exists():
        keep_examples(plan.stock, examples, folder)
        (folder / DONE).touch()
    cached = load(folder)
    scores = [scores_of(stage, cached, level) for level, stage in enumerate(stages)]
    surest = [max(float(level[place].max()) for level in scores) for place in range(len(cached))]
    truth = np.array([one.phone for one in examples])
    stock = cached.logits.astype(np.float32).max(1)
    return Verdicts([one.source for one in examples], truth, stock, np.array(surest, np.float32))


def keep_stages(stages: Sequence[Stage], path: Path) -> None:
    """Keep what was trained beside the maps."""
    path.write_bytes(pickle.dumps(list(stages)))


def _pool(processes: int) -> ProcessPoolExecutor:
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # for the processes that are started: one core each
    return ProcessPoolExecutor(processes, get_context("spawn"))

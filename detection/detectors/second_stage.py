"""The second stage for phones that an administrator may have this server learn from teachers' verdicts.

A logistic regression over detection.detectors.phone_features. It can only lower the score of what the detector takes
for a phone, never raise it or find anything, and it leaves alone what is unlike all that was judged: another room or
camera. The file holds numbers alone: no picture, nobody's data. JSON, no pickle.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from detection.detectors.phone_features import NAMES, Floats, features
from detection.detectors.yolo import DetectedObject
from detection.frames.decode import Picture
from detection.models import number_files
from detection.models.number_files import MOST_NUMBER, NumberFile, demand, numbers
from detection.models.shelf import sha256_of

KIND = NumberFile("examonitor learned phones", 1, "second stage for phones", 100_000)
FILE = "phones.json"
LEAST_SCALE = 1e-6  # below it sums are no numbers any more
MOST_SUM = 500.0  # exp of more is no number


class StageError(ValueError):
    """A file is no second stage that this server can use; says why."""


@dataclass(frozen=True, eq=False)
class SecondStage:
    """Features are brought to one scale, weighed and added up.

    `reach` is how far from the centre features may be for that, as the root of their mean square on that scale;
    `detector` is the sha256 of the model that they come from.
    """

    centre: Floats
    scale: Floats
    weights: Floats
    bias: float
    reach: float
    detector: str
    note: str = ""
    """What it was learned from, in words."""

    def chance(self, x: Floats) -> float:
        """Return how likely a row of features is a phone, where as many are phones as are not; 1 beyond the reach."""
        scaled = (x - self.centre) / self.scale
        if distance(scaled) > self.reach:
            return 1.0
        total = float(scaled @ self.weights) + self.bias
        return float(1 / (1 + np.exp(-np.clip(total, -MOST_SUM, MOST_SUM))))

    def lowered(
        self, picture: Picture, phones: Iterable[DetectedObject], others: Sequence[DetectedObject]
    ) -> list[DetectedObject]:
        """Return the phones of a look with their scores lowered, surest first."""
        seen = [one._replace(score=lower(one.score, self.chance(features(picture, one, others)))) for one in phones]
        return sorted(seen, key=lambda one: -one.score)


def distance(scaled: Floats) -> float:
    """Return how far a row of scaled features is from the middle of what was judged."""
    return float(np.sqrt((scaled**2).mean()))


def lower(score: float, chance: float) -> float:
    """Return a score as it is where a phone is likelier than not, and less in proportion where it is not."""
    return score * min(1.0, 2 * chance)


def save(stage: SecondStage, path: Path) -> None:
    """Write the file at once or not at all, in place of an earlier one, readable by its owner alone."""
    number_files.save(path, KIND, _content(stage))


def load(path: Path, model: Path) -> SecondStage:
    """Read a second stage and check it: format, version, features, numbers, sum, and the model that it belongs to.

    Raises:
        StageError: it is none, was changed after it was made, or was made with other features or another model.
    """
    try:
        stage = number_files.load(path, KIND, _checked)
    except ValueError as error:
        raise StageError(str(error)) from error
    if stage.detector != sha256_of(model):
        raise StageError(f"{path} cannot be used: it was learned with another model; `app.py learn --phones` makes one")
    return stage


def find(folder: Path | None, model: Path) -> SecondStage | None:
    """Return what was learned on this server, None where nothing was; StageError as `load`."""
    return load(folder / FILE, model) if folder is not None and (folder / FILE).exists() else None


def _checked(content: dict[str, Any]) -> SecondStage:
    demand(content["features"] == list(NAMES), "it was learned from other features than this program's")
    rows = numbers(content, ("centre", "scale", "weights"))
    bias, reach = float(content["bias"]), float(content["reach"])
    demand(all(one.shape == (len(NAMES),) for one in rows.values()), "its numbers are not one for each feature")
    demand(abs(bias) <= MOST_NUMBER and 0 <= reach <= MOST_NUMBER, "it holds numbers that are none")
    demand(bool((rows["scale"] >= LEAST_SCALE).all()), "its scale is not positive")
    return SecondStage(**rows, bias=bias, reach=reach, detector=str(content["detector"]), note=str(content["note"]))


def _content(stage: SecondStage) -> dict[str, Any]:
    return {
        "note": stage.note,
        "detector": stage.detector,
        "features": list(NAMES),
        "centre": stage.centre.tolist(),
        "scale": stage.scale.tolist(),
        "weights": stage.weights.tolist(),
        "bias": stage.bias,
        "reach": stage.reach,
    }

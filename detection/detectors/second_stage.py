"""The second stage for phones that an administrator may have this server learn from teachers' verdicts.

A logistic regression over detection.detectors.phone_features. It can only lower the score of what the detector takes
for a phone, never raise it or find anything, and it leaves alone what is unlike all that was judged: another room or
camera. The file holds numbers alone: no picture, nobody's data. JSON, no pickle.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from detection.detectors.phone_features import NAMES, Floats, features
from detection.detectors.yolo import DetectedObject
from detection.frames.decode import Picture
from detection.models.shelf import sha256_of

FORMAT, VERSION = "examonitor learned phones", 1
FILE = "phones.json"
MOST_BYTES = 100_000
MOST_NUMBER, LEAST_SCALE = 1e6, 1e-6  # beyond them sums are no numbers any more
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
    content = _content(stage)
    text = json.dumps({**content, "sha256": _digest(content)}, indent=1) + "\n"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(handle)
        Path(part).replace(path)
    finally:
        Path(part).unlink(missing_ok=True)


def load(path: Path, model: Path) -> SecondStage:
    """Read a second stage and check it: format, version, features, numbers, sum, and the model that it belongs to.

    Raises:
        StageError: it is none, was changed after it was made, or was made with other features or another model.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise StageError(f"{path} is larger than {MOST_BYTES} bytes")
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise StageError(f"{path} cannot be read: {error}") from error
    try:
        stage = _checked(told)
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise StageError(f"{path} cannot be used: {error}") from error
    if stage.detector != sha256_of(model):
        raise StageError(f"{path} cannot be used: it was learned with another model; `app.py learn --phones` makes one")
    return stage


def find(folder: Path | None, model: Path) -> SecondStage | None:
    """Return what was learned on this server, None where nothing was; StageError as `load`."""
    return load(folder / FILE, model) if folder is not None and (folder / FILE).exists() else None


def _checked(told: Any) -> SecondStage:
    _demand(isinstance(told, dict) and told.get("format") == FORMAT, "it is no second stage for phones")
    _demand(told["version"] == VERSION, f"it has version {told['version']}, this program reads {VERSION}")
    _demand(told["features"] == list(NAMES), "it was learned from other features than this program's")
    content = {name: value for name, value in told.items() if name != "sha256"}
    _demand(told["sha256"] == _digest(content), "its content does not fit its sum: it was changed")
    numbers = {name: np.array(told[name], dtype=np.float64) for name in ("centre", "scale", "weights")}
    bias, reach = float(told["bias"]), float(told["reach"])
    _demand(all(one.shape == (len(NAMES),) for one in numbers.values()), "its numbers are not one for each feature")
    _demand(all((np.abs(one) <= MOST_NUMBER).all() for one in numbers.values()), "it holds numbers that are none")
    _demand(abs(bias) <= MOST_NUMBER and 0 <= reach <= MOST_NUMBER, "it holds numbers that are none")
    _demand(bool((numbers["scale"] >= LEAST_SCALE).all()), "its scale is not positive")
    return SecondStage(**numbers, bias=bias, reach=reach, detector=str(told["detector"]), note=str(told["note"]))


def _demand(condition: bool, otherwise: str) -> None:
    if not condition:
        raise ValueError(otherwise)


def _content(stage: SecondStage) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "note": stage.note,
        "detector": stage.detector,
        "features": list(NAMES),
        "centre": stage.centre.tolist(),
        "scale": stage.scale.tolist(),
        "weights": stage.weights.tolist(),
        "bias": stage.bias,
        "reach": stage.reach,
    }


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

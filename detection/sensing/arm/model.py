"""The arm's model: a few hundred points in the room of features, and the vote of the nearest. A JSON file, no pickle.

Each point is the mean of several windows of one activity (k-means), so that the file holds nobody's recording. The vote
is scikit-learn's KNeighborsClassifier, built anew from the checked points, because a pickle could run code.
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.types import ArmFamily
from detection.sensing.arm.features import NAMES
from detection.sensing.arm.motion import HZ, WINDOW, Floats

FORMAT, VERSION = "examonitor arm model", 1
FILE = "arm_model.json"
SHIPPED = Path(__file__).with_name(FILE)
MOST_BYTES = 2_000_000
MOST_POINTS = 5000
MOST_NUMBER, LEAST_SCALE = 1e6, 1e-4  # beyond them distances are no numbers any more
TOLD = (ArmFamily.HAND_TO_FACE, ArmFamily.REACHING, ArmFamily.BODY, ArmFamily.CALM)
WEIGHTS = ("distance", "uniform")

logger = logging.getLogger(__name__)


class ModelError(ValueError):
    """A file is no arm model that this version can use; says why."""


@dataclass(frozen=True)
class ArmModel:
    """Points with their families, and how features are brought to one scale before the nearest are asked."""

    columns: tuple[str, ...]
    """Names of the features that are used, in the order of the points' columns."""
    centre: Floats
    scale: Floats
    points: Floats
    families: NDArray[np.int64]
    """Of each point: its place in TOLD."""
    k: int
    weights: str
    note: str = ""
    """What it was made from, in words."""
    digest: str = ""

    def shares(self, x: Floats) -> Floats:
        """Return, for each row of features (all of NAMES), the votes for each family of TOLD, of 1."""
        chosen = np.atleast_2d(x)[:, [NAMES.index(name) for name in self.columns]]
        votes = np.zeros((len(chosen), len(TOLD)))
        votes[:, self._classifier.classes_] = self._classifier.predict_proba((chosen - self.centre) / self.scale)
        return votes

    @cached_property
    def _classifier(self) -> Any:
        # A second and 60 MB, which a sensing process without an arm does without.
        from sklearn.neighbors import KNeighborsClassifier  # noqa: PLC0415 - loaded for the first arm alone

        # The tree gives the same neighbours as brute force, and starts no threads for the one row that is asked.
        nearest = KNeighborsClassifier(self.k, weights=self.weights, algorithm="kd_tree")
        return nearest.fit(self.points, self.families)

    def tell(self, x: Floats) -> tuple[ArmFamily, float]:
        """Return the family that one row of features is taken for, and how sure, of 1."""
        shares = self.shares(x)[0]
        best = int(shares.argmax())
        return TOLD[best], float(shares[best])


def save(model: ArmModel, path: Path) -> None:
    """Write the file at once or not at all; numbers are cut to four decimals."""
    content = _content(model)
    text = json.dumps({**content, "sha256": _digest(content)}, indent=None, separators=(",", ":"))
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(text.replace("],[", "],\n["), encoding="utf-8")
    unfinished.replace(path)


def load(path: Path) -> ArmModel:
    """Read a model and check it: format, version, features, shapes, finite numbers, and the sum over all of it.

    Raises:
        ModelError: it is none, was changed after it was made, or was made by another version.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ModelError(f"{path} is larger than {MOST_BYTES} bytes")
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path} cannot be read: {error}") from error
    try:
        return _checked(told)
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise ModelError(f"{path} cannot be used: {error}") from error


def find(folders: Iterable[Path]) -> tuple[ArmModel | None, str]:
    """Return the first good model of these folders, else the one that comes with the program, and where it is from.

    None where there is no good one at all, with the reason.
    """
    why = "there is no model"
    for path in (*(folder / FILE for folder in folders), SHIPPED):
        if not path.is_file():
            continue
        try:
            return load(path), str(path)
        except ModelError as error:
            why = str(error)
            logger.warning("%s", why)
    return None, why


def _checked(told: Any) -> ArmModel:
    _demand(isinstance(told, dict) and told.get("format") == FORMAT, "it is no arm model")
    _demand(told["version"] == VERSION, f"it has version {told['version']}, this program reads {VERSION}")
    content = {name: value for name, value in told.items() if name != "sha256"}
    _demand(told["sha256"] == _digest(content), "its content does not fit its sum: it was changed")
    _demand(told["hz"] == HZ and told["window"] == WINDOW, "its windows are others than this program's")
    columns = tuple(told["columns"])
    _demand(0 < len(set(columns)) == len(columns) and set(columns) <= set(NAMES), "it uses features unknown here")
    numbers = {name: np.array(told[name], dtype=np.float64) for name in ("centre", "scale", "points")}
    families = np.array([[str(one) for one in TOLD].index(name) for name in told["families"]], dtype=np.int64)
    count = len(families)
    _demand(0 < count <= MOST_POINTS and numbers["points"].shape == (count, len(columns)), "its points do not fit")
    _demand(numbers["centre"].shape == numbers["scale"].shape == (len(columns),), "its scale does not fit")
    _demand(all((np.abs(one) <= MOST_NUMBER).all() for one in numbers.values()), "it holds numbers that are none")
    _demand(bool((numbers["scale"] >= LEAST_SCALE).all()), "its scale is not positive")
    k = told["k"]
    _demand(isinstance(k, int) and 1 <= k <= count and told["weights"] in WEIGHTS, "its vote is unknown")
    return ArmModel(
        columns,
        families=families,
        k=k,
        weights=told["weights"],
        note=str(told["note"]),
        digest=told["sha256"],
        **numbers,
    )


def _content(model: ArmModel) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "note": model.note,
        "hz": HZ,
        "window": WINDOW,
        "columns": list(model.columns),
        "k": model.k,
        "weights": model.weights,
        "centre": _cut(model.centre),
        "scale": [max(value, LEAST_SCALE) for value in _cut(model.scale)],
        "families": [str(TOLD[place]) for place in model.families],
        "points": [_cut(point) for point in model.points],
    }


def _cut(values: Iterable[float]) -> list[float]:
    return [round(float(value), 4) for value in values]


def _digest(content: Mapping[str, Any]) -> str:
    plain = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(plain.encode()).hexdigest()


def _demand(is_so: bool, why: str) -> None:
    if not is_so:
        raise ModelError(why)

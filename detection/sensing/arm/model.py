"""The arm's model: a few hundred points in the room of features, and the vote of the nearest. A JSON file, no pickle.

Each point is the mean of several windows of one activity (k-means), so that the file holds nobody's recording. The vote
is scikit-learn's KNeighborsClassifier, built anew from the checked points, because a pickle could run code.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.types import ArmFamily
from detection.models import number_files
from detection.models.number_files import NumberFile, demand, numbers
from detection.sensing.arm.features import NAMES
from detection.sensing.arm.motion import HZ, WINDOW, Floats

KIND = NumberFile("examonitor arm model", 1, "arm model", 2_000_000)
FILE = "arm_model.json"
SHIPPED = Path(__file__).with_name(FILE)
MOST_POINTS = 5000
LEAST_SCALE = 1e-4  # below it distances are no numbers any more
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
    number_files.save(path, KIND, _content(model))


def load(path: Path) -> ArmModel:
    """Read a model and check it: format, version, features, shapes, finite numbers, and the sum over all of it.

    Raises:
        ModelError: it is none, was changed after it was made, or was made by another version.
    """
    try:
        return number_files.load(path, KIND, _checked)
    except ValueError as error:
        raise ModelError(str(error)) from error


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


def _checked(content: dict[str, Any]) -> ArmModel:
    demand(content["hz"] == HZ and content["window"] == WINDOW, "its windows are others than this program's")
    columns = tuple(content["columns"])
    demand(0 < len(set(columns)) == len(columns) and set(columns) <= set(NAMES), "it uses features unknown here")
    rows = numbers(content, ("centre", "scale", "points"))
    families = np.array([[str(one) for one in TOLD].index(name) for name in content["families"]], dtype=np.int64)
    count = len(families)
    demand(0 < count <= MOST_POINTS and rows["points"].shape == (count, len(columns)), "its points do not fit")
    demand(rows["centre"].shape == rows["scale"].shape == (len(columns),), "its scale does not fit")
    demand(bool((rows["scale"] >= LEAST_SCALE).all()), "its scale is not positive")
    k = content["k"]
    demand(isinstance(k, int) and 1 <= k <= count and content["weights"] in WEIGHTS, "its vote is unknown")
    return ArmModel(
        columns,
        families=families,
        k=k,
        weights=content["weights"],
        note=str(content["note"]),
        digest=number_files.digest(content),
        **rows,
    )


def _content(model: ArmModel) -> dict[str, Any]:
    return {
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

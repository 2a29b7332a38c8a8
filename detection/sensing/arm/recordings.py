"""Labelled recordings of arms: a folder with a labels.csv and a file of readings for each of its lines.

Columns of labels.csv: file, label, subject (a code, not a name), hz (0: every reading has a time of its own), unit;
axis (x, y or z: which axis of the sensor lies along the forearm; x where the column is missing). Files hold a reading
a line, "x y z", or "seconds x y z" where hz is 0. The unit is m/s2, or codes 0..63 from -1.5 g to 1.5 g as the public
data set of wrists has them; its text begins with one of the two words, and more may follow.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.types import ArmFamily
from detection.sensing.arm.features import along, features
from detection.sensing.arm.labels import FAMILIES, family_of, is_still, middle_of
from detection.sensing.arm.motion import STEP, WINDOW, Floats, MotionStream, Window
from detection.sensing.arm.threshold_rule import share_of

Names = NDArray[np.str_]

G = 9.80665
AXES = ("x", "y", "z")
LEAST_SECONDS = 3.5
TRAINING_HOP = 12  # samples, half a second: more windows than live, of the same kind
TABLE = "labels.csv"


class RecordingError(ValueError):
    """A folder of recordings cannot be used; says which line and why."""


@dataclass(frozen=True)
class Recording:
    """One labelled recording: seconds and x, y, z in m/s2 of every reading."""

    name: str
    label: str
    person: str
    hz: float
    axis: int
    rows: Floats


@dataclass(frozen=True)
class Labelled:
    """Every window of a set of recordings: a row of `x` and a place of each other array for each."""

    x: Floats
    truth: Names
    """Families, as detection.sensing.arm.labels tells them."""
    as_recorded: Names
    """The same, but what moves in a recording of a hand at the face is believed to be that from begin to end."""
    person: Names
    label: Names
    recording: NDArray[np.int64]
    simple: Floats
    """Share of the window's readings that the first threshold rule takes for cheating."""


def read_folder(folder: Path) -> list[Recording]:
    """Return every recording of a folder.

    Raises:
        RecordingError: no table, an unknown label or unit, a file that is missing, too short or holds no readings.
    """
    table = folder / TABLE
    if not table.is_file():
        raise RecordingError(f"there is no {table}")
    with table.open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    if not lines:
        raise RecordingError(f"{table} names no recording")
    return [_read(folder, number, line) for number, line in enumerate(lines, 2)]


def windows_of(recording: Recording, hop: int = TRAINING_HOP) -> list[Window]:
    """Return the windows of a recording, made as the live path makes them, the forearm along the first axis."""
    found = MotionStream(hop).take(0.0, recording.rows)
    return [along(window, recording.axis) for window in found]


def _read(folder: Path, number: int, line: dict[str, str | None]) -> Recording:
    told = {name: (value or "").strip() for name, value in line.items() if name}
    where = f"{folder / TABLE}, line {number}"
    if told.get("label") not in FAMILIES:
        raise RecordingError(f"{where}: unknown label {told.get('label')!r}; known are {', '.join(FAMILIES)}")
    axis = told.get("axis") or "x"
    if axis not in AXES or not told.get("subject"):
        raise RecordingError(f"{where}: a subject is needed, and an axis x, y or z")
    path = folder / Path(told.get("file") or "?").name
    try:
        hz = float(told.get("hz") or 0.0)
        rows = np.loadtxt(path, ndmin=2)
    except (OSError, ValueError) as error:
        raise RecordingError(f"{where}: {error}") from error
    rows = _in_units(rows, hz, told.get("unit", ""), where)
    if not np.isfinite(rows).all() or rows[-1, 0] - rows[0, 0] < LEAST_SECONDS or (np.diff(rows[:, 0]) <= 0).any():
        raise RecordingError(f"{where}: {path.name} needs {LEAST_SECONDS} s of finite readings in the order of time")
    rate = hz or (len(rows) - 1) / (rows[-1, 0] - rows[0, 0])
    return Recording(path.name, told["label"], told["subject"], rate, AXES.index(axis), rows)


def _in_units(rows: Floats, hz: float, unit: str, where: str) -> Floats:
    wanted = 3 if hz > 0 else 4
    if rows.ndim != 2 or rows.shape[1] != wanted or len(rows) < 2:
        raise RecordingError(f"{where}: {wanted} numbers a line are needed")
    if hz > 0:
        rows = np.column_stack((np.arange(len(rows)) / hz, rows))
    if unit.startswith("code"):
        rows = np.column_stack((rows[:, 0], (-1.5 + 3.0 * rows[:, 1:] / 63.0) * G))
    elif not unit.startswith("m/s2"):
        raise RecordingError(f"{where}: unknown unit {unit!r}; known are m/s2, and code 0..63 of +-1.5 g")
    return rows


def labelled(recordings: Sequence[Recording]) -> Labelled:
    """Return every window of the recordings with what it shows."""
    found = [(number, *one) for number, recording in enumerate(recordings) for one in _told(recording)]
    if not found:
        raise RecordingError("the recordings hold no window")
    numbers, x, truth, as_recorded, simple = zip(*found, strict=True)
    owners = [recordings[number] for number in numbers]
    return Labelled(
        x=np.array(x),
        truth=np.array(truth),
        as_recorded=np.array(as_recorded),
        person=np.array([one.person for one in owners]),
        label=np.array([one.label for one in owners]),
        recording=np.array(numbers),
        simple=np.array(simple),
    )


def _told(one: Recording) -> Iterator[tuple[Floats, str, str, float]]:
    """Yield features, truth, truth as recorded, and the simple rule's share, of each window."""
    times, values = one.rows[:, 0], one.rows[:, 1:]
    family = FAMILIES[one.label]
    is_face = family is ArmFamily.HAND_TO_FACE
    begin, end = middle_of(values, one.hz) if is_face else (0.0, 0.0)
    for window in windows_of(one):
        start = window.at - WINDOW * STEP
        inside = values[(times >= start) & (times < window.at)]
        is_middle, still = begin <= (start + window.at) / 2 <= end, is_still(inside, one.hz)
        truth = family_of(one.label, is_middle, still)
        rests = truth is ArmFamily.CALM
        yield features(window), str(truth), str(ArmFamily.CALM if rests else family), share_of(inside)

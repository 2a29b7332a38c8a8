"""Writes labelled recordings of an arm as they come from a phone, so that `train_arm --data` can read them.

A recording grows in a file of its own (`NAME.part`, with its label in the first line) and enters labels.csv once it is
over and long enough. What a crash left behind is taken up by the next writer in the same folder.
"""

import csv
import json
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from detection.sensing.arm.labels import FAMILIES
from detection.sensing.arm.motion import readings_of
from detection.sensing.arm.recordings import AXES, LEAST_SECONDS, TABLE

PERSON = re.compile(r"[A-Za-z0-9_-]{1,40}")
COLUMNS = ("file", "label", "subject", "hz", "unit", "axis", "start", "seconds", "n_samples")
UNFINISHED = ".part"
MOST_SECONDS = 3600.0
LEAST_ROWS = 40


class WriterError(ValueError):
    """Something cannot be recorded so; says why."""


@dataclass(frozen=True)
class Plan:
    """What is recorded, of whom (a code, no name), and which axis of the sensor lies along the forearm."""

    label: str
    person: str
    axis: str = "y"

    def check(self) -> None:
        """Raise WriterError for an unknown label or axis, or a person's code of other signs than letters and digits."""
        if self.label not in FAMILIES:
            raise WriterError(f"unknown label {self.label!r}; known are {', '.join(FAMILIES)}")
        if not PERSON.fullmatch(self.person):
            raise WriterError("a person is a code of letters, digits, - and _, such as p07; no name")
        if self.axis not in AXES:
            raise WriterError("the axis is x, y or z")


class RecordingWriter:
    """Takes batches of one phone, from whatever thread, one recording at a time."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        plan.check()
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._plan = plan
        self._lock = threading.Lock()
        self._file: TextIO | None = None
        self._path: Path | None = None
        self._rows = 0
        self._last = -1.0
        self._origin = 0.0
        self.kept: list[str] = []
        """Names of the files that are in labels.csv by our doing."""

    def recover(self) -> tuple[list[str], list[str]]:
        """Take up what was left unfinished here; return the names that are now in labels.csv, and those too short."""
        with self._lock:
            found = [(path, self._finish(path)) for path in sorted(self._folder.glob(f"*{UNFINISHED}"))]
        return [one for _, one in found if one], [path.name for path, one in found if not one]

    def begin(self, now: datetime) -> str:
        """Begin a recording, ending one that is under way; return its name."""
        with self._lock:
            self._end()
            stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%S%f")[:-3]
            name = f"{self._plan.label}-{self._plan.person}-{stamp}"
            self._path = self._folder / f"{name}{UNFINISHED}"
            self._file = self._path.open("x", encoding="utf-8")
            head = {"label": self._plan.label, "person": self._plan.person, "axis": self._plan.axis, "start": stamp}
            self._file.write(f"# {json.dumps(head)}\n")
            self._rows, self._last = 0, -1.0
            return name

    def add(self, name: str, at: float, data: bytes) -> tuple[int, float]:
        """Add a batch that begins at `at` seconds of the phone's clock; return rows and seconds recorded so far.

        Readings that were there already (a batch sent again) and numbers that are none are left out.

        Raises:
            WriterError: there is no such recording under way, or it is an hour long.
        """
        with self._lock:
            if self._file is None or self._path is None or self._path.name != f"{name}{UNFINISHED}":
                raise WriterError("this recording is over")
            if self._last > MOST_SECONDS:
                raise WriterError("an hour is enough for one recording")
            for row in readings_of(data):
                if self._rows == 0:
                    self._origin = at + row[0]
                seconds = round(at + row[0] - self._origin, 4)
                if seconds > self._last:
                    self._file.write(f"{seconds:.4f} {row[1]:.4f} {row[2]:.4f} {row[3]:.4f}\n")
                    self._rows, self._last = self._rows + 1, seconds
            self._file.flush()
            return self._rows, max(0.0, self._last)

    def end(self) -> str | None:
        """End the recording under way; return its file's name, None where it was too short to keep."""
        with self._lock:
            return self._end()

    def _end(self) -> str | None:
        if self._file is None or self._path is None:
            return None
        self._file.close()
        path, self._file, self._path = self._path, None, None
        return self._finish(path)

    def _finish(self, path: Path) -> str | None:
        lines = path.read_text(encoding="utf-8").split("\n")[:-1]  # a line without its end was cut off
        told = _head(lines[0] if lines else "")
        rows = _whole_rows(lines[1:])
        if told is None or len(rows) < LEAST_ROWS or rows[-1][0] - rows[0][0] < LEAST_SECONDS:
            return None
        final = path.with_suffix(".txt")
        final.write_text("".join(" ".join(f"{v:.4f}" for v in row) + "\n" for row in rows), encoding="utf-8")
        self._list(final.name, told, rows)
        path.unlink()
        self.kept.append(final.name)
        return final.name

    def _list(self, name: str, told: dict[str, str], rows: Sequence[Sequence[float]]) -> None:
        """Add a line to labels.csv, unless a crash came between that and the end of the last run."""
        table = self._folder / TABLE
        before = table.read_text(encoding="utf-8") if table.is_file() else ""
        known = list(csv.DictReader(before.splitlines()))
        if any(line.get("file") == name for line in known):
            return
        line = {"file": name, "label": told["label"], "subject": told["person"], "hz": 0, "unit": "m/s2"}
        line |= {"axis": told["axis"], "start": told["start"], "n_samples": len(rows)}
        line |= {"seconds": round(rows[-1][0] - rows[0][0], 1)}
        columns = list(known[0]) if known else list(COLUMNS)
        unfinished = table.with_suffix(".new")
        with unfinished.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns, extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            writer.writerows([*known, line])
        unfinished.replace(table)


def _head(line: str) -> dict[str, str] | None:
    """Return what the first line of an unfinished file says, None where it is no such file."""
    try:
        told = json.loads(line.removeprefix("# "))
        Plan(told["label"], told["person"], told["axis"]).check()
        return {name: str(told[name]) for name in ("label", "person", "axis", "start")}
    except (KeyError, TypeError, ValueError):
        return None


def _whole_rows(lines: Sequence[str]) -> list[list[float]]:
    """Return the rows of a file up to the first line that is none."""
    rows: list[list[float]] = []
    for line in lines:
        try:
            row = [float(part) for part in line.split(" ")]
        except ValueError:
            break
        if len(row) != 4 or (rows and row[0] <= rows[-1][0]):
            break
        rows.append(row)
    return rows

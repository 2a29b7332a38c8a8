"""Whether the phone that stands in the room stands still: which way down is for it, and how much it is shaken."""

import math
import struct
from collections.abc import Mapping
from typing import Any

from core.types import Observation, ObservationKind, Reading

ROW = struct.Struct("<4f")
WINDOW = 1.0  # seconds that one observation tells of
LEAST_ROWS = 5
MOST_ROWS = 400  # kept of one phone: more than any sensor gives in a window

Vector = tuple[float, float, float]


class RoomMotion:
    """Turns batches of acceleration into one fact a second; remembers what a window still lacks."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[tuple[float, Vector]]] = {}

    def take(self, reading: Reading) -> list[Observation]:
        """Return what a batch completes: {"gravity": [x, y, z] m/s2 in the phone's axes, "shaken": m/s2 (RMS)}."""
        rows = self._waiting.setdefault(reading.participant, [])
        if rows and reading.at < rows[-1][0] - WINDOW:
            rows.clear()  # the clock was set back
        rows += [(reading.at + seconds, (x, y, z)) for seconds, x, y, z in ROW.iter_unpack(_whole(reading.data))]
        del rows[:-MOST_ROWS]
        if not rows or rows[-1][0] - rows[0][0] < WINDOW or len(rows) < LEAST_ROWS:
            return []
        self._waiting[reading.participant] = []
        return [_observation(reading, rows[-1][0], [vector for _, vector in rows])]

    def tell(self, participant: str, context: Mapping[str, Any]) -> None:
        """Have nothing to learn of a participant."""

    def forget(self, participant: str) -> None:
        """Drop what waits of a participant."""
        self._waiting.pop(participant, None)


def _whole(data: bytes) -> bytes:
    return data[: len(data) - len(data) % ROW.size]


def _observation(reading: Reading, at: float, vectors: list[Vector]) -> Observation:
    mean = [sum(axis) / len(vectors) for axis in zip(*vectors, strict=True)]
    shaken = math.sqrt(sum(math.dist(vector, mean) ** 2 for vector in vectors) / len(vectors))
    values = {"gravity": [round(value, 3) for value in mean], "shaken": round(shaken, 3)}
    return Observation(reading.room, reading.participant, ObservationKind.MOVED, at, values, reading.channel)

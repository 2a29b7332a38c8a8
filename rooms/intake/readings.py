"""What phones and microphones send, looked into: sizes, numbers and times, before anything believes them."""

import math
import sys
from array import array
from itertools import pairwise
from typing import NamedTuple

from core.errors import ProtocolError, UserError
from rooms.protocol.incoming import MotionBatch, SoundPiece

ROW_BYTES = 16  # milliseconds after `at`, then x, y, z: four 32-bit numbers
MOST_ACCELERATION = 200.0  # m/s2 on one axis; sensors of phones end at 80 or 160
MOST_SPAN_MS = 5000.0  # of one batch; a page sends what it has after a quarter of a second
SAMPLE_BYTES = 2


class Motion(NamedTuple):
    """A batch of movement: when it began on the phone's clock and how long it lasts, in seconds."""

    seq: int
    at: float
    span: float
    data: bytes
    """Rows as core.types.ReadingKind.MOTION has them."""


class Sound(NamedTuple):
    """A piece of sound: when it began on the sender's clock, in seconds; levels in dBFS; why it was sent."""

    seq: int
    at: float
    level: float
    floor: float
    why: str
    data: bytes
    """Samples as core.types.ReadingKind.SOUND has them."""

    @property
    def span(self) -> float:
        """Return how long it lasts, in seconds."""
        return len(self.data) / SAMPLE_BYTES / 16_000


def check_motion(payload: MotionBatch) -> Motion:
    """Return the batch of a `motion` event whose fields have been checked.

    Acceleration beyond `MOST_ACCELERATION` is cut to it: that is a knock, or a sensor at its end.

    Raises:
        ProtocolError: `bad_message` for what is no whole number of rows.
        UserError: `bad_reading` for numbers that are none, and for times out of order or too far apart.
    """
    data = bytes(payload["data"])
    if not data or len(data) % ROW_BYTES:
        raise ProtocolError("bad_message", "The server did not understand “%(what)s”.", what="data")
    values = array("f", data)
    if sys.byteorder == "big":
        values.byteswap()
    times = values[0::4]
    if not all(map(math.isfinite, values)) or times[0] < 0.0 or times[-1] > MOST_SPAN_MS:
        raise _bad_reading()
    if any(later < earlier for earlier, later in pairwise(times)):
        raise _bad_reading()
    values[0::4] = array("f", [time / 1000.0 for time in times])
    if max(values) > MOST_ACCELERATION or min(values) < -MOST_ACCELERATION:
        values = array("f", [max(-MOST_ACCELERATION, min(MOST_ACCELERATION, value)) for value in values])
    if sys.byteorder == "big":
        values.byteswap()
    return Motion(payload["seq"], payload["at"] / 1000.0, times[-1] / 1000.0, values.tobytes())


def check_sound(payload: SoundPiece) -> Sound:
    """Return the piece of a `sound` event whose fields have been checked; ProtocolError `bad_message` for odd bytes."""
    data = bytes(payload["data"])
    if not data or len(data) % SAMPLE_BYTES:
        raise ProtocolError("bad_message", "The server did not understand “%(what)s”.", what="data")
    level, floor = float(payload["level"]), float(payload["floor"])
    return Sound(payload["seq"], payload["at"] / 1000.0, level, floor, payload["why"], data)


def _bad_reading() -> UserError:
    return UserError("bad_reading", "These readings cannot be used: wrong numbers, or out of order.")

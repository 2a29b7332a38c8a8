"""Batches of a motion sensor, irregular as phones send them, into windows of an even 25 Hz; plain numpy.

Every batch carries the phone's own times. Between two readings the acceleration is taken to change evenly; a sample is
its mean over 40 ms, exact for that line, so that 60 Hz is smoothed and 20 Hz is filled in, and lost or double readings
shift nothing. Windows never reach across a gap.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

HZ = 25.0
STEP = 1.0 / HZ
WINDOW = 62  # samples, 2.5 s: long enough for a hand on its way to the ear, short enough for two windows of a sip
SIDE = 12  # samples on either side of a window, from which its gravity is told
SPAN = WINDOW + 2 * SIDE
GAP = 0.5  # seconds without a reading after which nothing is known of what lay between
CLOCK_SET_BACK = 5.0  # seconds: older readings than this are no late ones, the phone's clock was set
MOST_ACCELERATION = 200.0  # m/s2; phones measure 4 g to 16 g
MOST_OFFSET = 600.0  # seconds after its begin that a reading of a batch can lie
MOST_ROWS = 4096
COLUMNS = 4

# Weights of the low-pass that leaves gravity: a bell of one second, which halves 1 Hz and keeps 0.3 Hz. Centred, so
# that it lags behind nothing; the price is that a window is known half a second after its end.
BELL = np.hanning(2 * SIDE + 3)[1:-1] / np.hanning(2 * SIDE + 3)[1:-1].sum()


@dataclass(frozen=True)
class Window:
    """2.5 s of an arm at 25 Hz: the time of its end in seconds, gravity and what is left, (62, 3) in m/s2."""

    at: float
    gravity: Floats
    moved: Floats


def readings_of(data: bytes) -> Floats:
    """Return the rows (seconds, x, y, z) of a MOTION batch that can be measurements at all, in their order of time.

    Rows with NaN, infinities, more than 200 m/s2 or ten minutes are left out, and so is an unfinished last row.
    """
    whole = len(data) // (4 * COLUMNS) * COLUMNS
    rows = np.frombuffer(data, dtype="<f4", count=min(whole, MOST_ROWS * COLUMNS)).reshape(-1, COLUMNS)
    rows = rows.astype(np.float64)
    with np.errstate(invalid="ignore"):
        is_good = (np.abs(rows[:, 0]) <= MOST_OFFSET) & (np.abs(rows[:, 1:]) <= MOST_ACCELERATION).all(axis=1)
    rows = rows[is_good]
    return rows[np.argsort(rows[:, 0], kind="stable")]


class MotionStream:
    """One sensor: remembers less than two windows of it, whatever comes."""

    def __init__(self, hop: int) -> None:
        self.hop = hop
        """Samples from one window to the next."""
        self._tail: Floats = np.empty((0, COLUMNS))
        self._from = 0.0
        self._count = 0
        self._samples: Floats = np.empty((0, 3))

    def take(self, at: float, rows: Floats) -> Iterator[Window]:
        """Yield the windows that a batch completes; `rows` as `readings_of` gives them, `at` in seconds."""
        for part in self._parts(rows + np.array([at, 0.0, 0.0, 0.0])):
            yield from self._windows(part)

    def held(self) -> int:
        """Return how many readings and samples are remembered."""
        return len(self._tail) + len(self._samples)

    def _parts(self, rows: Floats) -> Iterator[Floats]:
        """Yield runs of readings without a gap; what is late or double is left out."""
        newest = self._tail[-1, 0] if len(self._tail) else -np.inf
        if len(rows) and rows[-1, 0] < newest - CLOCK_SET_BACK:
            self._begin(rows[0, 0])
            newest = -np.inf
        rows = rows[rows[:, 0] > newest]
        if len(rows):
            rows = rows[np.concatenate(([True], np.diff(rows[:, 0]) > 0.0))]
        breaks = np.flatnonzero(np.diff(rows[:, 0]) > GAP) + 1
        yield from (part for part in np.split(rows, breaks) if len(part))

    def _begin(self, at: float) -> None:
        self._tail, self._samples = np.empty((0, COLUMNS)), np.empty((0, 3))
        self._from, self._count = at, 0

    def _windows(self, part: Floats) -> Iterator[Window]:
        if not len(self._tail) or part[0, 0] - self._tail[-1, 0] > GAP:
            self._begin(part[0, 0])
        self._tail = np.vstack((self._tail, part))
        self._samples = np.vstack((self._samples, self._resampled()))
        while len(self._samples) >= SPAN:
            # the newest sample ends at the count's edge; the window ends SIDE samples before the span does
            behind = len(self._samples) - SPAN + SIDE
            yield window_of(self._samples[:SPAN], self._from + (self._count - behind) * STEP)
            self._samples = self._samples[self.hop :]

    def _resampled(self) -> Floats:
        """Return the samples that the readings complete, and drop the readings that no later one needs."""
        times, values = self._tail[:, 0], self._tail[:, 1:]
        whole = int((times[-1] - self._from) / STEP + 1e-6)
        edges = self._from + STEP * np.arange(self._count, whole + 1)
        if whole <= self._count:
            return np.empty((0, 3))
        self._count = whole
        first = int(np.searchsorted(times, edges[-1], side="right")) - 1
        told = np.diff(_integral(times, values, np.minimum(edges, times[-1])), axis=0) / STEP
        self._tail = self._tail[max(0, first) :]
        return told


def window_of(samples: Floats, at: float) -> Window:
    """Return the window in the middle of (86, 3) samples, apart from its gravity."""
    gravity = np.column_stack([np.convolve(samples[:, axis], BELL, mode="valid") for axis in range(3)])
    return Window(at, gravity, samples[SIDE:-SIDE] - gravity)


def _integral(times: Floats, values: Floats, at: Floats) -> Floats:
    """Return the integral from the first time to each of `at`, of values that change evenly between times."""
    spans = np.diff(times)[:, None]
    sums = np.vstack((np.zeros((1, 3)), np.cumsum((values[1:] + values[:-1]) / 2 * spans, axis=0)))
    left = np.clip(np.searchsorted(times, at, side="right") - 1, 0, len(times) - 2)
    past = (at - times[left])[:, None]
    slope = (values[left + 1] - values[left]) / spans[left]
    told: Floats = sums[left] + values[left] * past + slope * past**2 / 2
    return told

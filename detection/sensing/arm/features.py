"""What is measured of one window of a forearm: 29 numbers, none of which changes when the strap turns around the arm.

The first axis lies along the forearm, towards the hand; the other two lie anywhere across it. So posture is the angle
of the forearm against the horizon (gravity along the arm against gravity across it), movement across the arm is taken
by its main directions, never by the phone's own, and the rest are lengths. A strap that slips or a phone on the inner
side of the arm changes nothing; one that points the other way does, which docs/arm.md asks students to mind.

Movements are taken as logarithms, and at least as large as the noise of the recordings that the model was made of
(their sensor has steps of 0.047 g), so that a finer sensor's silence is the same silence.
"""

from collections.abc import Sequence

import numpy as np

from detection.sensing.arm.motion import HZ, Floats, Window

NOISE = 0.35  # m/s2
NOISE_OF_JERK = 3.0  # m/s3
PARTS = 5  # half seconds of a window
ENDS = 5  # samples that make the posture at its begin and at its end
FAST_FROM = 2.0  # Hz: brushing and combing are above, handling is below
SILENT = 1e-9

NAMES = (
    *("elevation", "elevation_least", "elevation_most", "elevation_spread", "elevation_change"),
    *("turned_most", "turned_in_all", "gravity_along", "gravity_across"),
    *("along", "across", "across_less", "across_more", "all", "jerk_along", "jerk_across", "size", "upwards", "peak"),
    *("together", "begin", "middle", "end", "calmest_part", "usual_part", "strongest_part"),
    *("frequency", "frequency_mean", "fast_share"),
)
FREQUENCIES = tuple(index for index, name in enumerate(NAMES) if "fast" in name or name.startswith("frequency"))


def features(window: Window) -> Floats:
    """Return the numbers that NAMES names: degrees, m/s2, logarithms of m/s2 and m/s3, Hz, shares."""
    return np.array([*_posture(window), *_movement(window), *_course(window.moved), *_rhythm(window.moved)])


def strength(window: Window) -> float:
    """Return how strong the movement is: root mean square without gravity, m/s2."""
    return float(np.sqrt((window.moved**2).sum(axis=1).mean()))


def along(window: Window, axis: int) -> Window:
    """Return a window whose first axis is that axis of the sensor; for one that already lies so, 0."""
    order = [axis, (axis + 1) % 3, (axis + 2) % 3]
    return Window(window.at, window.gravity[:, order], window.moved[:, order])


def _posture(window: Window) -> Sequence[float]:
    gravity = window.gravity
    lengths = np.linalg.norm(gravity, axis=1) + SILENT
    up = gravity / lengths[:, None]
    raised = np.degrees(np.arcsin(np.clip(up[:, 0], -1.0, 1.0)))
    middle = up.mean(axis=0)
    middle /= np.linalg.norm(middle) + SILENT
    turned = np.degrees(np.arccos(np.clip(up @ middle, -1.0, 1.0)))
    steps = np.degrees(np.arccos(np.clip((up[1:] * up[:-1]).sum(axis=1), -1.0, 1.0)))
    return (
        raised.mean(),
        raised.min(),
        raised.max(),
        raised.std(),
        raised[-ENDS:].mean() - raised[:ENDS].mean(),
        turned.max(),
        np.log1p(steps.sum()),
        gravity[:, 0].mean(),
        np.linalg.norm(gravity[:, 1:], axis=1).mean(),
    )


def _movement(window: Window) -> Sequence[float]:
    moved, whole = window.moved, window.moved + window.gravity
    up = window.gravity / (np.linalg.norm(window.gravity, axis=1, keepdims=True) + SILENT)
    jerk = np.diff(moved, axis=0) * HZ
    spread = np.cov(moved.T)
    across = np.sqrt(np.maximum(np.linalg.eigvalsh(spread[1:, 1:]), 0.0))
    length = np.sqrt((moved**2).sum(axis=1))
    shared = np.linalg.norm(spread[0, 1:]) / (np.sqrt(spread[0, 0] * np.trace(spread[1:, 1:])) + NOISE**2)
    return (
        _log(moved[:, 0].std()),
        _log(np.sqrt(np.trace(spread[1:, 1:]))),
        _log(across[0]),
        _log(across[1]),
        _log(np.sqrt((length**2).mean())),
        _log(jerk[:, 0].std(), NOISE_OF_JERK),
        _log(np.sqrt((jerk[:, 1:] ** 2).sum(axis=1).mean()), NOISE_OF_JERK),
        _log(np.linalg.norm(whole, axis=1).std()),
        _log((moved * up).sum(axis=1).std()),
        _log(length.max()),
        shared,
    )


def _course(moved: Floats) -> Sequence[float]:
    squares = (moved**2).sum(axis=1)
    thirds = [_log(np.sqrt(part.mean())) for part in np.array_split(squares, 3)]
    parts = sorted(_log(np.sqrt(part.mean())) for part in np.array_split(squares, PARTS))
    return (*thirds, parts[0], parts[PARTS // 2], parts[-1])


def _rhythm(moved: Floats) -> Sequence[float]:
    shaped = (moved - moved.mean(axis=0)) * np.hanning(len(moved))[:, None]
    power = (np.abs(np.fft.rfft(shaped, axis=0)) ** 2).sum(axis=1)[1:]
    rates = np.fft.rfftfreq(len(moved), 1 / HZ)[1:]
    total = power.sum() + SILENT
    return rates[power.argmax()], (power * rates).sum() / total, power[rates >= FAST_FROM].sum() / total


def _log(value: float, least: float = NOISE) -> float:
    return float(np.log(max(value, least)))

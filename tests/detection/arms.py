"""Made arms: readings of a phone on a forearm that rests, types, or is raised to the ear."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from core.types import Observation, Reading, ReadingKind
from detection.sensing.arm.motion import Floats
from detection.sensing.arm.sense import ArmSense

START = 1_700_000_000.0
G = 9.80665
PHONE_HZ = 60.0


def posture(elevation: float, roll: float = 0.0) -> Floats:
    """Gravity (x, y, z) of a phone whose upper edge points to the hand, the forearm raised by so many degrees."""
    up, turn = np.radians(elevation), np.radians(roll)
    return G * np.array([np.cos(up) * np.sin(turn), np.sin(up), np.cos(up) * np.cos(turn)])


def rows(
    seconds: float,
    elevation: float = 0.0,
    shake: float = 0.05,
    rate: float = 4.0,
    hz: float = PHONE_HZ,
    roll: float = 0.0,
) -> Floats:
    """Readings (seconds, x, y, z) of an arm held so that trembles by `shake` m/s2 on every axis."""
    times = np.arange(round(seconds * hz)) / hz
    swing = shake * np.sqrt(2) * np.sin(2 * np.pi * rate * times)
    values = posture(elevation, roll) + swing[:, None] * np.array([0.6, 0.5, 0.62])
    return np.column_stack((times, values))


def raised(seconds: float, elevation: float = 55.0, lift: float = 1.0) -> Floats:
    """Readings of an arm that goes from the desk to the ear within `lift` seconds and stays there."""
    times = np.arange(round(seconds * PHONE_HZ)) / PHONE_HZ
    angles = elevation * np.clip(times / lift, 0.0, 1.0)
    values = np.array([posture(angle) for angle in angles]) + np.random.default_rng(1).normal(0, 0.05, (len(times), 3))
    return np.column_stack((times, values))


def batches(told: Floats, at: float = START, participant: str = "zoe", size: int = 15) -> Iterator[Reading]:
    """Cut readings into batches as the page sends them."""
    for first in range(0, len(told), size):
        part = told[first : first + size].copy()
        begin = part[0, 0]
        part[:, 0] -= begin
        yield Reading("room", participant, "arm", ReadingKind.MOTION, at + begin, part.astype("<f4").tobytes())


def sense(arm: ArmSense, told: Floats, at: float = START, participant: str = "zoe") -> list[Observation]:
    """Give all of it to a sense."""
    return [one for reading in batches(told, at, participant) for one in arm.take(reading)]

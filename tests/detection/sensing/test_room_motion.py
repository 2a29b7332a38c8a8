"""The phone in the room: where down is for it, and how much it is shaken."""

from __future__ import annotations

import math
import struct
from itertools import pairwise

import pytest

from core.types import ObservationKind, Reading, ReadingKind
from detection.sensing.room_motion import ROW, RoomMotion

STEP = 0.02


def batch(at: float, seconds: float, shake: float = 0.0, who: str = "ana") -> Reading:
    """A phone that stands upright, shaken up and down with that amplitude in m/s2."""
    count = round(seconds / STEP)
    rows = [(n * STEP, 0.0, 9.81 + shake * math.sin(2 * math.pi * 3 * (at + n * STEP)), 0.0) for n in range(count)]
    return Reading("room", who, "room", ReadingKind.MOTION, at, b"".join(ROW.pack(*row) for row in rows))


def test_one_fact_a_second() -> None:
    sense = RoomMotion()
    found = [one for n in range(40) for one in sense.take(batch(n * 0.25, 0.25))]
    assert 7 <= len(found) <= 10
    assert {one.kind for one in found} == {ObservationKind.MOVED} and {one.channel for one in found} == {"room"}
    assert all(later.at - before.at >= 0.9 for before, later in pairwise(found))
    assert found[0].values["gravity"] == pytest.approx([0.0, 9.81, 0.0], abs=0.01)
    assert found[0].values["shaken"] < 0.01


@pytest.mark.parametrize("amplitude", [0.5, 3.0])
def test_shaking_is_told_by_its_rms(amplitude: float) -> None:
    (found,) = RoomMotion().take(batch(0.0, 1.1, amplitude))
    assert found.values["shaken"] == pytest.approx(amplitude / math.sqrt(2), rel=0.1)


def test_students_are_not_mixed_up_and_forgotten() -> None:
    sense = RoomMotion()
    assert sense.take(batch(0.0, 0.6)) == []
    assert sense.take(batch(0.6, 0.3, who="ben")) == []
    sense.forget("ana")
    assert sense.take(batch(0.6, 0.6)) == []
    assert len(sense.take(batch(1.2, 0.6))) == 1


def test_a_clock_set_back_and_half_a_row_do_no_harm() -> None:
    sense = RoomMotion()
    sense.take(batch(1000.0, 0.5))
    assert len(sense.take(batch(10.0, 1.2))) == 1
    torn = Reading("room", "ana", "room", ReadingKind.MOTION, 20.0, struct.pack("<5f", 0, 0, 9.8, 0, 0.1))
    assert sense.take(torn) == []

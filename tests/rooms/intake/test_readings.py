"""Batches of movement and pieces of sound: taken, cut or refused as docs/protocol.md says, whatever they hold."""

from __future__ import annotations

import math
import struct
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ProtocolError, UserError
from rooms.intake.readings import MOST_ACCELERATION, MOST_SPAN_MS, check_motion, check_sound
from rooms.protocol.incoming import MotionBatch, SoundPiece

Row = tuple[float, float, float, float]


def motion(*rows: Row) -> MotionBatch:
    return {"seq": 1, "at": 5000.0, "data": b"".join(struct.pack("<4f", *row) for row in rows)}


def sound(data: bytes) -> SoundPiece:
    return {"seq": 1, "at": 5000.0, "level": -30, "floor": -60.5, "data": data, "why": "activity"}


def test_movement_comes_in_seconds() -> None:
    batch = check_motion(motion((0, 0, 0, 9.75), (20, 1, 2, 3), (40, -4, 5, 6)))
    assert (batch.seq, batch.at) == (1, 5.0)
    assert batch.span == pytest.approx(0.04)
    assert struct.unpack("<12f", batch.data)[4:] == pytest.approx((0.02, 1, 2, 3, 0.04, -4, 5, 6))


def test_readings_of_one_moment_are_no_mistake() -> None:
    assert check_motion(motion((10, 0, 0, 9), (10, 0, 0, 9))).span == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("measured", "kept"), [(1e9, MOST_ACCELERATION), (-1e9, -MOST_ACCELERATION), (199.5, 199.5), (-199.5, -199.5)]
)
def test_a_knock_is_cut(measured: float, kept: float) -> None:
    batch = check_motion(motion((0, 1, measured, 9.75)))
    assert struct.unpack("<4f", batch.data) == (0, 1, kept, 9.75)


def test_a_batch_may_last_five_seconds() -> None:
    assert check_motion(motion((0, 0, 0, 9), (MOST_SPAN_MS, 0, 0, 9))).span == 5.0 == MOST_SPAN_MS / 1000


@pytest.mark.parametrize(
    "rows",
    [
        [(0, math.nan, 0, 0)],
        [(0, 0, math.inf, 0)],
        [(math.nan, 0, 0, 0)],
        [(0, 0, 0, 0), (math.inf, 0, 0, 0)],
        [(-1, 0, 0, 0)],
        [(20, 0, 0, 0), (10, 0, 0, 0)],
        [(0, 0, 0, 0), (MOST_SPAN_MS + 1, 0, 0, 0)],
        [(1e9, 0, 0, 0)],
    ],
)
def test_numbers_that_cannot_be_are_refused(rows: list[Row]) -> None:
    with pytest.raises(UserError) as refused:
        check_motion(motion(*rows))
    assert refused.value.code == "bad_reading"


@pytest.mark.parametrize("data", [b"", b"x", bytes(15), bytes(17)])
def test_bytes_that_make_no_rows_are_no_message(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        check_motion({"seq": 1, "at": 1.0, "data": data})


@given(st.binary(max_size=64 * 16))
def test_any_bytes_at_all_have_an_answer(data: bytes) -> None:
    try:
        batch = check_motion({"seq": 1, "at": 1.0, "data": data})
    except (UserError, ProtocolError) as error:
        assert error.code in ("bad_reading", "bad_message")
        return
    values = array("f", batch.data)
    assert len(batch.data) == len(data)
    assert all(math.isfinite(value) and abs(value) <= MOST_ACCELERATION for value in values)
    assert 0 <= batch.span <= MOST_SPAN_MS / 1000


def test_sound_knows_how_long_it_is() -> None:
    piece = check_sound(sound(bytes(3200)))
    assert (piece.at, piece.span, piece.level, piece.floor, piece.why) == (5.0, 0.1, -30.0, -60.5, "activity")
    assert (piece.seq, piece.data) == (1, bytes(3200))


@pytest.mark.parametrize("data", [b"", b"x", bytes(3201)])
def test_half_a_sample_is_no_message(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        check_sound(sound(data))

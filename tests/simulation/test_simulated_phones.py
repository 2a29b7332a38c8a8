"""Simulated phones send what the server takes from real ones."""

import math
import struct

from detection.rules.camera_moved import CALM_BELOW
from rooms.intake.readings import check_motion
from rooms.protocol.events import EVENTS_IN
from rooms.protocol.payload_checks import check_mapping
from simulation.phones import GRAVITY, HEALTH, HZ, Arm, Standing


def test_a_simulated_arm_s_batch_is_taken_as_it_is() -> None:
    batch = check_motion({"seq": 1, "at": 5000.0, "data": Arm(3).rows(0.0, 12)})
    times = [row[0] for row in struct.iter_unpack("<4f", batch.data)]
    assert len(times) == 12
    assert math.isclose(batch.span, 11 / HZ, rel_tol=1e-5)


def test_a_simulated_arm_has_the_weight_of_a_real_one() -> None:
    rows = list(struct.iter_unpack("<4f", Arm(1).rows(0.0, 1000)))
    lengths = sorted(math.hypot(*row[1:]) for row in rows)
    assert math.isclose(lengths[500], GRAVITY, rel_tol=0.1)


def test_a_simulated_phone_says_how_it_is() -> None:
    checked = check_mapping({**HEALTH, "camera": "on"}, EVENTS_IN["/phone"]["health"])
    assert checked["battery"] == HEALTH["battery"]


def test_a_phone_that_stands_in_the_room_feels_nobody() -> None:
    rows = [row[1:] for row in struct.iter_unpack("<4f", Standing(1).rows(0.0, 500))]
    middle = [sum(axis) / len(rows) for axis in zip(*rows, strict=True)]
    assert math.isclose(math.hypot(*middle), GRAVITY, rel_tol=0.01)
    assert max(math.dist(row, middle) for row in rows) < CALM_BELOW

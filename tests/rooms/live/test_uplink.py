"""What a device sends is numbered, and what an older page sent is not held against the next one."""

from __future__ import annotations

import pytest

from core.errors import UserError
from rooms.live.uplink import Uplink
from rooms.protocol.limits import Limits


@pytest.fixture
def uplink() -> Uplink:
    made = Uplink()
    made.begin(100.0, Limits())
    return made


def test_what_a_newer_one_overtook_is_refused_and_changes_nothing(uplink: Uplink) -> None:
    uplink.take_picture(3, 101.0)
    uplink.take_number("motion", 7)
    with pytest.raises(UserError) as picture:
        uplink.take_picture(3, 102.0)
    with pytest.raises(UserError) as reading:
        uplink.take_number("motion", 7)
    assert (picture.value.code, reading.value.code) == ("stale_frame", "stale_reading")
    assert (uplink.last_sequence, uplink.heard_at, uplink.sequences) == (3, 101.0, {"motion": 7})
    uplink.take_number("sound", 0)
    uplink.take_picture(4, 103.0)
    assert (uplink.last_sequence, uplink.pictured_at) == (4, 103.0)


def test_a_new_page_counts_from_zero_and_keeps_the_budget(uplink: Uplink) -> None:
    budget = uplink.budget
    uplink.take_picture(9, 101.0)
    uplink.take_number("sound", 9)
    uplink.begin(110.0, Limits())
    assert uplink.budget is budget and budget is not None, "coming again saves up nothing"
    assert (uplink.heard_at, uplink.pictured_at, uplink.moved_at) == (101.0, 110.0, 110.0)
    uplink.take_picture(0, 111.0)
    uplink.take_number("sound", 0)


def test_sound_is_no_movement_and_no_picture(uplink: Uplink) -> None:
    uplink.hear(105.0)
    assert (uplink.heard_at, uplink.moved_at, uplink.pictured_at) == (105.0, 100.0, 100.0)
    uplink.hear(106.0, moved=True)
    assert (uplink.heard_at, uplink.moved_at, uplink.pictured_at) == (106.0, 106.0, 100.0)
    uplink.expect_pictures(107.0)
    assert (uplink.heard_at, uplink.pictured_at) == (106.0, 107.0)

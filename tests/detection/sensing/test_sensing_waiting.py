"""What waits to be sensed is bounded, new and fair, whoever floods."""

from __future__ import annotations

from detection.sensing import waiting
from detection.sensing.waiting import MOST_BYTES, MOST_OF_ONE, WaitingReadings
from tests.detection.sounds import reading


def test_batches_of_a_channel_keep_their_order_and_channels_take_turns() -> None:
    shelf = WaitingReadings()
    for number in range(3):
        for who in ("ana", "ben"):
            shelf.put(reading(bytes(2), float(number), who), 0.0)
    picked = shelf.pick(0.0, 16, 1000)
    assert [(one.participant, one.at) for one in picked] == [(who, at) for at in (0, 1, 2) for who in ("ana", "ben")]
    assert len(shelf) == 0 and shelf.pick(0.0, 16, 1000) == []


def test_who_floods_replaces_own_batches_alone() -> None:
    shelf = WaitingReadings()
    shelf.put(reading(bytes(2), 1.0, "ben"), 0.0)
    for number in range(1000):
        assert shelf.put(reading(bytes(2), float(number)), 0.0)
    assert shelf.drops["replaced"] == 1000 - MOST_OF_ONE
    picked = shelf.pick(0.0, 100, 1000)
    assert [one.at for one in picked if one.participant == "ana"] == [float(n) for n in range(1000 - MOST_OF_ONE, 1000)]
    assert any(one.participant == "ben" for one in picked)


def test_all_together_never_hold_more_than_the_limit() -> None:
    shelf, large = WaitingReadings(), bytes(1 << 19)
    taken = sum(shelf.put(reading(large, who=f"s{number}"), 0.0) for number in range(100))
    assert taken == MOST_BYTES >> 19 and shelf.drops["full"] == 100 - taken
    assert shelf.put(reading(large), waiting.MOST_AGE + 1.0), "what is too old makes room"


def test_a_pick_keeps_to_its_size_but_always_gives_something() -> None:
    shelf = WaitingReadings()
    for number in range(4):
        shelf.put(reading(bytes(600), float(number)), 0.0)
    assert [len(shelf.pick(0.0, 16, limit)) for limit in (1200, 10, 10, 10)] == [2, 1, 1, 0]


def test_what_is_old_or_of_one_who_left_is_dropped_and_counted() -> None:
    shelf = WaitingReadings()
    shelf.put(reading(bytes(2)), 0.0)
    assert shelf.pick(waiting.MOST_AGE + 0.1, 16, 100) == []
    shelf.put(reading(bytes(2)), 100.0)
    shelf.put(reading(bytes(2), who="ben"), 100.0)
    shelf.forget("ana")
    assert [one.participant for one in shelf.pick(100.0, 16, 100)] == ["ben"]
    assert dict(shelf.drops) == {"replaced": 0, "full": 0, "expired": 1, "forgotten": 1}

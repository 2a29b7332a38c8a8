"""What teachers are told while looks come too seldom."""

from __future__ import annotations

import pytest

from rooms.upkeep.slow_looks import slow_looks


def test_what_is_slow_is_said_in_words_the_gravest_first() -> None:
    paces = {"landmarks": {"seconds": 2.5, "every": 1.0}, "objects": {"seconds": 6.1, "every": 2.0}}
    said = [slow["text"] % slow["numbers"] for slow in slow_looks({"looks_by_detector": paces})]
    assert said == [
        "Phones are checked every 6 s instead of 2 s: the server is busy.",
        "Where heads point is checked every 2.5 s instead of 1 s: the server is busy.",
    ]


@pytest.mark.parametrize("seconds", [None, 0.9, 2.0, 2.5])
def test_looks_in_time_are_no_news(seconds: float | None) -> None:
    assert slow_looks({"looks_by_detector": {"objects": {"seconds": seconds, "every": 2.0}}}) == []


def test_without_detection_and_for_detectors_of_others_nothing_is_said() -> None:
    assert slow_looks({}) == []
    assert slow_looks({"looks_by_detector": {"daylight": {"seconds": 90.0, "every": 1.0}}}) == []

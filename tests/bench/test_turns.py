"""The choice of the next frame: what its benchmark shows of growth, in small."""

from __future__ import annotations

import pytest

from bench.scanned_frames import ScannedFrames
from bench.turns import WAYS, feeding, pictures
from detection.frames.latest_frames import LatestFrames

FEW, MANY = 100, 1600
MOST_GROWTH = 4.0  # a look at everybody costs each of the many about ten times as much as each of the few


def cost_of_each(name: str, participants: int) -> float:
    """The least processor time of three turns for one participant's second."""
    frames = pictures(participants, 1.0)
    return min(WAYS[name](frames) for _ in range(3)) / participants


@pytest.mark.slow
@pytest.mark.parametrize("name", ["heaps", "whole"])
def test_each_of_many_participants_costs_what_each_of_few_does(name: str) -> None:
    assert cost_of_each(name, MANY) <= MOST_GROWTH * cost_of_each(name, FEW)


def test_the_benchmark_gives_both_the_same_work() -> None:
    ours, scanned = LatestFrames(), ScannedFrames()
    feed, feed_scanned = feeding(ours), feeding(scanned)
    for frame in pictures(20, 3.0):
        assert ours.offer(frame, frame.received_at) == scanned.offer(frame, frame.received_at)
        assert feed(frame.received_at) == feed_scanned(frame.received_at)
    assert ours.counters() == scanned.counters()

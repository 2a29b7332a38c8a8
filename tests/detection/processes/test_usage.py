"""How busy a process is, by the time that the system says it has used."""

from __future__ import annotations

import os
import time

import psutil
import pytest

from core.clock import FakeClock
from detection.processes.usage import Usage


def test_a_busy_process_shows_as_busy_once_two_readings_are_apart() -> None:
    clock = FakeClock()
    usage = Usage(clock.now)
    first = usage.of(os.getpid())
    assert first["cpu"] is None and (first["rss"] or 0) > 1 << 20
    spent = time.process_time() + 0.2
    while time.process_time() < spent:
        pass
    clock.advance(0.5)
    assert usage.of(os.getpid())["cpu"] is None, "too soon after the first to say"
    clock.advance(1.5)
    assert usage.of(os.getpid())["cpu"] == pytest.approx(10.0, abs=8.0), "0.2 of 2 seconds"


def test_a_process_that_is_gone_has_no_figures_and_its_follower_has() -> None:
    clock = FakeClock()
    usage = Usage(clock.now)
    gone = max(psutil.pids()) + 1000
    assert usage.of(gone) == usage.of(None) == {"rss": None, "cpu": None}
    usage.of(os.getpid())
    clock.advance(5.0)
    assert usage.of(os.getpid())["cpu"] is not None
    assert usage.of(os.getppid())["cpu"] is None, "another process is watched from now on"

"""When a process that ended is started again."""

from __future__ import annotations

from detection.processes.restarts import LONGEST_DELAY, MANY, RETRY, WINDOW, Restarts


def test_the_pause_doubles() -> None:
    restarts = Restarts()
    assert [restarts.failed(100.0 * n) for n in range(8)] == [0.25, 0.5, 1.0, 2.0, 4.0, 4.0, 4.0, 4.0]


def test_the_pause_never_exceeds_the_longest() -> None:
    restarts = Restarts()
    assert max(restarts.failed(100.0 * n) for n in range(50)) <= LONGEST_DELAY


def test_many_failures_at_once_mean_a_try_each_minute() -> None:
    restarts = Restarts()
    delays = [restarts.failed(n) for n in range(MANY)]
    assert delays[-1] == RETRY and restarts.gave_up
    assert restarts.failed(MANY + WINDOW * 3) == RETRY, "still so until it works once"


def test_work_done_begins_afresh() -> None:
    restarts = Restarts()
    for n in range(MANY):
        restarts.failed(n)
    restarts.worked()
    assert not restarts.gave_up
    assert restarts.failed(10.0) == 0.25
    assert restarts.count == MANY + 1

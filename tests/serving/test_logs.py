"""What reaches server.log, and how often."""

from __future__ import annotations

import logging
import sys

from core.clock import FakeClock
from serving.logs import AT_ONCE, MOST_KINDS, SeldomAgain


def failure(text: str = "%s failed", *args: object) -> logging.LogRecord:
    """A record with a traceback, as logger.exception makes it; always of the same place."""
    try:
        raise ValueError("a mistake of ours")
    except ValueError:
        return logging.LogRecord("rooms.x", logging.ERROR, "x.py", 1, text, args or ("chat",), sys.exc_info())


def test_the_same_traceback_is_told_a_few_times_and_then_counted() -> None:
    clock = FakeClock(0.0)
    seldom = SeldomAgain(clock.now)
    assert [seldom.filter(failure()) for _ in range(1000)].count(True) == AT_ONCE
    clock.advance(60.0)
    later = failure()
    assert seldom.filter(later)
    assert later.getMessage() == "chat failed (and 997 times since it was told last)"
    clock.advance(600.0)
    assert seldom.filter(again := failure()) and again.getMessage() == "chat failed"


def test_another_traceback_is_told() -> None:
    seldom = SeldomAgain(FakeClock(0.0).now)
    for _ in range(10):
        seldom.filter(failure())
    assert seldom.filter(failure("another thing: %s"))


def test_a_traceback_that_a_library_hands_over_as_text_counts_too() -> None:
    seldom = SeldomAgain(FakeClock(0.0).now)

    def told(line: int) -> bool:
        text = f'Traceback (most recent call last):\n  File "/a/b.py", line {line}, in x\nValueError: {line}'
        return seldom.filter(logging.LogRecord("wsgi", logging.ERROR, "l.py", 1, "%s", (text,), None))

    assert [told(5) for _ in range(20)].count(True) == AT_ONCE
    assert told(6)


def test_ordinary_lines_are_always_told() -> None:
    seldom = SeldomAgain(FakeClock(0.0).now)
    lines = [logging.LogRecord("examonitor", logging.WARNING, "j.py", 1, "%s", ("refused",), None) for _ in range(99)]
    assert all(map(seldom.filter, lines))


def test_a_record_counts_once_however_many_handlers_there_are() -> None:
    seldom = SeldomAgain(FakeClock(0.0).now)
    for _ in range(AT_ONCE):
        record = failure()
        assert [seldom.filter(record), seldom.filter(record)] == [True, True]
    assert not seldom.filter(failure())


def test_what_is_remembered_has_an_end() -> None:
    seldom = SeldomAgain(FakeClock(0.0).now)
    for number in range(3 * MOST_KINDS):
        seldom.filter(failure(f"{number} %s"))
    assert len(seldom._kinds) == MOST_KINDS

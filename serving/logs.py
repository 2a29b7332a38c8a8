"""server.log: readable lines, rotating, and the same on the terminal; the same traceback only now and then."""

import logging
import re
import time
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path

from core.rate_limit import Bucket

MOST_BYTES = 5 * 1024**2
KEPT_FILES = 5
LINE = "%(asctime)s %(levelname)-7s %(message)s"
MOST_KINDS = 500
AGAIN_A_SECOND, AT_ONCE = 1 / 60, 3
"""Of the same traceback."""
TOLD_PLACE = re.compile(r'File "([^"\n]+)", line (\d+)')
EVENT_LOG = "examonitor"
"""Name of the logger that rooms write to; other loggers tell their own name."""


def configure_logs(path: Path) -> None:
    """Send everything from INFO up to the log file and to the terminal."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = RotatingFileHandler(path, maxBytes=MOST_BYTES, backupCount=KEPT_FILES, encoding="utf-8")
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    seldom = SeldomAgain()
    for handler in (kept, logging.StreamHandler()):
        handler.setFormatter(logging.Formatter(LINE))
        handler.addFilter(seldom)
        root.addHandler(handler)
    for chatty in ("alembic", "werkzeug", "flask_wtf"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # these warn of each packet that a stranger cares to send
    for chattier in ("engineio", "socketio"):
        logging.getLogger(chattier).setLevel(logging.ERROR)


class SeldomAgain(logging.Filter):
    """Lets a traceback through when it is new, and seldom after that: who finds a mistake must not fill the log.

    A log that rotates is emptied by whoever can fill it. What was left out is counted in the next line of its kind.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now = now
        self._kinds: dict[tuple[object, ...], tuple[Bucket, list[int]]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether a record is told; once for all handlers."""
        told = getattr(record, "is_told", None)
        if told is None:
            told = record.is_told = self._tells(record)
        return bool(told)

    def _tells(self, record: logging.LogRecord) -> bool:
        kind = _kind_of(record)
        if kind is None:
            return True
        bucket, left_out = self._known(kind)
        if bucket.take(self._now()) > 0.0:
            left_out[0] += 1
            return False
        if left_out[0]:
            record.msg, record.args = "%s (and %d times since it was told last)", (record.getMessage(), left_out[0])
            left_out[0] = 0
        return True

    def _known(self, kind: tuple[object, ...]) -> tuple[Bucket, list[int]]:
        while kind not in self._kinds and len(self._kinds) >= MOST_KINDS:
            del self._kinds[next(iter(self._kinds))]
        return self._kinds.setdefault(kind, (Bucket(AGAIN_A_SECOND, AT_ONCE, self._now()), [0]))


def _kind_of(record: logging.LogRecord) -> tuple[object, ...] | None:
    """Return what makes two tracebacks the same: who tells, which error, and where; None for any other record."""
    if record.exc_info and record.exc_info[2] is not None:
        last = record.exc_info[2]
        while last.tb_next is not None:
            last = last.tb_next
        return record.name, record.msg, record.exc_info[0], last.tb_frame.f_code.co_filename, last.tb_lineno
    if record.levelno < logging.ERROR:
        return None
    places = TOLD_PLACE.findall(record.getMessage())  # eventlet hands tracebacks over as text
    return (record.name, places[-1]) if places else None

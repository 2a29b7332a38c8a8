"""server.log: readable lines, rotating, and the same on the terminal."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

MOST_BYTES = 5 * 1024**2
KEPT_FILES = 5
LINE = "%(asctime)s %(levelname)-7s %(message)s"
JOURNAL = "examonitor"
"""Name of the logger that rooms write to; other loggers tell their own name."""


def configure_logs(path: Path) -> None:
    """Send everything from INFO up to the log file and to the terminal."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = RotatingFileHandler(path, maxBytes=MOST_BYTES, backupCount=KEPT_FILES, encoding="utf-8")
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    for handler in (kept, logging.StreamHandler()):
        handler.setFormatter(logging.Formatter(LINE))
        root.addHandler(handler)
    for chatty in ("engineio", "socketio", "alembic", "werkzeug", "flask_wtf"):
        logging.getLogger(chatty).setLevel(logging.WARNING)

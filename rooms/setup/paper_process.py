"""Reads exam papers in a process of its own, which ends when it takes too long or too much memory: never in the hub."""

import subprocess
import sys
import tempfile
from pathlib import Path

from core.errors import UserError

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS = 20.0
"""Of the clock: the limit of processor time (rooms/setup/paper_reader.py) ends sooner on a machine that is not busy."""
PDF, MARKDOWN = "pdf", "markdown"
READ, BAD = 0, 1
"""How the process ends where it could read; any other status, or a signal, means that it was too much."""


def has_pages(content: bytes, seconds: float = SECONDS) -> bool:
    """Say whether a PDF can be read and shows at least one page; UserError `paper_too_heavy`."""
    return _read(PDF, content, seconds) is not None


def html_of(markdown: str, seconds: float = SECONDS) -> str:
    """Return Markdown as safe HTML; UserError `paper_too_heavy`."""
    html = _read(MARKDOWN, markdown.encode("utf-8", "replace"), seconds)
    if html is None:
        raise _too_heavy()
    return html.decode()


def _read(kind: str, content: bytes, seconds: float) -> bytes | None:
    """Return what the process wrote, None where it said that the paper is bad."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as made:
        given.write(content)
        given.seek(0)
        # No environment: what reads a stranger's file needs none of our secrets.
        command = [sys.executable, "-m", "rooms.setup.paper_reader", kind]
        with subprocess.Popen(
            command, cwd=ROOT, env={}, stdin=given, stdout=made, stderr=subprocess.DEVNULL
        ) as process:
            try:
                status = process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                raise _too_heavy() from None
        if status not in (READ, BAD):
            raise _too_heavy()
        made.seek(0)
        return made.read() if status == READ else None


def _too_heavy() -> UserError:
    return UserError("paper_too_heavy", "Reading this takes the server too long. Please simplify it or save it again.")

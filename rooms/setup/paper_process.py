"""Reads exam papers in a process of its own, which ends when it takes too long or too much memory: never in the hub."""

from core.blocking import run_module
from core.errors import UserError

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
    outcome = run_module("rooms.setup.paper_reader", kind, given=content, seconds=seconds)
    if outcome is None or outcome.status not in (READ, BAD):
        raise _too_heavy()
    return outcome.written if outcome.status == READ else None


def _too_heavy() -> UserError:
    return UserError("paper_too_heavy", "Reading this takes the server too long. Please simplify it or save it again.")

"""What a kind of job is: a name, what does it, and how often it is tried."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.delivery.attempts import Keep
from jobs.ground import Ground


@dataclass(frozen=True, slots=True)
class Task:
    """One job as whoever does it sees it."""

    id: int
    kind: str
    payload: Mapping[str, Any]
    attempt: int
    """1 for the first time."""
    progress: Callable[[int], None] = field(default=lambda _percent: None)
    """Tells how far it is, in percent."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """How jobs of one kind are done.

    `run` may be called again for the same job, as when its process is killed in the middle. What it returns is called
    with a session, in the transaction that ends the job: this happens exactly once. It raises TryLater and GivenUp of
    core/delivery/attempts.py; any other error is logged, and the job is tried again.
    """

    name: str
    label: str
    """What it is called on the page of the server; a translation key."""
    run: Callable[[Ground, Task], Keep | None]
    attempts: int = 12
    """How often it is tried before it is given up; with the pauses of jobs/backoff.py that are about seven hours."""
    is_slow: bool = False
    """It may take longer than a few seconds, and must not keep short ones waiting."""

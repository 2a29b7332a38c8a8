"""What every engine promises: it takes frames while it has room for them, and answers for each exactly once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.types import Frame, Observation
from detection.analysis.schedule import EVERYTHING, Plan


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one submitted frame; `error` says why there are no observations, `lost` that a worker died."""

    frame: Frame
    observations: Sequence[Observation] = ()
    ms: float = 0.0
    error: str | None = None
    lost: bool = False
    spent: Mapping[str, float] = field(default_factory=dict)
    """Milliseconds of a processor for each detector that really looked; others said again what they had seen."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """What each detector that was asked speaks of: values of ObservationKind."""


class Listener(Protocol):
    """Who an engine reports to, from threads of its own."""

    def finished(self, outcome: Outcome) -> None:
        """Take the outcome of one submitted frame."""
        ...

    def has_room(self) -> None:
        """Know that the engine may take frames again."""
        ...


Detectors = Mapping[str, str | None]
"""Name of each detector to None (it is on) or the reason why it is off."""


class Engine(Protocol):
    """Analyses frames somewhere else than in the server's own process."""

    def start(self, listener: Listener) -> None:
        """Begin; returns at once, `listener.has_room` is called when frames can be taken."""
        ...

    def stop(self) -> None:
        """End and leave no process or thread behind; what is under way is lost."""
        ...

    def free(self) -> int:
        """Return how many frames can be submitted now."""
        ...

    def submit(self, frame: Frame, plan: Plan = EVERYTHING) -> bool:
        """Take a frame and what is to be done with it; False, and no outcome, when there is no room."""
        ...

    def renew(self) -> None:
        """Load the detectors again: model files came, or went."""
        ...

    def recheck(self) -> None:
        """Try the detectors again that had no model; called about once a minute, cheap when nothing came."""
        ...

    def every(self) -> Mapping[str, float]:
        """Return the detectors that are on, with the seconds between two of their looks at one participant."""
        ...

    def detectors(self) -> Detectors:
        """Return which detectors are on, and why others are not."""
        ...

    def health(self) -> Sequence[Mapping[str, Any]]:
        """Return one line for each worker: state, process id, memory, counters."""
        ...

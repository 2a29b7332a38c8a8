"""What a sensing engine promises: it takes batches of readings, remembers each channel's last ones, and answers."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from core.types import Observation, Reading
from detection.models.shelf import ModelShelf


class SensingListener(Protocol):
    """Who a sensing engine reports to, from a thread of its own."""

    def sensed(self, reading: Reading, observations: Sequence[Observation]) -> None:
        """Take what a batch says, together with those before it on the same channel."""
        ...


class SensingEngine(Protocol):
    """Analyses readings somewhere else than in the server's own process."""

    def start(self, listener: SensingListener) -> None:
        """Begin; returns at once."""
        ...

    def stop(self) -> None:
        """End and leave no process or thread behind."""
        ...

    def submit(self, reading: Reading) -> bool:
        """Take a batch; False when it was dropped: nobody keeps up, or nobody is there. Never waits."""
        ...

    def give_context(self, participant: str, sensor: str, context: Mapping[str, Any]) -> None:
        """Tell a sensor (`arm`, `sound`) something about a participant; names of detectors are ignored."""
        ...

    def forget(self, participant: str) -> None:
        """Drop everything remembered of a participant."""
        ...

    def health(self) -> Mapping[str, Any]:
        """Return state, process id, memory, counters, and which sensors are on (None) or off (why)."""
        ...


class NoSenses:
    """A SensingEngine for a server that analyses pictures only."""

    def start(self, listener: SensingListener) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""

    def submit(self, reading: Reading) -> bool:
        """Drop the batch."""
        return False

    def give_context(self, participant: str, sensor: str, context: Mapping[str, Any]) -> None:
        """Have nobody to tell."""

    def forget(self, participant: str) -> None:
        """Have nothing to forget."""

    def health(self) -> Mapping[str, Any]:
        """Say that nothing is there."""
        return {}


class Sense(Protocol):
    """One sensor in the sensing process: plain, called from one thread, it remembers each channel's last batches."""

    def take(self, reading: Reading) -> list[Observation]:
        """Return what this batch says, together with those before it; [] for one that says nothing."""
        ...

    def tell(self, participant: str, context: Mapping[str, Any]) -> None:
        """Be told something of a participant, by the sensor's name in `Monitor.give_context`; {} takes it back."""
        ...

    def forget(self, participant: str) -> None:
        """Drop everything of a participant."""
        ...


Say = Callable[[Reading, Sequence[Observation]], None]
"""Takes what a sense found later than in the batch (whose data may be empty); may be called from any thread."""


@runtime_checkable
class Patient(Protocol):
    """A sense that goes on by itself after a batch: it has models to find, and a say of its own."""

    def open(self, shelf: ModelShelf, say: Say) -> None:
        """Begin, before the first batch."""
        ...

    def idle(self) -> None:
        """Do what has waited; called about twice a second."""
        ...

    def notes(self) -> Mapping[str, Any]:
        """Return counters and states for the health page."""
        ...

    def close(self) -> None:
        """End every thread."""
        ...

"""Who hears of every analysed frame and every reading: tiles, the system check, calibrations, scores."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from core.types import Frame, Observation
from store.errors import StoreUnavailable


class FrameObserver(Protocol):
    """Who wants to hear what was seen in each frame: the tiles, the system check."""

    def observed(self, frame: Frame, observations: Sequence[Observation]) -> None:
        """Take the facts of one analysed frame."""
        ...


class SenseObserver(Protocol):
    """Who wants to hear what phones and microphones sensed: the live levels, the arm's calibration."""

    def sensed(self, observations: Sequence[Observation], judged: bool) -> None:
        """Take the facts of readings."""
        ...


@dataclass(frozen=True, kw_only=True)
class ObserverList:
    """Hands facts on to each observer; one that cannot read or keep something does not keep them from the others.

    It does so at a later look; rooms/upkeep/storage_health.py tells of it.
    """

    of_frames: Sequence[FrameObserver]
    of_senses: Sequence[SenseObserver]

    def observed(self, frame: Frame, observations: Sequence[Observation]) -> None:
        """Hand on the facts of one analysed frame."""
        for observer in self.of_frames:
            with suppress(StoreUnavailable):
                observer.observed(frame, observations)

    def sensed(self, observations: Sequence[Observation], judged: bool) -> None:
        """Hand on the facts of readings."""
        for observer in self.of_senses:
            with suppress(StoreUnavailable):
                observer.sensed(observations, judged)

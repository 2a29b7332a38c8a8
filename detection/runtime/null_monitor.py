"""A monitor that analyses nothing, for a server whose detection is switched off."""

from collections.abc import Mapping
from typing import Any

from core.ports import NOBODY, Rules
from core.types import Alert, Frame, Observation, Reading


class NullMonitor:
    """Takes everything and concludes nothing; the health page says so."""

    def start(self) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""

    def offer_frame(self, frame: Frame) -> bool:
        """Take the frame and forget it."""
        return True

    def offer_observation(self, observation: Observation) -> None:
        """Take the observation and forget it."""

    def offer_reading(self, reading: Reading) -> bool:
        """Take the reading and forget it."""
        return True

    def watch_room(self, room: str, rules: Rules, own: Mapping[str, Rules] = NOBODY) -> None:
        """Watch nothing."""

    def unwatch_room(self, room: str) -> None:
        """Watch nothing."""

    def take_up(self, alert: Alert) -> bool:
        """Follow nothing."""
        return False

    def give_context(self, participant: str, detector: str, context: Mapping[str, Any]) -> None:
        """Have nobody to tell."""

    def ask_now(self, participant: str, detector: str) -> None:
        """Have nobody to ask."""

    def forget(self, participant: str) -> None:
        """Have nothing to forget."""

    def health(self) -> Mapping[str, Any]:
        """Say that nothing is analysed."""
        return {"workers": [], "detectors": {}, "frames": {}, "overloaded": False, "off": "detection is switched off"}

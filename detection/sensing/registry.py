"""Every sense, by the name that `Monitor.give_context` knows it by. A new sense is one file and one line here."""

import importlib
from typing import NamedTuple

from core.phone_roles import moving_for
from core.types import Reading, ReadingKind
from detection.sensing.base import Sense


class Route(NamedTuple):
    """Which batches go to which sense; it is imported in the sensing process alone."""

    sensor: str
    kind: ReadingKind
    where: str
    channels: frozenset[str] | None = None
    """None for any channel."""

    def leads(self, reading: Reading) -> bool:
        """Say whether this batch is for this sense."""
        return reading.kind is self.kind and (self.channels is None or reading.channel in self.channels)

    def make(self) -> Sense:
        """Import and build the sense."""
        module, _, name = self.where.partition(":")
        sense: Sense = getattr(importlib.import_module(module), name)()
        return sense


SENSES: tuple[Route, ...] = (
    Route("sound", ReadingKind.SOUND, "detection.sensing.sound.speech:SpeechDetector"),
    Route("arm", ReadingKind.MOTION, "detection.sensing.arm.sense:ArmSense", moving_for("arm")),
    Route("room_motion", ReadingKind.MOTION, "detection.sensing.room_motion:RoomMotion", moving_for("room_motion")),
)

"""Turns what was found in a frame into observations; shared by the server and the analysis processes."""

from collections.abc import Mapping
from typing import Any

from core.types import Frame, Observation, ObservationKind


def about(frame: Frame, kind: ObservationKind, values: Mapping[str, Any]) -> Observation:
    """Return an observation about a frame, at the time the server received it."""
    at, sequence = frame.received_at, frame.sequence
    return Observation(frame.room, frame.participant, kind, at, values, frame.channel, sequence)

"""Puts looks that need a judgement of their picture behind that judgement, in whatever order they arrive."""

from collections.abc import Collection

from core.types import Observation, ObservationKind


class FrameJoin:
    """Holds back what was seen in a frame until it is known whether that frame could be judged at all."""

    def __init__(self, waits: Collection[ObservationKind]) -> None:
        self._waits = waits
        self._picture: Observation | None = None
        self._waiting: list[Observation] = []
        self._overdue: list[Observation] = []

    def arrange(self, observation: Observation) -> list[Observation]:
        """Take one observation and return, in order, those that can be weighed now."""
        if observation.kind is ObservationKind.PICTURE:
            self._picture = observation
            same = self._take_waiting(observation)
            older, self._waiting = self._waiting, []
            return [*older, observation, *same]
        if observation.kind not in self._waits or self._picture is None:
            return [observation]
        if _same_frame(self._picture, observation):
            return [observation]
        same = self._take_waiting(observation)
        older, self._waiting = self._waiting, [*same, observation]
        return older

    def overdue(self) -> list[Observation]:
        """Return what waited at the last call already: no judgement was made of its picture.

        Calls are counted, not seconds: under load a frame is old before the first observation of it arrives.
        """
        due = [one for one in self._waiting if one in self._overdue]
        self._waiting = [one for one in self._waiting if one not in due]
        self._overdue = list(self._waiting)
        return due

    def _take_waiting(self, frame_of: Observation) -> list[Observation]:
        same = [one for one in self._waiting if _same_frame(one, frame_of)]
        self._waiting = [one for one in self._waiting if not _same_frame(one, frame_of)]
        return same


def _same_frame(one: Observation, other: Observation) -> bool:
    return one.sequence == other.sequence and one.at == other.at

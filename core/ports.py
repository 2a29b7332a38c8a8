"""How rooms and detection reach each other without importing each other."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

from core.types import Alert, Frame, Observation, Reading, RuleSettings

Rules = Mapping[str, RuleSettings]
"""Settings by kind of alert."""
NOBODY: Mapping[str, Rules] = MappingProxyType({})


class FrameSink(Protocol):
    """Where rooms puts a frame to be analysed."""

    def offer_frame(self, frame: Frame) -> bool:
        """Take the frame as that participant's newest; False when its sequence was older than one already taken."""
        ...


class ObservationSink(Protocol):
    """Where rooms puts what needs no picture: a lost connection, a hidden page, a denied camera."""

    def offer_observation(self, observation: Observation) -> None:
        """Judge the observation now, in the caller's thread."""
        ...


class ReadingSink(Protocol):
    """Where rooms puts what phones and microphones measure."""

    def offer_reading(self, reading: Reading) -> bool:
        """Take a batch; False when it was dropped because nobody keeps up. Returns at once."""
        ...


class Monitor(FrameSink, ObservationSink, ReadingSink, Protocol):
    """All of detection that rooms may see."""

    def start(self) -> None:
        """Begin; returns at once, looks begin when a worker is ready."""
        ...

    def stop(self) -> None:
        """End everything that was started."""
        ...

    def watch_room(self, room: str, rules: Rules, own: Mapping[str, Rules] = NOBODY) -> None:
        """Raise alerts in this room from now on, by these rules; called again to change them.

        `own` has the rules of those participants to whom others apply than to the room.
        """
        ...

    def unwatch_room(self, room: str) -> None:
        """Raise no more alerts in this room (paused, ended); alerts under way are ended, but for absences that last."""
        ...

    def take_up(self, alert: Alert) -> bool:
        """Follow an absence that an earlier process told of to its end.

        Return False where nobody will tell of that end, as of every alert that is no absence.
        """
        ...

    def give_context(self, participant: str, detector: str, context: Mapping[str, Any]) -> None:
        """Have a detector told this (small, JSON-able) at every look of the participant, until `forget`; {}: nothing.

        The sensors `arm` and `sound` are told in the same way.

        Raises:
            ValueError: it is too large.
        """
        ...

    def ask_now(self, participant: str, detector: str) -> None:
        """Have a detector look at the participant's next webcam frame, whenever its turn is."""
        ...

    def forget(self, participant: str) -> None:
        """Drop everything remembered of a participant who left."""
        ...

    def health(self) -> Mapping[str, Any]:
        """Return what the health page shows: workers, detectors on and off with reasons, counters, load."""
        ...


class AlertSink(Protocol):
    """Where detection puts what it concluded; called from detection's own threads."""

    def alert_raised(self, alert: Alert) -> None:
        """Take a new alert, its evidence with it."""
        ...

    def alert_ended(self, alert: Alert) -> None:
        """Take an alert given before, now with `ended_at`."""
        ...

    def observed(self, frame: Frame, observations: Sequence[Observation]) -> None:
        """Take the facts of one analysed frame, for the tile state and the student's system check."""
        ...

    def sensed(self, observations: Sequence[Observation], judged: bool) -> None:
        """Take the facts of readings that hold no picture: movement, sound, words."""
        ...

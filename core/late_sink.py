"""The way back from detection, given to it before the one who takes what it concludes can be built."""

from collections.abc import Sequence

from core.ports import AlertSink
from core.types import Alert, Frame, Observation


class LateSink:
    """AlertSink that passes on to the one it is bound to; detection starts later, so nothing comes before."""

    def __init__(self) -> None:
        self._sink: AlertSink | None = None

    def bind(self, sink: AlertSink) -> None:
        """Pass everything on to this one from now on; ValueError the second time."""
        if self._sink is not None:
            raise ValueError("this sink is bound already")
        self._sink = sink

    def alert_raised(self, alert: Alert) -> None:
        """Pass a new alert on."""
        self._bound().alert_raised(alert)

    def alert_ended(self, alert: Alert) -> None:
        """Pass the end of an alert on."""
        self._bound().alert_ended(alert)

    def observed(self, frame: Frame, observations: Sequence[Observation]) -> None:
        """Pass the facts of a frame on."""
        self._bound().observed(frame, observations)

    def sensed(self, observations: Sequence[Observation], judged: bool) -> None:
        """Pass the facts of readings on."""
        self._bound().sensed(observations, judged)

    def _bound(self) -> AlertSink:
        if self._sink is None:
            raise RuntimeError("detection concluded something before the server was put together")
        return self._sink

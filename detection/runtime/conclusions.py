"""What the judge concludes, under one lock, and its way to the alert sink: in order, on a thread of its own."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from core.clock import Clock
from core.phone_roles import CAMERA_ROLES
from core.ports import NOBODY, AlertSink, Rules
from core.types import Alert, Evidence, Frame, Observation, ObservationKind, Reading
from detection.measures.channels import WEBCAM
from detection.measures.paces import Paced
from detection.runtime.outbox import Outbox


class JudgePort(Protocol):
    """What the runtime needs of the judge; it is called under one lock."""

    def watch(self, room: str, rules: Rules, own: Mapping[str, Rules] = NOBODY) -> None:
        """Judge this room by these rules from now on, and some participants by their own."""

    def unwatch(self, room: str, now: float) -> list[Alert]:
        """Judge this room no more; return the alerts that ended by that."""

    def feed(self, observation: Observation) -> list[Alert]:
        """Return the alerts that the observation starts or ends; none in a room that is not watched."""

    def tick(self, now: float) -> list[Alert]:
        """Return the alerts that the passing of time starts or ends."""

    def know(self, paces: Mapping[ObservationKind, Paced]) -> None:
        """Take how often looks of each kind come, and should."""

    def take_up(self, alert: Alert) -> bool:
        """Follow an absence that was told of before; False where no rule does."""

    def forget(self, participant: str, now: float) -> list[Alert]:
        """Drop a participant; return the alerts that ended by that."""


class Conclusions:
    """Judges what is observed, from any thread, and hands alerts and facts to the sink; a SensingListener."""

    def __init__(self, judge: JudgePort, sink: AlertSink, clock: Clock) -> None:
        self._judge, self._sink, self._clock = judge, sink, clock
        self.outbox = Outbox()
        self._lock = threading.Lock()
        self._newest: dict[tuple[str, str], Frame] = {}

    def observe(self, observation: Observation) -> None:
        """Judge one observation."""
        self._conclude(lambda: self._feed([observation]))

    def looked_at(self, frame: Frame, observations: Sequence[Observation]) -> None:
        """Take what an analysed frame says."""
        self.outbox.fact(lambda: self._sink.observed(frame, observations))
        if frame.judged:
            self._conclude(lambda: self._judge_frame(frame, observations))

    def sensed(self, reading: Reading, observations: Sequence[Observation]) -> None:
        """Take what a batch of readings says, from the sensing engine's thread."""
        self.outbox.fact(lambda: self._sink.sensed(observations, reading.judged))
        if reading.judged:
            self._conclude(lambda: self._feed(observations))

    def watch(self, room: str, rules: Rules, own: Mapping[str, Rules] = NOBODY) -> None:
        """Judge this room by these rules from now on, and some participants by their own."""
        with self._lock:
            self._judge.watch(room, rules, own)

    def unwatch(self, room: str) -> None:
        """Judge this room no more."""
        self._conclude(lambda: self._judge.unwatch(room, self._clock.now()))

    def take_up(self, alert: Alert) -> bool:
        """Follow an absence that an earlier process told of; False where no rule does."""
        with self._lock:
            return self._judge.take_up(alert)

    def tick(self, paces: Mapping[ObservationKind, Paced] | None = None) -> None:
        """Judge the passing of time; `paces` are news of how often looks come."""
        self._conclude(lambda: self._tick(paces))

    def forget(self, participant: str) -> None:
        """Drop a participant who left."""
        self._conclude(lambda: self._forget(participant))

    # ------------------------------------------------------------------------------ under the lock

    def _conclude(self, judge: Callable[[], Sequence[Alert]]) -> None:
        """Judge under the lock and put the alerts in order for the sink."""
        with self._lock:
            for alert in judge():
                self._send(alert)

    def _judge_frame(self, frame: Frame, observations: Sequence[Observation]) -> list[Alert]:
        self._newest[frame.participant, frame.channel] = frame
        return self._feed(observations)

    def _feed(self, observations: Sequence[Observation]) -> list[Alert]:
        return [alert for observation in observations for alert in self._judge.feed(observation)]

    def _tick(self, paces: Mapping[ObservationKind, Paced] | None) -> list[Alert]:
        if paces is not None:
            self._judge.know(paces)
        return self._judge.tick(self._clock.now())

    def _forget(self, participant: str) -> list[Alert]:
        self._newest = {key: frame for key, frame in self._newest.items() if key[0] != participant}
        return self._judge.forget(participant, self._clock.now())

    def _send(self, alert: Alert) -> None:
        if alert.ended_at is not None:
            self.outbox.alert(lambda: self._sink.alert_ended(alert))
            return
        camera = alert.channel if alert.channel in CAMERA_ROLES else WEBCAM  # a phone without a camera films nothing
        shown = self._newest.get((alert.participant, camera))
        if shown is not None and alert.evidence is None and Evidence.PICTURE in alert.shown_by:
            alert = replace(alert, evidence=shown.jpeg)
        raised = alert
        self.outbox.alert(lambda: self._sink.alert_raised(raised))

"""Runtime: all of detection behind one object, wired as intake -> engine -> judge -> alert sink."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import SystemRandom
from typing import Any, Protocol

from core.clock import Clock
from core.ports import NOBODY, AlertSink, Rules
from core.types import Alert, Evidence, Frame, Observation, Reading, Role
from detection.analysis.schedule import DetectorSchedule, Plan
from detection.engines.base import Engine, Outcome
from detection.frames import frameops
from detection.frames.latest_frames import LatestFrames
from detection.measures.channels import PACE, WEBCAM
from detection.runtime.load import LoadMeter
from detection.runtime.outbox import Outbox
from detection.sensing.base import NoSenses, SensingEngine

TICK = 0.25  # seconds between two looks at what is true by time alone
IDLE = 1.0  # seconds; the dispatcher looks around at least so often
RECHECK = 60.0  # seconds between two looks for models that were missing

logger = logging.getLogger(__name__)


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

    def take_up(self, alert: Alert) -> bool:
        """Follow an absence that was told of before; False where no rule does."""

    def forget(self, participant: str, now: float) -> list[Alert]:
        """Drop a participant; return the alerts that ended by that."""


class Runtime:
    """Implements core.ports.Monitor; every call may come from any thread, the sink is called from one of ours."""

    def __init__(
        self,
        engine: Engine,
        judge: JudgePort,
        sink: AlertSink,
        clock: Clock,
        intake: LatestFrames | None = None,
        senses: SensingEngine | None = None,
    ) -> None:
        self._engine, self._judge, self._sink, self._clock = engine, judge, sink, clock
        self._intake = intake or LatestFrames()
        self._senses = senses or NoSenses()
        self._load = LoadMeter(self._intake.interval)
        self._schedule = DetectorSchedule({}, SystemRandom().random)
        self._planning = threading.Lock()
        self._rechecked_at = clock.now()
        self._outbox = Outbox()
        self._lock = threading.Lock()
        self._newest: dict[tuple[str, str], Frame] = {}
        self._late: dict[str, float] = {}
        self._lost = self._refused = 0
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=loop, name=f"analysis-{loop.__name__.strip('_')}", daemon=True)
            for loop in (self._dispatch, self._tell_the_time)
        ]

    # ------------------------------------------------------------------------------ life

    def start(self) -> None:
        """Start the engine and the threads; returns at once, looks begin when a worker is ready."""
        logger.info("analysis starts, kernels: %s", frameops.IMPLEMENTATION)
        self._outbox.start()
        self._engine.start(self)
        self._senses.start(self)
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End everything that was started; alerts concluded so far are still handed over."""
        self._stopping.set()
        self._intake.wake()
        for thread in self._threads:
            thread.join()
        self._engine.stop()
        self._senses.stop()
        self._outbox.stop()

    def renew(self) -> None:
        """Load the detectors again, after model files came or went."""
        self._engine.renew()

    # ------------------------------------------------------------------------------ core.ports.Monitor

    def offer_frame(self, frame: Frame) -> bool:
        """Take the frame as that participant's newest; False when its sequence was older than one already taken."""
        return self._intake.offer(frame, self._clock.now())

    def offer_observation(self, observation: Observation) -> None:
        """Judge the observation now, in the caller's thread; alerts reach the sink from ours."""
        self._conclude(lambda: self._feed([observation]))

    def offer_reading(self, reading: Reading) -> bool:
        """Take a batch of readings; False when it was dropped because nobody keeps up."""
        return self._senses.submit(reading)

    def sensed(self, reading: Reading, observations: Sequence[Observation]) -> None:
        """Take what a batch of readings says, from the sensing engine's thread."""
        self._outbox.fact(lambda: self._sink.sensed(observations, reading.judged))
        if reading.judged:
            self._conclude(lambda: self._feed(observations))

    def watch_room(self, room: str, rules: Rules, own: Mapping[str, Rules] = NOBODY) -> None:
        """Raise alerts in this room from now on, by these rules; called again to change them."""
        with self._lock:
            self._judge.watch(room, rules, own)

    def unwatch_room(self, room: str) -> None:
        """Raise no more alerts in this room; alerts under way are ended, but for absences that last."""
        self._conclude(lambda: self._judge.unwatch(room, self._clock.now()))

    def take_up(self, alert: Alert) -> bool:
        """Follow an absence that an earlier process told of to its end; False where no rule does."""
        with self._lock:
            return self._judge.take_up(alert)

    def give_context(self, participant: str, detector: str, context: Mapping[str, Any]) -> None:
        """Have a detector told this at every look of the participant from now on; {} takes it back.

        Raises:
            ValueError: it is too large. TypeError: it is not JSON.
        """
        with self._planning:
            self._schedule.give_context(participant, detector, context)
        self._senses.give_context(participant, detector, context)

    def ask_now(self, participant: str, detector: str) -> None:
        """Have a detector look at the participant's next webcam frame afresh, whenever its turn is."""
        with self._planning:
            self._schedule.ask_now(participant, detector)

    def forget(self, participant: str) -> None:
        """Drop everything remembered of a participant who left."""
        self._intake.forget(participant)
        self._senses.forget(participant)
        with self._planning:
            self._schedule.forget(participant)
        self._conclude(lambda: self._forget(participant))

    def health(self) -> Mapping[str, Any]:
        """Return workers, detectors (None: on, else why off; some reduced), load, counters of frames, and kernels."""
        workers = self._engine.health()
        able = any(worker["state"] == "ready" for worker in workers)
        now = self._clock.now()
        with self._planning:
            looks, stretch = self._schedule.report(), self._schedule.stretch
        lost = {"lost": self._lost, "unreadable": self._refused, "untold": self._outbox.dropped}
        return {
            "workers": workers,
            "detectors": self._engine.detectors(),
            "reduced": {name: why for worker in workers for name, why in worker.get("reduced", {}).items()},
            "frames": {**self._intake.counters(), **lost},
            "kernels": frameops.IMPLEMENTATION,
            "looks_by_detector": looks,
            "stretch": round(stretch, 2),
            "sensing": self._senses.health(),
            **self._load.report(now, self._intake.active(now), able),
        }

    # ------------------------------------------------------------------------------ detection.engines.base.Listener

    def has_room(self) -> None:
        """Know that the engine may take frames again."""
        self._intake.wake()

    def finished(self, outcome: Outcome) -> None:
        """Take what became of a frame; one whose participant left meanwhile counts for nothing."""
        frame, now = outcome.frame, self._clock.now()
        late = self._late.pop(frame.participant, 0.0)
        if not self._intake.done(frame):
            return
        if outcome.error is not None:
            self._lost += outcome.lost
            self._refused += not outcome.lost
            if not outcome.lost:
                logger.warning("frame %d of %s cannot be read: %s", frame.sequence, frame.participant, outcome.error)
            return
        if frame.channel in PACE:
            self._load.looked_at_phone(now)
        else:
            self._load.looked(now, now - frame.received_at, late)
        self._outbox.fact(lambda: self._sink.observed(frame, outcome.observations))
        if frame.judged:
            self._conclude(lambda: self._judge_frame(frame, outcome.observations))

    # ------------------------------------------------------------------------------ threads

    def _dispatch(self) -> None:
        while not self._stopping.is_set():
            try:
                self._intake.wait(self._feed_engine())
            except Exception:
                logger.exception("handing frames to the engine failed")
                self._stopping.wait(IDLE)

    def _feed_engine(self) -> float:
        """Give the engine what is due and it has room for; return how long nothing more can be due."""
        while self._engine.free() > 0:
            now = self._clock.now()
            pick = self._intake.next(now)
            if pick is None:
                delay = self._intake.delay(now)
                return IDLE if delay is None else min(IDLE, delay)
            self._late[pick.frame.participant] = pick.late
            if not self._engine.submit(pick.frame, self._plan(pick.frame, now)):
                self._intake.done(pick.frame)
        return IDLE

    def _plan(self, frame: Frame, now: float) -> Plan:
        every, late = self._engine.every(), self._load.lateness(now)
        with self._planning:
            self._schedule.know(every)
            self._schedule.adapt(late, now)
            return self._schedule.plan(frame.participant, frame.channel, now)

    def _tell_the_time(self) -> None:
        while not self._stopping.wait(TICK):
            try:
                self._conclude(lambda: self._judge.tick(self._clock.now()))
                self._look_for_models(self._clock.now())
            except Exception:
                logger.exception("judging the passing of time failed")

    def _look_for_models(self, now: float) -> None:
        if abs(now - self._rechecked_at) >= RECHECK:
            self._rechecked_at = now
            self._engine.recheck()

    # ------------------------------------------------------------------------------ judging, under the lock

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

    def _forget(self, participant: str) -> list[Alert]:
        self._newest = {key: frame for key, frame in self._newest.items() if key[0] != participant}
        return self._judge.forget(participant, self._clock.now())

    def _send(self, alert: Alert) -> None:
        if alert.ended_at is not None:
            self._outbox.alert(lambda: self._sink.alert_ended(alert))
            return
        camera = WEBCAM if alert.channel == Role.ARM else alert.channel  # the phone on the arm has no eyes
        shown = self._newest.get((alert.participant, camera))
        if shown is not None and alert.evidence is None and Evidence.PICTURE in alert.shown_by:
            alert = replace(alert, evidence=shown.jpeg)
        raised = alert
        self._outbox.alert(lambda: self._sink.alert_raised(raised))

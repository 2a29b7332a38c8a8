"""Frames on their way to the engine and back: who is analysed next, by which detectors, and what became of it."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from random import SystemRandom
from typing import Any

from core.clock import Clock
from core.types import Frame, Observation, ObservationKind
from detection.analysis.schedule import EVERYTHING, DetectorSchedule, Plan
from detection.engines.base import Engine, Outcome
from detection.frames import frameops
from detection.frames.latest_frames import LatestFrames
from detection.measures.channels import PACE
from detection.measures.paces import Paced
from detection.runtime.load import LoadMeter, LookLog

IDLE = 1.0  # seconds; the dispatcher looks around at least so often
PACED = 2.0  # seconds between two times that the judge is told how often detectors look
RECHECK = 60.0  # seconds between two looks for models that were missing

logger = logging.getLogger(__name__)

LookedAt = Callable[[Frame, Sequence[Observation]], None]
"""Takes an analysed frame and what was seen in it."""


class Dispatcher:
    """Gives the engine what is due, on a thread of its own, and takes what became of it as the engine's listener."""

    def __init__(self, engine: Engine, intake: LatestFrames, clock: Clock, looked_at: LookedAt) -> None:
        self._engine, self._intake, self._clock, self._looked_at = engine, intake, clock, looked_at
        self._load, self._looks = LoadMeter(intake.interval), LookLog(intake.interval)
        self._schedule = DetectorSchedule({}, SystemRandom().random)
        self._planning = threading.Lock()
        self._rechecked_at = self._paced_at = clock.now()
        self._out: dict[str, tuple[float, Plan]] = {}
        self._lost = self._refused = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._dispatch, name="analysis-dispatch", daemon=True)

    def start(self) -> None:
        """Begin to give the engine frames."""
        self._thread.start()

    def stop(self) -> None:
        """Give it no more."""
        self._stopping.set()
        self._intake.wake()
        self._thread.join()

    # ------------------------------------------------------------------------------ what is analysed, and for what

    def feed_engine(self) -> float:
        """Give the engine what is due and it has room for; return how long nothing more can be due."""
        while self._engine.free() > 0:
            now = self._clock.now()
            pick = self._intake.next(now)
            if pick is None:
                delay = self._intake.delay(now)
                return IDLE if delay is None else min(IDLE, delay)
            plan = self._plan(pick.frame, now)
            self._out[pick.frame.participant] = pick.late, plan
            if not self._engine.submit(pick.frame, plan):
                self._intake.done(pick.frame)
        return IDLE

    def give_context(self, participant: str, detector: str, context: Mapping[str, Any]) -> None:
        """Have a detector told this at every look of the participant from now on; {} takes it back."""
        with self._planning:
            self._schedule.give_context(participant, detector, context)

    def ask_now(self, participant: str, detector: str) -> None:
        """Have a detector look at the participant's next webcam frame afresh, whenever its turn is."""
        with self._planning:
            self._schedule.ask_now(participant, detector)

    def forget(self, participant: str) -> None:
        """Drop what waits and what is planned of a participant who left."""
        self._intake.forget(participant)
        with self._planning:
            self._schedule.forget(participant)
        self._looks.forget(participant)

    def look_for_models(self) -> None:
        """Have the engine look for models that were missing, once in a while."""
        now = self._clock.now()
        if abs(now - self._rechecked_at) >= RECHECK:
            self._rechecked_at = now
            self._engine.recheck()

    def _dispatch(self) -> None:
        while not self._stopping.is_set():
            try:
                self._intake.wait(self.feed_engine())
            except Exception:
                logger.exception("handing frames to the engine failed")
                self._stopping.wait(IDLE)

    def _plan(self, frame: Frame, now: float) -> Plan:
        every, late = self._engine.every(), self._load.lateness(now)
        with self._planning:
            self._schedule.know(every)
            self._schedule.adapt(late, now)
            return self._schedule.plan(frame.participant, frame.channel, now)

    # ------------------------------------------------------------------------------ detection.engines.base.Listener

    def has_room(self) -> None:
        """Know that the engine may take frames again."""
        self._intake.wake()

    def finished(self, outcome: Outcome) -> None:
        """Take what became of a frame; one whose participant left meanwhile counts for nothing."""
        frame, now = outcome.frame, self._clock.now()
        late, plan = self._out.pop(frame.participant, (0.0, EVERYTHING))
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
        self._looks.finished(frame, plan.due or (), outcome, now)
        self._looked_at(frame, outcome.observations)

    # ------------------------------------------------------------------------------ what is shown

    def new_paces(self) -> Mapping[ObservationKind, Paced] | None:
        """Return, once in a while, for each kind how often looks at a student should come, and do; else None."""
        now = self._clock.now()
        if abs(now - self._paced_at) < PACED:
            return None
        self._paced_at = now
        return self._looks.paces(self._engine.every(), self._intake.present(now), now)

    def health(self, workers: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """Return counters of frames, load, and how often each detector looks."""
        able = any(worker["state"] == "ready" for worker in workers)
        now = self._clock.now()
        return {
            "frames": {**self._intake.counters(), "lost": self._lost, "unreadable": self._refused},
            "kernels": frameops.IMPLEMENTATION,
            "looks_by_detector": self._looks.report(self._engine.every(), self._intake.present(now), now),
            "stretch": round(self._schedule.stretch, 2),
            **self._load.report(now, self._intake.active(now), able),
        }

"""Runtime: all of detection behind one object, wired as intake -> engine -> judge -> alert sink."""

import logging
import os
import threading
from collections.abc import Mapping
from typing import Any

from core.clock import Clock
from core.ports import NOBODY, AlertSink, Rules
from core.types import Alert, Frame, Observation, Reading
from detection.engines.base import Engine
from detection.frames import frameops
from detection.frames.latest_frames import LatestFrames
from detection.processes.usage import Usage
from detection.runtime.conclusions import Conclusions, JudgePort
from detection.runtime.dispatcher import Dispatcher
from detection.sensing.base import NoSenses, SensingEngine

TICK = 0.25  # seconds between two checks of what is true by time alone

logger = logging.getLogger(__name__)


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
        self._engine, self._clock = engine, clock
        self._intake = intake or LatestFrames()
        self._senses = senses or NoSenses()
        self._conclusions = Conclusions(judge, sink, clock)
        self.dispatcher = Dispatcher(engine, self._intake, clock, self._conclusions.looked_at)
        self._usage = Usage()
        self._stopping = threading.Event()
        self._ticking = threading.Thread(target=self._tell_the_time, name="analysis-tell_the_time", daemon=True)

    # ------------------------------------------------------------------------------ life

    def start(self) -> None:
        """Start the engine and the threads; returns at once, looks begin when a worker is ready."""
        logger.info("analysis starts, kernels: %s", frameops.IMPLEMENTATION)
        self._conclusions.outbox.start()
        self._engine.start(self.dispatcher)
        self._senses.start(self._conclusions)
        self.dispatcher.start()
        self._ticking.start()

    def stop(self) -> None:
        """End everything that was started; alerts concluded so far are still handed over."""
        self._stopping.set()
        self.dispatcher.stop()
        self._ticking.join()
        self._engine.stop()
        self._senses.stop()
        self._conclusions.outbox.stop()

    def renew(self) -> None:
        """Load the detectors again, after model files came or went."""
        self._engine.renew()

    def _tell_the_time(self) -> None:
        while not self._stopping.wait(TICK):
            try:
                self._conclusions.tick(self.dispatcher.new_paces())
                self.dispatcher.look_for_models()
            except Exception:
                logger.exception("judging the passing of time failed")

    # ------------------------------------------------------------------------------ core.ports.Monitor

    def offer_frame(self, frame: Frame) -> bool:
        """Take the frame as that participant's newest; False when its sequence was older than one already taken."""
        return self._intake.offer(frame, self._clock.now())

    def offer_observation(self, observation: Observation) -> None:
        """Judge the observation now, in the caller's thread; alerts reach the sink from ours."""
        self._conclusions.observe(observation)

    def offer_reading(self, reading: Reading) -> bool:
        """Take a batch of readings; False when it was dropped because nobody keeps up."""
        return self._senses.submit(reading)

    def watch_room(self, room: str, rules: Rules, own: Mapping[str, Rules] = NOBODY) -> None:
        """Raise alerts in this room from now on, by these rules; called again to change them."""
        self._conclusions.watch(room, rules, own)

    def unwatch_room(self, room: str) -> None:
        """Raise no more alerts in this room; alerts under way are ended, but for absences that last."""
        self._conclusions.unwatch(room)

    def take_up(self, alert: Alert) -> bool:
        """Follow an absence that an earlier process told of to its end; False where no rule does."""
        return self._conclusions.take_up(alert)

    def give_context(self, participant: str, detector: str, context: Mapping[str, Any]) -> None:
        """Have a detector told this at every look of the participant from now on; {} takes it back.

        Raises:
            ValueError: it is too large. TypeError: it is not JSON.
        """
        self.dispatcher.give_context(participant, detector, context)
        self._senses.give_context(participant, detector, context)

    def ask_now(self, participant: str, detector: str) -> None:
        """Have a detector look at the participant's next webcam frame afresh, whenever its turn is."""
        self.dispatcher.ask_now(participant, detector)

    def forget(self, participant: str) -> None:
        """Drop everything remembered of a participant who left."""
        self.dispatcher.forget(participant)
        self._senses.forget(participant)
        self._conclusions.forget(participant)

    def health(self) -> Mapping[str, Any]:
        """Return processes, detectors (None: on, else why off; some reduced), load, counters of frames, and kernels."""
        workers = self._engine.health()
        seen = dict(self.dispatcher.health(workers))
        return {
            "workers": workers,
            "server": {"pid": os.getpid(), **self._usage.of(os.getpid())},
            "detectors": self._engine.detectors(),
            "reduced": {name: why for worker in workers for name, why in worker.get("reduced", {}).items()},
            "frames": {**seen.pop("frames"), "untold": self._conclusions.outbox.dropped},
            "sensing": self._senses.health(),
            **seen,
        }

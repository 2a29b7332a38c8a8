"""One frame in, observations out: decode once, ask each detector that is due, let none of them stop the others."""

import logging
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from core.types import Frame, Observation, ObservationKind
from detection.analysis.facts import about
from detection.analysis.gate import Gate
from detection.detectors.base import Context, Detector, Values
from detection.frames.decode import Glance, Picture, decode, fingerprint, glance

logger = logging.getLogger(__name__)

DECODING = "decoding"
NO_CONTEXT: Mapping[str, Context] = {}


class Pipeline:
    """The detectors that are on, in order, and how often each failed; without a gate each look is a full one."""

    def __init__(self, detectors: Iterable[Detector], gate: Gate | None = None) -> None:
        self.detectors = tuple(detectors)
        self.failures: Counter[str] = Counter()
        self._gate = gate or Gate(most=0)
        self.spent: dict[str, float] = {}
        """What the last frame cost, in milliseconds of a processor: its decoding, and each detector that looked."""

    def close(self) -> None:
        """Give back what the detectors hold."""
        for detector in self.detectors:
            detector.close()

    def analyse(
        self,
        frame: Frame,
        due: Collection[str] | None = None,
        context: Mapping[str, Context] = NO_CONTEXT,
        fresh: Collection[str] = (),
    ) -> list[Observation]:
        """Return what the detectors that are due (None: all) see in the frame, each told its part of `context`.

        Those in `fresh` look in any case; the others may say again what they saw in an unchanged picture, marked by
        {"reused": True, "age": seconds}.

        Raises:
            DecodeError: the frame is no picture that we accept.
        """
        self.spent = {}
        wanted = [detector for detector in self.detectors if due is None or detector.name in due]
        with self._paying(DECODING):
            seen = glance(frame.jpeg)
        known = self._recall([d for d in wanted if d.name not in fresh], frame, seen, context)
        if len(known) < len(wanted):
            with self._paying(DECODING):
                picture = decode(frame.jpeg, seen)
            return self._look_at(picture, wanted, frame, seen, known, context, fresh)
        return [about(frame, detector.kind, known[detector.name]) for detector in wanted]

    @contextmanager
    def _paying(self, name: str) -> Iterator[None]:
        """Add what is done meanwhile, by any thread of this process, to what the frame costs."""
        started = time.process_time()
        try:
            yield
        finally:
            self.spent[name] = self.spent.get(name, 0.0) + 1000 * (time.process_time() - started)

    def _recall(
        self, detectors: Sequence[Detector], frame: Frame, seen: Glance, context: Mapping[str, Context]
    ) -> dict[str, Values]:
        """Return, by detector, what was seen in a picture that has not changed since."""
        known: dict[str, Values] = {}
        for detector in detectors:
            values = self._gate.recall(detector, frame, seen, context.get(detector.name, {}))
            if values is not None:
                # an exact repeat must still be told from a picture that is merely very similar
                again = {"fingerprint": fingerprint(seen.gray, frame.jpeg)} if "fingerprint" in values else {}
                known[detector.name] = {**values, **again}
        return known

    def _look_at(
        self,
        picture: Picture,
        wanted: Iterable[Detector],
        frame: Frame,
        seen: Glance,
        known: Mapping[str, Values],
        context: Mapping[str, Context],
        fresh: Collection[str],
    ) -> list[Observation]:
        found: dict[ObservationKind, Values] = {}
        for detector in wanted:
            if detector.name in known:
                found[detector.kind] = known[detector.name]
                continue
            told = context.get(detector.name, {})
            again = self._gate.recall_beside_face(detector, frame, seen, told, found)
            if again is not None and detector.name not in fresh:
                found[detector.kind] = again
                continue
            try:
                with self._paying(detector.name):
                    found[detector.kind] = values = detector.look(picture, found, told)
            except Exception:
                self.failures[detector.name] += 1
                logger.exception("detector %s failed on a frame of %s", detector.name, frame.participant)
                continue
            self._gate.keep(detector, frame, seen, told, values, found)
        return [about(frame, kind, values) for kind, values in found.items()]

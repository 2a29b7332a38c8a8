"""One frame in, observations out: decode once, ask each detector that is due, let none of them stop the others."""

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from core.types import Frame, Observation, ObservationKind
from detection.decode import decode
from detection.detectors.base import Context, Detector, Values
from detection.facts import about

logger = logging.getLogger(__name__)

NO_CONTEXT: Mapping[str, Context] = {}


class Pipeline:
    """The detectors that are on, in order, and how often each failed."""

    def __init__(self, detectors: Iterable[Detector]) -> None:
        self.detectors = tuple(detectors)
        self.failures: Counter[str] = Counter()

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

        Raises:
            DecodeError: the frame is no picture that we accept.
        """
        picture = decode(frame.jpeg)
        found: dict[ObservationKind, Values] = {}
        for detector in self.detectors:
            if due is not None and detector.name not in due:
                continue
            try:
                found[detector.kind] = detector.look(picture, found, context.get(detector.name, {}))
            except Exception:
                self.failures[detector.name] += 1
                logger.exception("detector %s failed on a frame of %s", detector.name, frame.participant)
        return [about(frame, kind, values) for kind, values in found.items()]

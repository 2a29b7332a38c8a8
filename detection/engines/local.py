"""Analysis on this machine: a few child processes, each looked after by a thread of its own."""

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from core.types import Frame
from detection.analysis.messages import Setup
from detection.analysis.schedule import EVERYTHING, Plan
from detection.detectors import in_order
from detection.engines.base import Detectors, Listener
from detection.engines.child import Child, Timeouts, worker_command


class LocalEngine:
    """Spreads frames over child processes; the one with the most room gets the next."""

    def __init__(
        self,
        workers: int,
        cache: Path,
        folders: Iterable[Path],
        detectors: Iterable[str],
        timeouts: Timeouts | None = None,
        command: Callable[[int], list[str]] = worker_command,
        **told: str,
    ) -> None:
        """Take what each process is to load; `told` is what else Setup tells it: `face_runtime`, `learned`."""
        self._setup = Setup(list(detectors), str(cache), [str(folder) for folder in folders], **told)
        self._workers, self._timeouts, self._command = workers, timeouts or Timeouts(), command
        self._children: list[Child] = []

    def start(self, listener: Listener) -> None:
        """Start the processes; each says by itself when it is ready."""
        numbers = range(1, self._workers + 1)
        self._children = [Child(n, self._setup, listener, self._timeouts, self._command) for n in numbers]
        for child in self._children:
            child.start()

    def stop(self) -> None:
        """End every process and wait until it is gone."""
        for child in self._children:
            child.stop()
        for child in self._children:
            child.join()

    def free(self) -> int:
        """Return how many frames can be submitted now."""
        return sum(child.free() for child in self._children)

    def submit(self, frame: Frame, plan: Plan = EVERYTHING) -> bool:
        """Hand the frame to the participant's own process or else to the one with most room; False when none has any.

        Each process remembers the last pictures of the participants it analysed, and saves work where none changed.
        """
        own = zlib.crc32(frame.participant.encode()) % len(self._children)
        ranked = sorted(self._children, key=lambda child: child.free(), reverse=True)
        return any(child.submit(frame, plan) for child in (self._children[own], ranked[0]))

    def renew(self) -> None:
        """Have every process load its detectors again; frames wait meanwhile."""
        for child in self._children:
            child.renew()

    def recheck(self) -> None:
        """Have every process that misses a model look for it again."""
        for child in self._children:
            child.recheck()

    def every(self) -> Mapping[str, float]:
        """Return the detectors that are on in any process, in the registry's order."""
        found = {name: seconds for child in self._children for name, seconds in child.every.items()}
        return {name: found[name] for name in in_order(found)}

    def detectors(self) -> Detectors:
        """Return the detectors of the processes: off where any of them could not load it."""
        states: dict[str, str | None] = {}
        for child in self._children:
            for name, reason in child.detectors.items():
                states[name] = states.get(name) or reason
        return states

    def health(self) -> Sequence[Mapping[str, Any]]:
        """Return one line for each process."""
        return [child.health() for child in self._children]

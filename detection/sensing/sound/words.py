"""Speech put into words, in rooms that ask for it: a few stretches wait, one thread works, nobody waits for it."""

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from core.types import Observation, ObservationKind, Reading
from detection.models.shelf import ModelShelf
from detection.sensing.base import Say
from detection.sensing.sound import words_sphinx, words_vosk
from detection.sensing.sound.phrases import Understood

MOST_WAITING = 8  # stretches of 10 s at most: 2.5 MB, and a word that is a minute old warns nobody
LOOK_AGAIN = 60.0  # seconds between two looks for models that were missing
BYTES_A_SECOND = 32_000

logger = logging.getLogger(__name__)


class Listener(Protocol):
    """Something that understands speech; made and used on one thread."""

    name: str
    rough: bool

    def understand(self, sound: bytes, phrases: Sequence[str]) -> Understood:
        """Return what was said in int16 samples of 16 kHz, and which of the phrases."""
        ...


class Stretch(NamedTuple):
    """Speech that waits: whose it is (a reading without data, `at` its end), its samples, what to listen for."""

    reading: Reading
    sound: bytes
    phrases: tuple[str, ...]


FindListeners = Callable[[ModelShelf], tuple[list[Listener], str]]
"""Returns who can listen on this machine, and what there is to say of it."""


def find_listeners(shelf: ModelShelf) -> tuple[list[Listener], str]:
    """Return a Vosk listener for each language that has a model that can be loaded, else a rough one, else none."""
    listeners, broken = list[Listener](), list[str]()
    for listener in words_vosk.listeners(shelf):
        try:
            listener.load()
            listeners.append(listener)
        except words_vosk.UnusableModel as error:
            broken.append(str(error))
    if listeners:
        return listeners, "; ".join([", ".join(one.name for one in listeners), *broken])
    rough = words_sphinx.listener()
    if rough is not None:
        told = f"{rough.name} (rough: it hears the room's English phrases alone, and makes no text)"
        return [rough], "; ".join([told, *broken])
    without = broken or ["no Vosk model is there"]
    return [], f"none: {'; '.join(without)}, and pocketsphinx is not installed"


class Words:
    """The stretches that wait and the thread that listens to them."""

    def __init__(self, shelf: ModelShelf, say: Say, find: FindListeners = find_listeners) -> None:
        self._shelf, self._say, self._find = shelf, say, find
        self._waiting: deque[Stretch] = deque()
        self._bell = threading.Condition()
        self._is_open = True
        self._served = ""
        self._listeners: list[Listener] = []
        self._looked_at = float("-inf")
        self._notes: dict[str, Any] = {"words": "not asked for yet", "stretches": 0, "dropped": 0, "seconds": 0.0}
        self._ms = 0.0
        self._thread = threading.Thread(target=self._run, name="words", daemon=True)
        self._thread.start()

    def offer(self, stretch: Stretch) -> bool:
        """Let a stretch wait; where too many do, in place of the oldest of whoever has most. False: one was dropped."""
        with self._bell:
            is_full = len(self._waiting) >= MOST_WAITING
            if is_full:
                waits = Counter(one.reading.participant for one in self._waiting)
                self._waiting.remove(max(self._waiting, key=lambda one: waits[one.reading.participant]))
                self._notes["dropped"] += 1
            self._waiting.append(stretch)
            self._bell.notify()
        return not is_full

    def forget(self, participant: str) -> None:
        """Drop what waits of a participant."""
        with self._bell:
            self._waiting = deque(one for one in self._waiting if one.reading.participant != participant)

    def notes(self) -> Mapping[str, Any]:
        """Return who listens, how many stretches there were, and seconds of work for each second of speech."""
        with self._bell:
            seconds = self._notes["seconds"]
            return {**self._notes, "cost": round(self._ms / 1000 / seconds, 3) if seconds else None}

    def close(self) -> None:
        """End the thread; what waits is dropped."""
        with self._bell:
            self._is_open = False
            self._waiting.clear()
            self._bell.notify()
        self._thread.join(10.0)

    def _run(self) -> None:
        while (stretch := self._next()) is not None:
            try:
                self._listen(stretch)
            except Exception:
                logger.exception("putting speech into words failed")

    def _next(self) -> Stretch | None:
        with self._bell:
            self._bell.wait_for(lambda: self._waiting or not self._is_open)
            if not self._is_open:
                return None
            # who talks without end must not keep the others from being heard
            others = (one for one in self._waiting if one.reading.participant != self._served)
            stretch = next(others, self._waiting[0])
            self._waiting.remove(stretch)
            self._served = stretch.reading.participant
            return stretch

    def _listen(self, stretch: Stretch) -> None:
        self._look_for_listeners()
        started = time.perf_counter()
        found = [(one, one.understand(stretch.sound, stretch.phrases)) for one in self._listeners]
        with self._bell:
            self._ms += (time.perf_counter() - started) * 1000
            self._notes["stretches"] += 1
            self._notes["seconds"] += len(stretch.sound) / BYTES_A_SECOND
        if found:
            # who heard a phrase goes first, then who is surest: each listener knows one language
            self._tell(stretch, *max(found, key=lambda pair: (bool(pair[1].phrases), pair[1].sure)))

    def _tell(self, stretch: Stretch, listener: Listener, understood: Understood) -> None:
        if not understood.text and not understood.phrases:
            return
        values = {
            "text": understood.text,
            "phrases": list(understood.phrases),
            "engine": listener.name,
            "rough": listener.rough,
            "alike": understood.alike,
            "alike_limit": understood.alike_limit,
            "seconds": round(len(stretch.sound) / BYTES_A_SECOND, 1),
        }
        of = stretch.reading
        seen = Observation(of.room, of.participant, ObservationKind.WORDS, of.at, values, of.channel)
        self._say(of, [seen])

    def _look_for_listeners(self) -> None:
        now = time.monotonic()
        is_good = any(not one.rough for one in self._listeners)
        if is_good or now - self._looked_at < LOOK_AGAIN:
            return
        self._looked_at = now
        self._listeners, told = self._find(self._shelf)
        with self._bell:
            is_news = self._notes["words"] != told
            self._notes["words"] = told
        if is_news:
            logger.info("speech is put into words by %s", told)

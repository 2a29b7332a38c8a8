"""Sounds and batches for tests: made, or real ones from the media folder."""

from __future__ import annotations

import itertools
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.types import Observation, Reading, ReadingKind

RATE = 16_000
Sound = NDArray[np.float32]
SPEECH, TYPING, QUIET, DISHES = "audio_p004.wav", "audio_p015.wav", "audio_p019.wav", "audio_p023.wav"


def load(path: Path) -> Sound:
    """A recording of 16 kHz, mono, as -1..1."""
    with wave.open(str(path)) as recording:
        assert (recording.getframerate(), recording.getnchannels()) == (RATE, 1)
        data = recording.readframes(recording.getnframes())
    return np.asarray(np.frombuffer(data, "<i2") / np.float32(32768), dtype=np.float32)


def silence(seconds: float) -> Sound:
    return np.zeros(int(seconds * RATE), dtype=np.float32)


def tone(seconds: float, hertz: float = 440.0, size: float = 0.5) -> Sound:
    times = np.arange(int(seconds * RATE)) / RATE
    return np.asarray(size * np.sin(2 * np.pi * hertz * times), dtype=np.float32)


def noise(seconds: float, size: float = 0.1, seed: int = 1) -> Sound:
    chance = np.random.default_rng(seed)
    return np.asarray(chance.normal(0.0, size, int(seconds * RATE)), dtype=np.float32)


def pcm(sound: Sound) -> bytes:
    """The bytes of a batch, clipped as a microphone clips."""
    return bytes((np.clip(sound, -1.0, 32767 / 32768) * 32768).astype("<i2").tobytes())


def reading(sound: Sound | bytes, at: float = 100.0, who: str = "ana", channel: str = "webcam") -> Reading:
    data = sound if isinstance(sound, bytes) else pcm(sound)
    return Reading("room", who, channel, ReadingKind.SOUND, at, data)


def batches(sound: Sound, at: float = 100.0, who: str = "ana", channel: str = "webcam") -> Iterator[Reading]:
    """A sound as a page sends it: half a second at a time."""
    size = RATE // 2
    for start in range(0, len(sound), size):
        yield reading(sound[start : start + size], at + start / RATE, who, channel)


def speech_seconds(observations: list[Observation]) -> float:
    return float(sum(one.values["seconds"] for one in observations))


def in_turn(*channels: Iterator[Reading]) -> list[Reading]:
    """What several microphones send at the same time."""
    return [one for row in itertools.zip_longest(*channels) for one in row if one is not None]

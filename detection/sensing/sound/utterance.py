"""Cuts the speech out of a microphone's sound, with a little before and after it, for whoever puts it into words."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

FRAME_SECONDS = 0.032
BEFORE = 10  # frames, 0.3 s: the first sound of a word is soft
AFTER = 20  # frames, 0.6 s: longer pauses end a stretch
MOST = 312  # frames, 10 s: what goes on is cut, so that nothing waits for its end
LEAST = 8  # frames of speech, 0.25 s

Frame = NDArray[np.float32]


class Utterance:
    """The stretch of speech that goes on in one microphone."""

    def __init__(self) -> None:
        self._before: deque[Frame] = deque(maxlen=BEFORE)
        self._frames: list[Frame] = []
        self._speech = self._quiet = 0

    def add(self, frame: Frame, is_speech: bool) -> bytes | None:
        """Take one frame; return the stretch that it ends as int16 samples."""
        if not self._frames and not is_speech:
            self._before.append(frame)
            return None
        if not self._frames:
            self._frames = list(self._before)
            self._before.clear()
        self._frames.append(frame)
        self._speech += is_speech
        self._quiet = 0 if is_speech else self._quiet + 1
        return self.end() if self._quiet >= AFTER or len(self._frames) >= MOST else None

    def end(self) -> bytes | None:
        """End the stretch now and return it, None where there was no speech to speak of."""
        frames, speech = self._frames, self._speech
        self._frames, self._speech, self._quiet = [], 0, 0
        self._before.clear()
        if speech < LEAST:
            return None
        samples = np.clip(np.concatenate(frames) * 32768.0, -32768, 32767)
        return bytes(samples.astype("<i2").tobytes())

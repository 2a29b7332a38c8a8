"""What others put before their detectors, written anew from how they work, and ours; all take JPEG bytes."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import ClassVar, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from core.types import Frame, ObservationKind
from detection.analysis.gate import Gate, is_changed
from detection.analysis.pipeline import Pipeline
from detection.detectors.base import Context, Findings, Values, WithoutModel
from detection.frames.decode import Glance, Picture, glance

LONGEST = 5.0  # seconds for which any of them may stay shut
AN_HOUR = 3600.0

Gray = NDArray[np.uint8]


class Peer(Protocol):
    """Says of each picture of one student whether the detectors should look at it."""

    def is_open(self, jpeg: bytes) -> bool:
        """Decode the picture and compare it with what was seen before."""
        ...


def whole(jpeg: bytes) -> Gray:
    """Decode the grey picture alone in full size, the cheapest way to every pixel: colours are left undecoded."""
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


def luma(jpeg: bytes) -> Gray:
    """Decode the whole picture and return its brightness, as a gate does that has pictures decoded before it."""
    bgr = np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), dtype=np.uint8)
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


class Contours:
    """As Frigate's motion detector works: 100 rows, stretched contrast, blur, running average, dilate, contours."""

    HEIGHT, ALPHA, THRESHOLD, AREA = 100, 0.01, 30, 10
    CROSS = np.ones((3, 3), np.uint8)

    def __init__(self, decode: Callable[[bytes], Gray] = luma) -> None:
        self._decode = decode
        self._average: NDArray[np.float32] | None = None

    def is_open(self, jpeg: bytes) -> bool:
        """Say whether something of at least AREA pixels differs from the average of what was seen."""
        gray = self._decode(jpeg)
        width = gray.shape[1] * self.HEIGHT // gray.shape[0]
        small = cv2.resize(gray, (width, self.HEIGHT), interpolation=cv2.INTER_NEAREST)
        low, high = np.percentile(small, 4), np.percentile(small, 96)
        if high > low:
            small = ((np.clip(small, low, high) - low) * (255.0 / (high - low))).astype(np.uint8)
        small = cv2.GaussianBlur(small, (3, 3), 0)
        if self._average is None:
            self._average = small.astype(np.float32)
            return True
        delta = cv2.absdiff(small, cv2.convertScaleAbs(self._average))
        mask = cv2.dilate(cv2.threshold(delta, self.THRESHOLD, 255, cv2.THRESH_BINARY)[1], self.CROSS, iterations=2)
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        cv2.accumulateWeighted(small, self._average, self.ALPHA)
        return any(cv2.contourArea(contour) > self.AREA for contour in contours)


class Background:
    """OpenCV's MOG2 on the whole picture, with its own defaults; a hundredth of foreground opens."""

    SHARE = 0.01

    def __init__(self) -> None:
        self._model = cv2.createBackgroundSubtractorMOG2(detectShadows=False)

    def is_open(self, jpeg: bytes) -> bool:
        """Say whether enough pixels do not fit the learned background."""
        return bool((self._model.apply(whole(jpeg)) > 0).mean() > self.SHARE)


class MeanGap:
    """The mean absolute difference to the picture before, as small programs do it."""

    LIMIT = 2.0  # grey levels

    def __init__(self) -> None:
        self._before: Gray | None = None

    def is_open(self, jpeg: bytes) -> bool:
        """Say whether the pictures differ on average."""
        gray, before = whole(jpeg), self._before
        self._before = gray
        return before is None or float(cv2.absdiff(gray, before).mean()) > self.LIMIT


class OurKernel:
    """Our gate's two steps alone: a glance at 1/8 of the size, and the comparison with the last full look."""

    def __init__(self) -> None:
        self._seen: Glance | None = None

    def is_open(self, jpeg: bytes) -> bool:
        """Say whether something changed since the last time that it said so."""
        now = glance(jpeg)
        if self._seen is not None and not is_changed(now, self._seen):
            return False
        self._seen = now
        return True


class Silent(WithoutModel):
    """A detector that costs nothing, to measure all that is around detectors."""

    name: ClassVar[str] = "silent"
    kind: ClassVar[ObservationKind] = ObservationKind.FACES
    every: ClassVar[float] = 0.0

    def look(self, picture: Picture, found: Findings, context: Context) -> Values:
        """See nothing."""
        return {"count": 0}


class OurPipeline:
    """Our whole path of a calm picture: the pipeline as a worker runs it, with its memory and its limits of age."""

    def __init__(self) -> None:
        self._pipeline = Pipeline([Silent()], Gate())
        self._frame = Frame("room", "ana", 0, 0.0, 0.0, b"", 0, 0)

    def is_open(self, jpeg: bytes, at: float = 0.0) -> bool:
        """Say whether the detector had to look."""
        (seen,) = self._pipeline.analyse(replace(self._frame, jpeg=jpeg, received_at=at))
        return "reused" not in seen.values


PEERS: Mapping[str, Callable[[], Peer]] = {
    "contours": Contours,
    "contours, grey decode": partial(Contours, whole),
    "MOG2, grey decode": Background,
    "absdiff mean, grey decode": MeanGap,
}

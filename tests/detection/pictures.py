"""Real pictures that come with scikit-image, as a student's camera would send them."""

from __future__ import annotations

import itertools
from pathlib import Path

import cv2
import numpy as np
import skimage.data
from numpy.typing import NDArray

from core.types import Frame

Pixels = NDArray[np.uint8]
SEQUENCES = itertools.count(1)
NOWHERE = Path("no", "such", "folder")


def one_face() -> Pixels:
    """An astronaut, RGB."""
    return np.asarray(skimage.data.astronaut())


def two_faces() -> Pixels:
    """The astronaut beside her mirror image, RGB."""
    return np.concatenate([one_face(), one_face()[:, ::-1]], axis=1)


def no_face() -> Pixels:
    """A cup of coffee, RGB."""
    return np.asarray(skimage.data.coffee())


def dimmed(rgb: Pixels, factor: float) -> Pixels:
    """The picture with every value times `factor`, clipped as a sensor clips."""
    return np.clip(rgb * np.float32(factor), 0, 255).astype(np.uint8)


def blurred(rgb: Pixels, sigma: float) -> Pixels:
    """The picture out of focus; sigma in pixels."""
    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), sigma), dtype=np.uint8)


def flat(level: int) -> Pixels:
    """What a camera shows behind a finger: one tone with a little noise, always the same noise."""
    noise = np.random.default_rng(7).normal(0, 2, (480, 640, 3))
    return np.clip(level + noise, 0, 255).astype(np.uint8)


def jpeg(rgb: Pixels, width: int = 320, quality: int = 60) -> bytes:
    """The picture as the student's page would send it."""
    height = max(1, round(rgb.shape[0] * width / rgb.shape[1]))
    scaling = cv2.INTER_AREA if width < rgb.shape[1] else cv2.INTER_LINEAR
    small = cv2.resize(rgb, (width, height), interpolation=scaling)
    done, data = cv2.imencode(".jpg", small[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return data.tobytes()


def frame(
    data: bytes = b"",
    participant: str = "ana",
    at: float = 0.0,
    sequence: int | None = None,
    room: str = "room",
    channel: str = "webcam",
) -> Frame:
    """A frame with defaults; sequences grow by themselves."""
    number = next(SEQUENCES) if sequence is None else sequence
    return Frame(room, participant, number, at, at, data, 320, 240, channel)

"""Drawn phones and drawn wallets on a photo, in which the shipped model takes many of both for phones."""

from __future__ import annotations

import cv2
import numpy as np
import skimage.data
from numpy.typing import NDArray

from evaluation.phone_model import rendered

Pixels = NDArray[np.uint8]
Box = tuple[int, int, int, int]
WIDTH, HEIGHT = 640, 480


def held(seed: int, is_phone: bool) -> tuple[bytes, Box]:
    """A JPEG as a student sends it, of a drawn thing in front of a cat, and where the thing is in it."""
    rng = np.random.default_rng(seed)
    patch = (rendered.phone if is_phone else rendered.wallet)(rng)
    picture = cv2.resize(np.asarray(skimage.data.chelsea())[..., ::-1], (WIDTH, HEIGHT)).copy()
    scale = rng.uniform(150, 200) / max(patch.shape[:2])
    patch = np.asarray(cv2.resize(patch, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    high, wide = patch.shape[:2]
    left, top = int(rng.integers(180, 360)), int(rng.integers(120, HEIGHT - high))
    place = picture[top : top + high, left : left + wide]
    cover = patch[..., 3:] / 255.0
    place[...] = place * (1 - cover) + patch[..., :3] * cover
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes(), (left, top, wide, high)

"""Drawing by code: sheets with rounded corners, light and writing on them, seen from somewhere, held by fingers."""

import cv2
import numpy as np
from numpy.typing import NDArray

from evaluation.phone_model.labelled import Pixels

Random = np.random.Generator
Colour = tuple[int, int, int]

LONG = 220  # pixels of a patch along its longer side, before it is seen from somewhere


def sheet(aspect: float, colour: Colour, rounded: float) -> Pixels:
    """Return a rectangle with rounded corners, its height `aspect` times its width."""
    height, width = (LONG, max(8, round(LONG / aspect))) if aspect >= 1 else (max(8, round(LONG * aspect)), LONG)
    patch = np.zeros((height, width, 4), np.uint8)
    patch[..., :3] = colour
    radius = round(rounded * min(height, width))
    mask = np.zeros((height, width), np.uint8)
    cv2.rectangle(mask, (radius, 0), (width - 1 - radius, height - 1), 255, -1)
    cv2.rectangle(mask, (0, radius), (width - 1, height - 1 - radius), 255, -1)
    for x in (radius, width - 1 - radius):
        for y in (radius, height - 1 - radius):
            cv2.circle(mask, (x, y), radius, 255, -1)
    patch[..., 3] = mask
    return patch


def grey(rng: Random, low: int, high: int, spread: int = 20) -> Colour:
    """Return a colour near a grey between low and high."""
    b, g, r = np.clip(rng.integers(low, high + 1) + rng.integers(-spread, spread + 1, 3), 0, 255)
    return int(b), int(g), int(r)


def vivid(rng: Random) -> Colour:
    b, g, r = rng.integers(0, 256, 3)
    return int(b), int(g), int(r)


def shine(patch: Pixels, rng: Random) -> None:
    """Lay a slanted band of light over the patch, and let it grow darker to one side."""
    height, width = patch.shape[:2]
    ramp = np.linspace(rng.uniform(0.7, 1.0), rng.uniform(1.0, 1.25), width)[None, :, None]
    patch[..., :3] = np.clip(patch[..., :3] * ramp, 0, 255)
    if rng.random() < 0.5:
        over = patch[..., :3].copy()
        x, slant, wide = rng.integers(0, width), rng.integers(-height, height), rng.integers(6, max(7, width // 2))
        corners = np.array([[x, 0], [x + wide, 0], [x + wide + slant, height], [x + slant, height]], np.int32)
        cv2.fillPoly(over, [corners], (255, 255, 255))
        part = float(rng.uniform(0.05, 0.3))
        patch[..., :3] = (patch[..., :3] * (1 - part) + over * part).astype(np.uint8)


def lines(patch: Pixels, rng: Random, area: tuple[float, float, float, float], ink: Colour, gap: int) -> None:
    """Fill an area (shares of the patch) with what looks like lines of writing."""
    height, width = patch.shape[:2]
    left, top, right, bottom = (
        round(share * length) for share, length in zip(area, (width, height, width, height), strict=True)
    )
    colour = (*ink, 255)
    for y in range(top, bottom, gap):
        x = left
        stop = right if rng.random() < 0.8 else left + round((right - left) * rng.random())
        while x < stop:
            word = int(rng.integers(3, 16))
            cv2.line(
                patch, (x, y), (min(x + word, stop), y + int(rng.integers(-1, 2))), colour, int(rng.integers(1, 3))
            )
            x += word + int(rng.integers(2, 6))


def turned(patch: Pixels, rng: Random, longest: float) -> Pixels:
    """Return the patch as seen from somewhere: turned, tilted and `longest` pixels along its longer side."""
    height, width = patch.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    tilted = corners + rng.uniform(-0.12, 0.12, (4, 2)) * (width, height)
    squeeze = rng.uniform(0.45, 1.0) if rng.random() < 0.4 else 1.0  # lying on a desk
    angle = rng.uniform(0, 2 * np.pi) if rng.random() < 0.5 else rng.normal(0, 0.35)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    placed = (tilted - tilted.mean(axis=0)) @ turn.T * (1, squeeze)
    placed *= longest / max(np.ptp(placed, axis=0))
    placed -= placed.min(axis=0)
    size = tuple(int(np.ceil(length)) + 1 for length in placed.max(axis=0))
    matrix = cv2.getPerspectiveTransform(corners, placed.astype(np.float32))
    smooth = cv2.GaussianBlur(patch, (0, 0), max(0.1, 0.4 * LONG / max(longest, 1.0)))
    smooth[..., 3] = cv2.GaussianBlur(patch[..., 3], (0, 0), max(0.1, 0.3 * LONG / max(longest, 1.0)))
    return np.asarray(cv2.warpPerspective(smooth, matrix, size, flags=cv2.INTER_AREA), np.uint8)


def fingers(patch: Pixels, skin: NDArray[np.float64], rng: Random) -> Pixels:
    """Return the patch with fingers of this colour over one of its ends, as a hand that holds it."""
    held = patch.copy()
    height, width = held.shape[:2]
    thick = max(2, round(min(height, width) * rng.uniform(0.14, 0.24)))
    from_left = rng.random() < 0.5
    for place in np.linspace(rng.uniform(0.35, 0.6), rng.uniform(0.75, 1.0), int(rng.integers(1, 5))):
        y = round(place * height)
        reach = round(width * rng.uniform(0.2, 0.6))
        begin, end = (0, reach) if from_left else (width, width - reach)
        b, g, r = (int(value) for value in np.clip(skin * rng.uniform(0.8, 1.1), 0, 255))
        cv2.line(held, (begin, int(y)), (int(end), int(y - thick // 3)), (b, g, r, 255), thick, cv2.LINE_AA)
    return held

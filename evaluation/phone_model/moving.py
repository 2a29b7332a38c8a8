"""Pictures with their phones' boxes, moved about and pasted into each other."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from evaluation.phone_model.drawing import Random
from evaluation.phone_model.labelled import Box, Pixels, side

VISIBLE = 0.6  # share of a phone's box that must be left of it


@dataclass
class Made:
    """A picture, where phones are, and where nobody knows."""

    bgr: Pixels
    phones: list[Box] = field(default_factory=list)
    unknown: list[Box] = field(default_factory=list)
    complete: bool = True


def moved(made: Made, matrix: np.ndarray, size: tuple[int, int], fill: Sequence[float]) -> Made:
    """Return the picture moved by an affine matrix onto a canvas; phones mostly outside become unknown or go."""
    bgr = cv2.warpAffine(made.bgr, matrix, size, flags=cv2.INTER_AREA, borderValue=tuple(map(float, fill)))
    out = Made(np.asarray(bgr, np.uint8), [], [], made.complete)
    for box in made.phones:
        left = _moved_box(box, matrix)
        inside = clipped(left, size)
        share = (side(inside) / max(side(left), 1e-6)) ** 2
        if share >= VISIBLE:
            out.phones.append(inside)
        elif share > 0:
            out.unknown.append(inside)
    out.unknown += [clipped(_moved_box(box, matrix), size) for box in made.unknown]
    return out


def _moved_box(box: Box, matrix: np.ndarray) -> Box:
    corners = np.array([[box[i], box[j], 1.0] for i in (0, 2) for j in (1, 3)]) @ matrix.T
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def clipped(box: Box, size: tuple[int, int]) -> Box:
    """Return the part of a box that is on the canvas."""
    left, right = (float(np.clip(x, 0, size[0])) for x in (box[0], box[2]))
    top, bottom = (float(np.clip(y, 0, size[1])) for y in (box[1], box[3]))
    return left, top, right, bottom


def placed(made: Made, size: tuple[int, int], scale: float, rng: Random, turn: float = 0.0) -> Made:
    """Return the picture on a canvas, `scale` times as large as just covers it, anywhere that is not wasted."""
    height, width = made.bgr.shape[:2]
    factor = scale * max(size[0] / width, size[1] / height)
    mirror = -1.0 if rng.random() < 0.5 else 1.0
    stretch = factor * rng.uniform(0.9, 1.1)
    cos, sin = np.cos(turn), np.sin(turn)
    matrix = np.array([[mirror * stretch * cos, -factor * sin, 0.0], [mirror * stretch * sin, factor * cos, 0.0]])
    middle = matrix[:, :2] @ (width / 2, height / 2)
    rest = np.array([size[0] - width * factor, size[1] - height * factor])
    matrix[:, 2] = np.array(size) / 2 - middle + rng.uniform(-0.5, 0.5, 2) * np.abs(rest)
    fill = (0, 0, 0) if rng.random() < 0.3 else made.bgr.reshape(-1, 3).mean(axis=0)
    return moved(made, matrix, size, fill)


def pasted(base: Made, patch: Pixels, where: tuple[int, int], phone: bool, light: float) -> None:
    """Lay a BGRA patch over a picture, as bright as its surroundings ask for by the share `light`."""
    height, width = base.bgr.shape[:2]
    left, top = where
    right, bottom = min(width, left + patch.shape[1]), min(height, top + patch.shape[0])
    part = patch[max(0, -top) : bottom - top, max(0, -left) : right - left]
    left, top = max(0, left), max(0, top)
    if part.shape[0] < 3 or part.shape[1] < 3:
        return
    place = base.bgr[top:bottom, left:right]
    around = float(place.mean()) + 20
    lit = np.clip(part[..., :3] * (1 - light + light * min(1.6, around / 120)), 0, 255)
    alpha = part[..., 3:].astype(np.float32) / 255
    place[...] = (place * (1 - alpha) + lit * alpha).astype(np.uint8)
    area = float(left), float(top), float(right), float(bottom)
    covered = [box for box in base.phones if light and shared(box, area) > 1 - VISIBLE]
    base.phones = [box for box in base.phones if box not in covered] + ([area] if phone else [])
    base.unknown += covered


def shared(box: Box, other: Box) -> float:
    """Return which share of the first box lies under the second."""
    both = max(box[0], other[0]), max(box[1], other[1]), min(box[2], other[2]), min(box[3], other[3])
    return (side(both) / max(side(box), 1e-6)) ** 2


def grown(box: Box, share: float) -> Box:
    wide, high = (box[2] - box[0]) * share, (box[3] - box[1]) * share
    return box[0] - wide, box[1] - high, box[2] + wide, box[3] + high


def anywhere(size: tuple[int, int], patch: Pixels, rng: Random) -> tuple[int, int]:
    """Return a place that leaves most of the patch on the canvas, more often in the lower part."""
    width, height = size
    x = rng.uniform(-0.2 * patch.shape[1], width - 0.8 * patch.shape[1])
    y = height * rng.beta(2.0, 1.3) - patch.shape[0] / 2
    return round(x), round(np.clip(y, -0.2 * patch.shape[0], height - 0.8 * patch.shape[0]))


def paste_faded(base: Made, bgr: Pixels, area: Box, longest: float, rng: Random, phone: Box | None) -> None:
    left, top, right, bottom = (round(x) for x in area)
    part = bgr[top:bottom, left:right]
    if min(part.shape[:2]) < 6:
        return
    scale = min(1.5, max(5.0, longest) / max(part.shape[:2]))
    if rng.random() < 0.5:
        part = part[:, ::-1]
    small = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    if min(small.shape[:2]) < 4:
        return
    alpha = np.zeros(small.shape[:2], np.float32)
    edge = max(1, round(min(small.shape[:2]) * 0.06))
    alpha[edge:-edge, edge:-edge] = 255
    alpha = cv2.GaussianBlur(alpha, (0, 0), edge * 0.6)
    patch = np.dstack([small, alpha.astype(np.uint8)]).astype(np.uint8)
    where = anywhere((base.bgr.shape[1], base.bgr.shape[0]), patch, rng)
    pasted(base, patch, where, False, light=rng.uniform(0.0, 0.6))
    if phone is not None:
        inner = [(phone[i] - (left, top)[i % 2]) * scale for i in range(4)]
        if part.base is not None and part.strides[1] < 0:
            inner[0], inner[2] = small.shape[1] - inner[2], small.shape[1] - inner[0]
        box = (inner[0] + where[0], inner[1] + where[1], inner[2] + where[0], inner[3] + where[1])
        base.phones.append(clipped(box, (base.bgr.shape[1], base.bgr.shape[0])))


def fill_in(bgr: Pixels, area: tuple[int, int, int, int]) -> None:
    """Take what is in an area away: a smooth surface between its borders stays."""
    left, top, right, bottom = area
    mask = np.zeros(bgr.shape[:2], np.uint8)
    mask[top:bottom, left:right] = 255
    small = cv2.resize(bgr, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    few = cv2.resize(mask, (small.shape[1], small.shape[0]), interpolation=cv2.INTER_NEAREST)
    filled = cv2.inpaint(small, few, 3, cv2.INPAINT_TELEA)
    large = cv2.resize(filled, (bgr.shape[1], bgr.shape[0]), interpolation=cv2.INTER_LINEAR)
    bgr[top:bottom, left:right] = large[top:bottom, left:right]

"""What the learned second stage reads of a thing that was taken for a phone: numbers of its box and of its picture.

All of them come from one look: what the detector said, where the box is, and how the part of the picture in it looks.
They say nothing of who is in the picture. The list is `NAMES`, in this order; docs/phone-model.md explains each.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from detection.detectors.yolo import DetectedObject, area, overlap
from detection.frames.decode import Picture, Pixels

Floats = NDArray[np.float64]

PERSON = "person"
BINS = 8  # directions of edges, of 180 degrees
SIDE = 48  # pixels that the inside of a box is brought to before it is measured
CONTEXT = 0.3  # of the box's sides, added around it: what it lies on, or the hand that holds it
AT_BORDER = 0.01  # of the picture's sides
SAME = 0.3  # overlapping more than this, something else may be what is there
LEAST_SCORE = 1e-3

OF_BOX = ("score", "area", "length", "lying", "across", "down", "cut", "rival", "on_person")
OF_PICTURE = ("light", "contrast", "colour", "edges", "light_step", "colour_step")
OF_EDGES = tuple(f"edges_{number}" for number in range(BINS))
NAMES = (*OF_BOX, *OF_PICTURE, *OF_EDGES)


def features(picture: Picture, phone: DetectedObject, others: Sequence[DetectedObject]) -> Floats:
    """Return the numbers of one candidate, in the order of NAMES; `others` is what else was seen in the picture."""
    numbers = [*of_box(picture, phone, others), *of_picture(picture.bgr, phone)]
    return np.array(numbers, dtype=np.float64)


def of_box(picture: Picture, phone: DetectedObject, others: Sequence[DetectedObject]) -> list[float]:
    """Return what the detector said and where the box is; lengths are shares of the picture's."""
    wide, high = max(1.0, phone.right - phone.left), max(1.0, phone.bottom - phone.top)
    score = min(max(phone.score, LEAST_SCORE), 1 - LEAST_SCORE)
    edge_x, edge_y = AT_BORDER * picture.width, AT_BORDER * picture.height
    is_cut = phone.left <= edge_x or phone.top <= edge_y
    is_cut = is_cut or phone.right >= picture.width - edge_x or phone.bottom >= picture.height - edge_y
    rivals = [one.score for one in others if one.label != PERSON and overlap(one, phone) > SAME]
    return [
        math.log(score / (1 - score)),
        math.log(wide * high / (picture.width * picture.height)),
        math.log(max(wide, high) / min(wide, high)),
        math.log(wide / high),
        abs((phone.left + phone.right) / 2 / picture.width - 0.5),
        (phone.top + phone.bottom) / 2 / picture.height,
        float(is_cut),
        max(rivals, default=0.0),
        max((_share_inside(phone, one) for one in others if one.label == PERSON), default=0.0),
    ]


def of_picture(bgr: Pixels, phone: DetectedObject) -> list[float]:
    """Return light, colour and edges inside the box, what of them changes at its border, and where the edges run."""
    inside, around = part(bgr, phone, 0.0), part(bgr, phone, CONTEXT)
    light, contrast, colour = _look(inside)
    light_around, _, colour_around = _look(around)
    strength, directions = _edges(inside)
    return [light, contrast, colour, strength, light - light_around, colour - colour_around, *directions]


def part(bgr: Pixels, phone: DetectedObject, more: float) -> Pixels:
    """Return the inside of a box with a margin (share of its sides), as a square of SIDE pixels."""
    height, width = bgr.shape[:2]
    across, down = more * (phone.right - phone.left), more * (phone.bottom - phone.top)
    left, top = (int(min(max(0, place), most - 1)) for place, most in _corner(phone, across, down, width, height))
    right = max(left + 1, min(width, math.ceil(phone.right + across)))
    bottom = max(top + 1, min(height, math.ceil(phone.bottom + down)))
    return np.asarray(cv2.resize(bgr[top:bottom, left:right], (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def _corner(
    phone: DetectedObject, across: float, down: float, width: int, height: int
) -> tuple[tuple[float, int], tuple[float, int]]:
    return (phone.left - across, width), (phone.top - down, height)


def _look(bgr: Pixels) -> tuple[float, float, float]:
    """Return mean and deviation of the lightness, and the mean saturation, each 0 to 1."""
    hsv = cv2.cvtColor(bgr, cv2.COLOR_BGR2HSV)
    light = hsv[..., 2].astype(np.float64) / 255
    return float(light.mean()), float(light.std()), float(hsv[..., 1].mean()) / 255


def _edges(bgr: Pixels) -> tuple[float, list[float]]:
    """Return how strong edges are, and their shares by direction, from the strongest on, however it is turned."""
    gray = cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY).astype(np.float32) / 255
    across, down = cv2.Sobel(gray, cv2.CV_32F, 1, 0), cv2.Sobel(gray, cv2.CV_32F, 0, 1)
    strength = np.hypot(across, down)
    turned = np.mod(np.arctan2(down, across), np.pi) * (BINS / np.pi)
    found = np.bincount(turned.astype(np.intp).ravel() % BINS, weights=strength.ravel(), minlength=BINS)
    shares = found / found.sum() if found.sum() > 0 else np.full(BINS, 1 / BINS)
    return float(strength.mean()), [float(one) for one in np.roll(shares, -int(shares.argmax()))]


def _share_inside(phone: DetectedObject, person: DetectedObject) -> float:
    """Return which share of the phone's box lies within a person's."""
    wide = min(phone.right, person.right) - max(phone.left, person.left)
    high = min(phone.bottom, person.bottom) - max(phone.top, person.top)
    return max(0.0, wide) * max(0.0, high) / max(area(phone), 1.0)

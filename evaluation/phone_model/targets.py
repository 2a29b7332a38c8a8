"""What each cell of the model should say of a picture: phone, no phone, or nobody knows."""

import numpy as np
from numpy.typing import NDArray

from detection.detectors.yolo import Floats
from evaluation.phone_model.taps import Tapped

UNKNOWN = -1.0
INSIDE = 0.5  # share of a phone's box, from its middle, in which cells may stand for it
BEST = 6  # cells for each phone
LEAST_OVERLAP = 0.45  # of the box that a cell gives with the phone's, except for the phone's best cell
MAYBE = -2.5  # stock logit above which a cell outside all boxes is unknown where boxes are known to be missing


def targets(
    phones: Floats, unknown: Floats, tapped: Tapped, centres: Floats, strides: NDArray[np.int64], complete: bool
) -> Floats:
    """Return 1 for the cells that give a phone's box best, 0 where there is no phone, UNKNOWN in between."""
    aims = np.zeros(len(centres), np.float32)
    if not complete:
        aims[tapped.logits > MAYBE] = UNKNOWN
    for box in unknown:
        aims[inside(centres, box, 1.1)] = UNKNOWN
    for box in phones:
        aims[inside(centres, box, 1.0)] = UNKNOWN
    for box in phones:
        near = np.flatnonzero(inside(centres, box, INSIDE) | nearest(centres, strides, box))
        shares = overlaps(tapped.boxes[near].astype(np.float32), box)
        order = np.argsort(-shares)[:BEST]
        chosen = [place for place in order if shares[place] >= LEAST_OVERLAP] or list(order[:1])
        aims[near[chosen]] = 1.0
    return aims


def inside(centres: Floats, box: Floats, share: float) -> NDArray[np.bool_]:
    """Say which cells have their middle in a box made so many times as large."""
    middle, half = (box[:2] + box[2:]) / 2, (box[2:] - box[:2]) / 2 * share
    return np.asarray((np.abs(centres - middle) <= half).all(axis=1))


def nearest(centres: Floats, strides: NDArray[np.int64], box: Floats) -> NDArray[np.bool_]:
    """Say which cells are the nearest of each scale to a box's middle: a small phone has no middle of a cell in it."""
    distances = np.abs(centres - (box[:2] + box[2:]) / 2).max(axis=1)
    return np.asarray(distances <= strides / 2)


def overlaps(boxes: Floats, box: Floats) -> Floats:
    """Return for each box the area it has in common with the one, as a share of what both cover."""
    sides = np.minimum(boxes[:, 2:], box[2:]) - np.maximum(boxes[:, :2], box[:2])
    common = sides.clip(0).prod(axis=1)
    areas = (boxes[:, 2:] - boxes[:, :2]).clip(0).prod(axis=1) + (box[2:] - box[:2]).prod()
    return np.asarray(common / np.maximum(areas - common, 1e-6), np.float32)

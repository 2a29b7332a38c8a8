"""Spares the heavy detectors an unchanged picture: what was seen in it a moment ago still holds, and is said again.

Everything is compared with the picture that a detector really analysed, never with the one before: what changes
slowly adds up until it is seen.
"""

import zlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from core.types import Frame, ObservationKind
from detection.detectors.base import Context, Detector, Findings, Values
from detection.frames.decode import Glance, Pixels
from detection.frames.frameops import change
from detection.measures.channels import WEBCAM

# Compared are glances of about 40 x 30, each pixel the mean of 8 x 8 of a picture 320 wide. Measured at JPEG quality
# 60: a sensor's noise, up to a standard deviation of 14 grey levels, moves no tile of 4 x 4 by more than 1.3, no pixel
# by more than 12, and the whole picture by 0.1. A dark phone 5 % of the picture wide moves a tile by 8 at least.
TILE_FROM = 4.0  # grey levels
PIXEL_FROM = 12  # grey levels
SHARE_FROM = 0.005  # of the pixels
DRIFT_FROM = 2.0  # grey levels of the mean: the light changes

# Seconds for which a result may be said again; what is not listed is analysed whenever its turn comes. Eyes and lips
# move less than the gate can see, so what speaks of them ages sooner.
LONGEST: Mapping[ObservationKind, float] = {
    ObservationKind.FACES: 5.0,
    ObservationKind.PICTURE: 5.0,
    ObservationKind.OBJECTS: 6.0,
    ObservationKind.LANDMARKS: 2.0,
}
# What happens inside the student's own face hides no object: lips and eyes move all the time, and whoever holds
# something before the face has a hand and an arm beside it.
BESIDE_FACE = frozenset({ObservationKind.OBJECTS})
MOST_FACE = 0.25  # of the picture; a larger face leaves too little beside it
SAME_PLACE = 0.6  # share that two boxes of one face have in common, of all that both cover
SPREAD = 0.2  # share by which the limit differs from student to student, lest a calm room ages in the same second
MOST_PLACES = 384  # participants' channels remembered, up to three of each: about 8 MB


Box = tuple[int, int, int, int]
"""Left, top, width and height in pixels of the picture."""


class Look(NamedTuple):
    """What one detector saw when it last looked, and at what."""

    glance: Glance
    at: float
    context: Context
    values: Values
    face: Box | None = None
    """The one face in the picture, where there was exactly one."""


Place = tuple[str, str]


class Gate:
    """Remembers the last full look of each detector at each participant; the longest unused are forgotten."""

    def __init__(self, most: int = MOST_PLACES) -> None:
        self._most = most
        self._looks: OrderedDict[Place, dict[str, Look]] = OrderedDict()
        self.reused = 0

    def recall(self, detector: Detector, frame: Frame, glance: Glance, context: Context) -> Values | None:
        """Return what the detector saw last, marked as reused, or None when it has to look itself.

        {"reused": True, "age": seconds} are added to what was seen.
        """
        look = self._current(detector, frame, context)
        return None if look is None or is_changed(glance, look.glance) else self._again(look, frame)

    def recall_beside_face(
        self, detector: Detector, frame: Frame, glance: Glance, context: Context, found: Findings
    ) -> Values | None:
        """Return the same also where something changed, but only inside the one face that is `found` in its place."""
        if detector.kind not in BESIDE_FACE or frame.channel != WEBCAM:
            return None
        look, face = self._current(detector, frame, context), only_face(found)
        if look is None or look.face is None or face is None:
            return None
        is_same = is_in_place(face, look.face) and face[2] * face[3] <= MOST_FACE * glance.width * glance.height
        if not is_same or is_changed_beside(glance, look.glance, common(face, look.face)):
            return None
        return self._again(look, frame)

    def keep(
        self, detector: Detector, frame: Frame, glance: Glance, context: Context, values: Values, found: Findings
    ) -> None:
        """Remember what the detector saw in a full look, and the face that was `found` in it."""
        if detector.kind not in LONGEST:
            return
        place = frame.participant, frame.channel
        look = Look(glance, frame.received_at, context, values, only_face(found))
        self._looks.setdefault(place, {})[detector.name] = look
        self._looks.move_to_end(place)
        while len(self._looks) > self._most:
            self._looks.popitem(last=False)

    def _current(self, detector: Detector, frame: Frame, context: Context) -> Look | None:
        """Return the last look if it is not too old, and was told the same."""
        look = self._looks.get((frame.participant, frame.channel), {}).get(detector.name)
        limit = LONGEST.get(detector.kind, 0.0) * (1 - SPREAD * share_of(frame.participant))
        if look is None or not 0 <= frame.received_at - look.at < limit or look.context != context:
            return None
        return look

    def _again(self, look: Look, frame: Frame) -> Values:
        self.reused += 1
        return {**look.values, "reused": True, "age": round(frame.received_at - look.at, 2)}

    def places(self) -> int:
        """Return how many participants' channels are remembered."""
        return len(self._looks)


def is_changed(now: Glance, before: Glance, share_from: float = SHARE_FROM) -> bool:
    """Say whether anything in the picture differs by more than a sensor's noise, or its size."""
    if now[:2] != before[:2] or now.gray.shape != before.gray.shape:
        return True
    mean, tile, share = change(now.gray, before.gray, PIXEL_FROM)
    return tile >= TILE_FROM or share >= share_from or abs(mean) >= DRIFT_FROM


def is_changed_beside(now: Glance, before: Glance, face: Box) -> bool:
    """Say whether a thing may have come or gone outside a face.

    A thing is a tile that changed. Single pixels along the edges of a body that sways are none: of two people at a desk
    they opened the gate for one look in four.
    """
    if now[:2] != before[:2] or now.gray.shape != before.gray.shape:
        return True
    left, top, wide, high = (round(side * now.gray.shape[1] / now.width) for side in face)
    hidden: Pixels = now.gray.copy()
    inside = np.s_[top : top + high, left : left + wide]
    hidden[inside] = before.gray[inside]
    return is_changed(now._replace(gray=hidden), before, share_from=1.1)


def only_face(found: Findings) -> Box | None:
    """Return the one face of a picture, None where there is none, or more."""
    boxes: Sequence[Sequence[int]] = found.get(ObservationKind.FACES, {}).get("boxes") or ()
    if len(boxes) != 1:
        return None
    left, top, width, height = boxes[0]
    return max(0, left), max(0, top), width, height


def common(one: Box, other: Box) -> Box:
    """Return what two boxes have in common; without width or height where that is nothing."""
    left, top = max(one[0], other[0]), max(one[1], other[1])
    right, bottom = min(one[0] + one[2], other[0] + other[2]), min(one[1] + one[3], other[1] + other[3])
    return left, top, max(0, right - left), max(0, bottom - top)


def is_in_place(one: Box, other: Box) -> bool:
    """Say whether two boxes are of a face that has hardly moved."""
    _, _, width, height = common(one, other)
    both = one[2] * one[3] + other[2] * other[3] - width * height
    return both > 0 and width * height / both >= SAME_PLACE


def share_of(participant: str) -> float:
    """Return a number from 0 to 1 that is always the same for one participant and evenly spread over many."""
    return zlib.crc32(participant.encode()) / 0xFFFFFFFF

"""Spares the heavy detectors an unchanged picture: what was seen in it a moment ago still holds, and is said again.

Everything is compared with the picture that a detector really analysed, never with the one before: what changes
slowly adds up until it is seen.
"""

import zlib
from collections import OrderedDict
from collections.abc import Mapping
from typing import NamedTuple

from core.types import Frame, ObservationKind
from detection.detectors.base import Context, Detector, Values
from detection.frames.decode import Glance
from detection.frames.frameops import change

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
SPREAD = 0.2  # share by which the limit differs from student to student, lest a calm room ages in the same second
MOST_PLACES = 384  # participants' channels remembered, up to three of each: about 8 MB


class Look(NamedTuple):
    """What one detector saw when it last looked, and at what."""

    glance: Glance
    at: float
    context: Context
    values: Values


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
        look = self._looks.get((frame.participant, frame.channel), {}).get(detector.name)
        limit = LONGEST.get(detector.kind, 0.0) * (1 - SPREAD * share_of(frame.participant))
        if look is None or not 0 <= frame.received_at - look.at < limit:
            return None
        if look.context != context or is_changed(glance, look.glance):
            return None
        self.reused += 1
        return {**look.values, "reused": True, "age": round(frame.received_at - look.at, 2)}

    def keep(self, detector: Detector, frame: Frame, glance: Glance, context: Context, values: Values) -> None:
        """Remember what the detector saw in a full look."""
        if detector.kind not in LONGEST:
            return
        place = frame.participant, frame.channel
        self._looks.setdefault(place, {})[detector.name] = Look(glance, frame.received_at, context, values)
        self._looks.move_to_end(place)
        while len(self._looks) > self._most:
            self._looks.popitem(last=False)

    def places(self) -> int:
        """Return how many participants' channels are remembered."""
        return len(self._looks)


def is_changed(now: Glance, before: Glance) -> bool:
    """Say whether anything in the picture differs by more than a sensor's noise, or its size."""
    if now[:2] != before[:2] or now.gray.shape != before.gray.shape:
        return True
    mean, tile, share = change(now.gray, before.gray, PIXEL_FROM)
    return tile >= TILE_FROM or share >= SHARE_FROM or abs(mean) >= DRIFT_FROM


def share_of(participant: str) -> float:
    """Return a number from 0 to 1 that is always the same for one participant and evenly spread over many."""
    return zlib.crc32(participant.encode()) / 0xFFFFFFFF

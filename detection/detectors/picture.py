"""Whether a picture can be judged at all: too dark, too bright, blurred, covered. Cannot see is not guilty.

A frozen picture takes more than one frame to notice: `fingerprint` lets the judge compare over time.
"""

from typing import ClassVar

from core.types import ObservationKind, PictureState
from detection.detectors.base import Context, Findings, Values, WithoutModel
from detection.frames.decode import Picture
from detection.frames.frameops import PictureStats, picture_stats
from detection.measures.stillness import face_cells

# Measured on 259 labelled webcam-like pictures at 160 pixels wide, and on the same made darker, brighter and blurred.
# Beside each limit stands the real picture nearest to it.
DARK_BELOW = 48.0  # mean + 2 standard deviations, grey levels: nearly every pixel is darker (86: a dim, empty room)
# Without a face the brightest picture has 0.17; portraits on white reach 0.69, but there the face decides.
OVEREXPOSED_FROM = 0.4  # share of pixels at 245 or more
FLAT_BELOW = 16.0  # standard deviation of grey levels (29: a dim, empty room; 33: a bare wall)
FLAT_SHARPNESS_BELOW = 40.0  # variance of the Laplacian (138: a dim, empty room)
BLURRED_BELOW = 0.02  # variance of the Laplacian / variance of the grey levels (0.06: a soft, near portrait)


class PictureDetector(WithoutModel):
    """State, light, sharpness and fingerprint of a picture; a face that was found settles that it can be judged."""

    name: ClassVar[str] = "picture"
    kind: ClassVar[ObservationKind] = ObservationKind.PICTURE
    every: ClassVar[float] = 0.0

    def look(self, picture: Picture, found: Findings, context: Context) -> Values:
        """Return {"state", "luminance", "blur", "contrast", "dark", "bright", "fingerprint", "cells"}.

        luminance 0 to 255; blur = variance of the Laplacian (low is blurred); contrast = standard deviation; dark and
        bright = shares of clipped pixels; fingerprint = a coarse hash, few of its 64 bits apart for a near repeat, then
        a checksum: the whole is equal for an exact repeat alone; cells = the one face (stillness.py), or None.
        """
        stats = picture_stats(picture.small_gray)
        faces = found.get(ObservationKind.FACES, {})
        seen, boxes = faces.get("count", 0) > 0, list(faces.get("boxes") or [])
        return {
            "state": PictureState.OK if seen else state_of(stats),
            "luminance": round(stats.mean, 1),
            "blur": round(stats.sharpness, 1),
            "contrast": round(stats.variance**0.5, 1),
            "dark": round(stats.dark, 3),
            "bright": round(stats.bright, 3),
            "fingerprint": picture.fingerprint,
            "cells": face_cells(picture.tiny, boxes[0], picture.width) if len(boxes) == 1 else None,
        }


def state_of(stats: PictureStats) -> PictureState:
    """Return the first reason why nothing can be made out in a picture without a face, else OK."""
    deviation = stats.variance**0.5
    if stats.mean + 2 * deviation < DARK_BELOW:
        return PictureState.DARK
    if stats.bright >= OVEREXPOSED_FROM:
        return PictureState.OVEREXPOSED
    if deviation < FLAT_BELOW and stats.sharpness < FLAT_SHARPNESS_BELOW:
        return PictureState.COVERED
    if stats.sharpness < BLURRED_BELOW * stats.variance:
        return PictureState.BLURRED
    return PictureState.OK

"""Whether a camera that stands in a room was moved: real rooms in other light, with visitors, and seen otherwise."""

from collections.abc import Callable, Mapping
from pathlib import Path

import cv2
import numpy as np

from detection.detectors.scene import signature
from detection.frames.decode import Pixels, decode
from detection.measures.scenes import still_there
from detection.rules.camera_moved import LEAST_STILL
from evaluation.figures.intervals import share
from evaluation.figures.labelled_data import rows
from evaluation.figures.section import Section

LARGE, SEEN = (960, 720), (720, 540)  # pixels: a room, and the middle of it that the camera sees
NOISE, QUALITY = 4.0, 60
STANDING_HIGH = 0.85  # of the picture: how tall a visitor is

Change = Callable[[Pixels, Pixels], Pixels]
"""Makes the later picture of a room, with another picture at hand."""


def view(room: Pixels, shift: float = 0.0, turn: float = 0.0, zoom: float = 1.0) -> Pixels:
    """Return what the camera sees, shifted by a share of its width, turned by degrees, nearer."""
    middle = LARGE[0] / 2, LARGE[1] / 2
    turned = cv2.warpAffine(room, cv2.getRotationMatrix2D(middle, turn, zoom), LARGE, borderMode=cv2.BORDER_REFLECT)
    left, top = (LARGE[0] - SEEN[0]) // 2 + round(shift * SEEN[0]), (LARGE[1] - SEEN[1]) // 2
    return np.asarray(turned[top : top + SEEN[1], left : left + SEEN[0]], dtype=np.uint8)


def with_visitor(seen: Pixels, other: Pixels, wide: float) -> Pixels:
    """Return the picture with the middle of another one before it, so much of the width wide."""
    width, height = round(wide * SEEN[0]), round(STANDING_HIGH * SEEN[1])
    quarter = other.shape[1] // 4
    visitor = cv2.resize(other[:, quarter : 3 * quarter], (width, height))
    filled = seen.copy()
    filled[SEEN[1] - height :, 40 : 40 + width] = visitor
    return filled


def lit(seen: Pixels, gamma: float, slope: float = 0.0) -> Pixels:
    """Return the picture in other light, and in more of it on one side."""
    side = np.linspace(1 - slope, 1 + slope, SEEN[0])[None, :, None]
    return np.clip(255 * (seen / 255) ** gamma * side, 0, 255).astype(np.uint8)


STAYED: Mapping[str, Change] = {
    "darker (gamma 1.6)": lambda room, _: lit(view(room), 1.6),
    "lighter (gamma 0.6)": lambda room, _: lit(view(room), 0.6),
    "a lamp on one side": lambda room, _: lit(view(room), 1.0, 0.5),
    "a visitor, 20 % of the width": lambda room, other: with_visitor(view(room), other, 0.2),
    "a visitor, 35 % of the width": lambda room, other: with_visitor(view(room), other, 0.35),
}
MOVED: Mapping[str, Change] = {
    "shifted by 3 %": lambda room, _: view(room, 0.03),
    "shifted by 6 %": lambda room, _: view(room, 0.06),
    "shifted by 10 %": lambda room, _: view(room, 0.1),
    "shifted by 15 %": lambda room, _: view(room, 0.15),
    "turned by 5 degrees": lambda room, _: view(room, turn=5),
    "turned by 10 degrees": lambda room, _: view(room, turn=10),
    "another room": lambda _, other: view(other),
}


def measure(media: Path) -> Section:
    """Measure how many rooms are called another scene after each change."""
    section = Section("Phones' cameras: was it moved?", ("", "called another scene", "rooms"))
    rooms = [row for row in rows(media, "phone") if row.more.get("kind") != "closeup"]
    if not rooms:
        return section
    large = [np.asarray(cv2.resize(decode(row.still().jpeg).bgr, LARGE), dtype=np.uint8) for row in rooms]
    section.note = (
        "By the picture alone, one look each; the rule wants four of five, and where the phone has a motion sensor that"
        " it was touched. Shares of the picture's width; a phone sees about 70 degrees, 10 % are 7 of them."
    )
    counts = {name: _called(large, change) for name, change in {**STAYED, **MOVED}.items()}
    section.rows = [[name, str(share(said, len(rooms))), len(rooms)] for name, said in counts.items()]
    wrong = sum(counts[name] for name in STAYED)
    section.figures["camera that stayed: called moved"] = share(wrong, len(rooms) * len(STAYED))
    section.figures["camera shifted by 15 %: called moved"] = share(counts["shifted by 15 %"], len(rooms))
    return section


def _called(rooms: list[Pixels], change: Change) -> int:
    chance = np.random.default_rng(7)
    called = 0
    for number, room in enumerate(rooms):
        other = rooms[(number + 7) % len(rooms)]
        before, now = _taken(view(room), chance), _taken(change(room, other), chance)
        still = still_there(before, now)
        called += still is not None and still < LEAST_STILL
    return called


def _taken(bgr: Pixels, chance: np.random.Generator) -> list[int]:
    """Return the signature of a picture as a phone sends it."""
    small = cv2.resize(bgr, (640, 480), interpolation=cv2.INTER_AREA)
    noisy = np.clip(small + chance.normal(0, NOISE, small.shape), 0, 255).astype(np.uint8)
    jpeg = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()
    return signature(decode(jpeg).small_gray)

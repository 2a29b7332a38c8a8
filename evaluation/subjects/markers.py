"""How small the code of the exam page may be for a phone's camera: codes put into real pictures, sent as phones send.

python -m evaluation.subjects.markers [--media FOLDER]
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from detection.detectors.markers import MarkerDetector
from detection.frames.decode import decode
from detection.measures.markers import CODES, WHOLE, cells
from detection.models.shelf import ModelShelf
from evaluation.figures.report import table

SHARED = Path(__file__).resolve().parent.parent.parent.parent / "shared" / "media"
SIDES = (12, 14, 16, 18, 20, 24, 28, 32, 40, 48)  # pixels of the dark square in the picture
ANGLES = (0.0, 20.0, 40.0)  # degrees that the screen is turned away
QUALITIES = (50, 70)
BLURS = (0.0, 0.7, 1.2)  # sigma in pixels of the picture
WIDTH, HEIGHT = 640, 480
DRAWN = 20  # pixels of one square before it is put into the picture
PAGE, INK = 235, 40  # grey levels of a screen's light and dark in a picture that is exposed for the room
FINE = 8  # times as large the code is drawn before it is made small
NOISE = 4.0  # standard deviation of the sensor's noise in grey levels

Pixels = NDArray[np.uint8]


class Sight(NamedTuple):
    """One picture with one code in it, and what was done to it."""

    jpeg: bytes
    number: int
    side: int
    angle: float
    blur: float
    quality: int


def drawn(number: int) -> Pixels:
    """Return a code as the page draws it, two squares of light around it."""
    dark = np.pad(np.array(cells(number), dtype=np.uint8), 2)
    grey = np.where(dark, INK, PAGE).astype(np.uint8)
    return np.asarray(np.kron(grey, np.ones((DRAWN, DRAWN), np.uint8)), dtype=np.uint8)


def put(background: Pixels, number: int, side: int, angle: float, turn: float, at: tuple[int, int]) -> Pixels:
    """Return the picture (height, width, 3) with a code of so many pixels in it, the screen turned by both angles."""
    code = drawn(number)
    size = code.shape[0]
    scale = side / (WHOLE * DRAWN)
    half = size / 2
    corners = np.array([[-half, -half], [half, -half], [half, half], [-half, half]])
    tilt, roll = np.radians(angle), np.radians(turn)
    depth = 1.0 + corners[:, 0] * np.sin(tilt) / (4 * size)  # nearer on one side, as from three widths away
    flat = np.stack([corners[:, 0] * np.cos(tilt), corners[:, 1]], 1) / depth[:, None] * scale
    rolled = flat @ np.array([[np.cos(roll), np.sin(roll)], [-np.sin(roll), np.cos(roll)]])
    place = (rolled + np.array(at)).astype(np.float32)
    source = np.array([[0, 0], [size, 0], [size, size], [0, size]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, place)
    left, top = np.maximum(0, np.floor(place.min(axis=0))).astype(int)
    right, bottom = np.minimum(background.shape[1::-1], np.ceil(place.max(axis=0))).astype(int)
    shape = right - left, bottom - top
    # drawn large and made smaller at once, as a lens does: each pixel is the mean of what falls on it
    bigger = np.diag([FINE, FINE, 1.0]) @ np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1.0]]) @ matrix
    canvas = shape[0] * FINE, shape[1] * FINE
    ink = cv2.warpPerspective(code, bigger, canvas)
    mask = cv2.warpPerspective(np.full_like(code, 255), bigger, canvas)
    share, grey = (cv2.resize(one, shape, interpolation=cv2.INTER_AREA)[..., None] for one in (mask, ink))
    whole = background.copy()
    part = whole[top:bottom, left:right]
    whole[top:bottom, left:right] = np.clip(part * (1 - share / 255.0) + grey, 0, 255).astype(np.uint8)
    return whole


def seen(rgb: Pixels, blur: float, quality: int, rng: np.random.Generator) -> bytes:
    """Return the picture as a phone sends it: out of focus, with noise, as JPEG."""
    soft = cv2.GaussianBlur(rgb, (0, 0), blur) if blur else rgb
    noisy = np.clip(soft + rng.normal(0, NOISE, rgb.shape), 0, 255).astype(np.uint8)
    return cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def backgrounds(media: Path) -> list[Pixels]:
    """Return desks as a phone sees them, 640 x 480."""
    wanted = [
        line.split(",")[0]
        for line in (media / "phone" / "labels.csv").read_text(encoding="utf-8").splitlines()
        if line.split(",")[3] in ("desk", "desk_view")
    ]
    pictures = [cv2.imread(str(media / "phone" / name)) for name in wanted]
    return [np.asarray(cv2.resize(p, (WIDTH, HEIGHT)), dtype=np.uint8) for p in pictures if p is not None]


def sights(media: Path, sides: tuple[int, ...] = SIDES) -> Iterator[Sight]:
    """Yield a picture for each side, angle, blur and quality on each of the desks."""
    rng = np.random.default_rng(7)
    desks = backgrounds(media)
    for side in sides:
        for angle in ANGLES:
            for blur in BLURS:
                for quality in QUALITIES:
                    for desk in desks[::2]:
                        number = int(rng.integers(len(CODES)))
                        at = int(rng.integers(120, WIDTH - 120)), int(rng.integers(100, HEIGHT - 100))
                        rgb = put(desk, number, side, angle, float(rng.uniform(-15, 15)), at)
                        yield Sight(seen(rgb, blur, quality, rng), number, side, angle, blur, quality)


def measure(detector: Any, media: Path, sides: tuple[int, ...] = SIDES) -> tuple[list[list[object]], int, float]:
    """Return a row for each side (shares read at each blur and angle), wrong codes, and milliseconds of a look."""
    found: dict[tuple[int, float, float], list[bool]] = {}
    wrong, spent, looks = 0, 0.0, 0
    for sight in sights(media, sides):
        picture = decode(sight.jpeg)
        start = time.process_time()
        ids = detector.look(picture, {}, {})["ids"]
        spent += time.process_time() - start
        looks += 1
        wrong += sum(one != sight.number for one in ids)
        found.setdefault((sight.side, sight.blur, sight.angle), []).append(sight.number in ids)
    rows: list[list[object]] = []
    for side in sides:
        cells_of = [found[side, blur, angle] for blur in BLURS for angle in ANGLES]
        rows.append([side, *(f"{np.mean(one):.2f}" for one in cells_of)])
    return rows, wrong, 1000 * spent / looks


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--media", type=Path, default=SHARED)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    detector = MarkerDetector(ModelShelf(Path("var/models")))
    detector.load()
    rows, wrong, ms = measure(detector, given.media)
    head = ["side (px)", *(f"blur {blur:g}, {angle:g}°" for blur in BLURS for angle in ANGLES)]
    print(table(head, rows))
    print(f"wrong codes: {wrong}; one look: {ms:.1f} ms")


if __name__ == "__main__":
    main()

"""Draws people and rooms: faces that face detectors find, and rooms in which they find none."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Canvas = npt.NDArray[np.float32]
"""Height x width x 4: blue, green, red (0-255, multiplied by coverage) and coverage 0-1."""
Pixels = npt.NDArray[np.uint8]
Colour = tuple[float, float, float]
"""Blue, green, red, each 0-255, as OpenCV orders them."""
Mask = npt.NDArray[np.uint8]

SKINS: Sequence[Colour] = ((150, 175, 220), (90, 120, 170), (165, 190, 232), (70, 95, 140), (120, 150, 200))
HAIRS: Sequence[Colour] = ((30, 40, 60), (15, 15, 20), (60, 100, 150), (40, 45, 110), (120, 125, 130))
SHIRTS: Sequence[Colour] = ((120, 80, 50), (60, 110, 60), (70, 60, 150), (150, 140, 60), (90, 90, 95), (60, 130, 190))
WALLS: Sequence[Colour] = ((205, 200, 190), (170, 190, 200), (190, 205, 180), (160, 175, 205), (200, 180, 175))
BOOKS: Sequence[Colour] = ((60, 70, 170), (150, 90, 50), (70, 140, 80), (40, 60, 90), (180, 170, 160), (90, 60, 120))
WOOD: Colour = (60, 90, 130)
WHITE, BLACK, LIPS = (232, 228, 225), (12, 12, 12), (95, 95, 175)


@dataclass(frozen=True)
class Looks:
    """What one drawn person looks like."""

    skin: Colour
    hair: Colour
    shirt: Colour


def looks_of(number: int) -> Looks:
    """Return the looks of the person with this number; neighbours differ in everything."""
    return Looks(SKINS[number % 5], HAIRS[(2 * number) % 5], SHIRTS[number % 6])


def draw_person(width: int, height: int, centre: tuple[float, float], size: float, looks: Looks) -> Canvas:
    """Draw a person seen from the front on nothing; `size` is about half a face's height in pixels."""
    pen = Pen(width, height, centre, size)
    _draw_body(pen, looks)
    _draw_head(pen, looks)
    for side in (-1, 1):
        _draw_eye(pen, looks, side)
    _draw_nose(pen, looks)
    _draw_mouth(pen, looks)
    return pen.canvas


def draw_room(width: int, height: int, number: int) -> Pixels:
    """Draw a wall with light from one side, a shelf of books and a picture on it."""
    rng = np.random.default_rng(number)
    light = np.linspace(1.08, 0.78, width, dtype=np.float32)[None, :, None]
    room = np.clip(np.array(WALLS[number % 5]) * light * np.ones((height, 1, 1)), 0, 255).astype(np.uint8)
    left = int(width * (0.04 if number % 2 else 0.62))
    for board in (0.26, 0.48):
        _draw_books(room, rng, left, int(height * board))
    frame = int(width * (0.72 if number % 2 else 0.08)), int(height * 0.1)
    corner = frame[0] + width // 6, frame[1] + height // 5
    cv2.rectangle(room, frame, corner, (70, 110, 150), -1)
    cv2.rectangle(room, (frame[0] + 8, frame[1] + 8), (corner[0] - 8, corner[1] - 8), (170, 150, 110), -1)
    return room


def _draw_books(room: Pixels, rng: np.random.Generator, left: int, bottom: int) -> None:
    height, width = room.shape[:2]
    right, x = left + width // 3, left
    while x < right - width // 24:
        thick, tall = int(rng.integers(width // 60, width // 30)), int(rng.integers(height // 10, height // 6))
        cv2.rectangle(room, (x, bottom - tall), (x + thick - 2, bottom), BOOKS[int(rng.integers(6))], -1)
        x += thick
    cv2.rectangle(room, (left - 5, bottom), (right, bottom + 6), WOOD, -1)


class Pen:
    """Paints soft shapes, placed in units of the face's size around its centre: x to the right, y down."""

    def __init__(self, width: int, height: int, centre: tuple[float, float], size: float) -> None:
        self.canvas: Canvas = np.zeros((height, width, 4), np.float32)
        self._centre, self._size = centre, size

    def ellipse(self, x: float, y: float, wide: float, high: float) -> Mask:
        """Return the shape of an ellipse."""
        mask = self._nothing()
        axes = max(1, round(wide * self._size)), max(1, round(high * self._size))
        cv2.ellipse(mask, self._place(x, y), axes, 0, 0, 360, 255, -1, cv2.LINE_AA)
        return mask

    def polygon(self, *corners: tuple[float, float]) -> Mask:
        """Return the shape of a polygon."""
        mask = self._nothing()
        cv2.fillPoly(mask, [np.array([self._place(x, y) for x, y in corners], np.int32)], 255, cv2.LINE_AA)
        return mask

    def arc(self, x: float, y: float, wide: float, high: float, angles: tuple[int, int], thick: float) -> Mask:
        """Return the shape of a part of an ellipse's line, angles in degrees clockwise from the right."""
        mask = self._nothing()
        axes, line = (round(wide * self._size), round(high * self._size)), max(1, round(thick * self._size))
        cv2.ellipse(mask, self._place(x, y), axes, 0, *angles, 255, line, cv2.LINE_AA)
        return mask

    def paint(self, mask: Mask, colour: Colour, blur: float = 0.02, strength: float = 1.0) -> None:
        """Lay a colour over what is there; `blur` in units of the face's size, `strength` 0-1."""
        sigma = max(0.6, blur * self._size)
        left, top, wide, high = cv2.boundingRect(mask)
        pad = round(4 * sigma) + 1
        place = slice(max(0, top - pad), top + high + pad), slice(max(0, left - pad), left + wide + pad)
        cover = cv2.GaussianBlur(mask[place], (0, 0), sigma).astype(np.float32)
        cover = (cover * (strength / 255.0))[..., None]
        part = self.canvas[place]
        part *= 1 - cover
        part += np.array([*colour, 1.0], np.float32) * cover

    def _place(self, x: float, y: float) -> tuple[int, int]:
        return round(self._centre[0] + x * self._size), round(self._centre[1] + y * self._size)

    def _nothing(self) -> Mask:
        return np.zeros(self.canvas.shape[:2], np.uint8)


def shade(colour: Colour, factor: float) -> Colour:
    """Return a colour made darker (below 1) or lighter."""
    blue, green, red = (min(255.0, part * factor) for part in colour)
    return blue, green, red


def _draw_body(pen: Pen, looks: Looks) -> None:
    pen.paint(pen.ellipse(0, 3.0, 2.1, 1.6), looks.shirt)
    pen.paint(pen.polygon((-0.42, 0.6), (0.42, 0.6), (0.55, 1.7), (-0.55, 1.7)), shade(looks.skin, 0.8))


def _draw_head(pen: Pen, looks: Looks) -> None:
    skin = looks.skin
    pen.paint(pen.ellipse(0, -0.25, 0.98, 1.2), looks.hair)
    for side in (-1, 1):
        pen.paint(pen.ellipse(0.84 * side, 0.1, 0.14, 0.26), shade(skin, 0.85))
    whole = pen.ellipse(0, 0.02, 0.8, 1.08)
    pen.paint(whole, skin)
    pen.paint(cv2.subtract(whole, pen.ellipse(-0.05, -0.05, 0.6, 0.9)).astype(np.uint8), shade(skin, 0.72), 0.14, 0.7)
    pen.paint(pen.ellipse(-0.05, -0.5, 0.4, 0.22), shade(skin, 1.12), 0.12, 0.8)
    for side in (-1, 1):
        pen.paint(pen.ellipse(0.42 * side, 0.28, 0.2, 0.16), (skin[0], skin[1], min(255, skin[2] + 14)), 0.1, 0.7)
    fringe = cv2.subtract(pen.ellipse(0, -0.42, 0.9, 0.8), pen.ellipse(0.06, 0.12, 0.78, 0.95)).astype(np.uint8)
    pen.paint(fringe, looks.hair)
    pen.paint(pen.ellipse(0, 1.12, 0.5, 0.12), shade(skin, 0.5), 0.06, 0.5)


def _draw_eye(pen: Pen, looks: Looks, side: int) -> None:
    x, y = 0.34 * side, -0.1
    pen.paint(pen.ellipse(x, y - 0.02, 0.25, 0.17), shade(looks.skin, 0.62), 0.07, 0.75)
    pen.paint(pen.ellipse(x, y, 0.17, 0.085), WHITE)
    pen.paint(pen.ellipse(x, y, 0.085, 0.088), (45, 55, 70))
    pen.paint(pen.ellipse(x, y, 0.042, 0.045), BLACK)
    pen.paint(pen.ellipse(x - 0.03, y - 0.03, 0.02, 0.02), (255, 255, 255))
    pen.paint(pen.arc(x, y + 0.02, 0.19, 0.12, (190, 350), 0.035), (25, 25, 30))
    pen.paint(pen.arc(x, y - 0.1, 0.25, 0.15, (200, 340), 0.07), shade(looks.hair, 0.9), strength=0.9)


def _draw_nose(pen: Pen, looks: Looks) -> None:
    skin = looks.skin
    pen.paint(pen.polygon((-0.02, -0.1), (0.1, -0.05), (0.17, 0.3), (0.02, 0.34)), shade(skin, 0.7), 0.05, 0.6)
    pen.paint(pen.ellipse(-0.03, 0.2, 0.05, 0.2), shade(skin, 1.13), 0.05, 0.7)
    pen.paint(pen.ellipse(0, 0.33, 0.17, 0.07), shade(skin, 0.75), 0.03, 0.7)
    for side in (-1, 1):
        pen.paint(pen.ellipse(0.09 * side, 0.36, 0.045, 0.03), shade(skin, 0.35), strength=0.9)


def _draw_mouth(pen: Pen, looks: Looks) -> None:
    pen.paint(pen.ellipse(0, 0.62, 0.27, 0.1), LIPS)
    pen.paint(pen.arc(0, 0.57, 0.27, 0.07, (10, 170), 0.03), (45, 40, 90))
    pen.paint(pen.ellipse(0, 0.76, 0.16, 0.035), shade(looks.skin, 0.7), 0.03, 0.7)

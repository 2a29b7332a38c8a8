"""Webcam pictures of people who do not exist, and of everything that can go wrong in front of a camera."""

import enum
import math
import unicodedata

import cv2
import numpy as np

from simulation.drawing import Canvas, Pixels, draw_person, draw_room, looks_of

WIDTH, HEIGHT = 640, 480  # pixels of the camera
MARGIN = 160  # pixels of a person that are beyond the picture's edge, so that they can move
SLIDE_S = 1.0  # seconds that coming and going take
AWAY = 620.0  # pixels from the middle to where a person can no longer be seen
DARK = 0.02  # share of the light that is left in a dark room
NOISE = 4  # grey levels of a sensor's noise
SHIFTS = 128  # pixels by which the noise is moved about, each way: so seldom twice the same that nothing seems replayed
PALM = 62, 78, 128  # blue, green, red of a hand that lies on the lens


class Scene(enum.Enum):
    """What happens in front of the camera."""

    PRESENT = "present"
    ABSENT = "absent"
    SECOND_PERSON = "second person"
    COVERED = "covered"
    DARK = "dark"


class Grain:
    """A sensor's noise: it never gives the same picture twice, and a drawn one must not look frozen."""

    def __init__(self, number: int) -> None:
        self._rng = np.random.default_rng(number)
        self._noise = self._rng.integers(0, 2 * NOISE, (HEIGHT + SHIFTS, WIDTH + SHIFTS, 3), dtype=np.uint8)

    def over(self, picture: Pixels) -> Pixels:
        """Return the picture with noise."""
        x, y = (int(start) for start in self._rng.integers(0, SHIFTS, 2))
        return cv2.add(picture, self._noise[y : y + HEIGHT, x : x + WIDTH]).astype(np.uint8)


class Camera:
    """The camera of one drawn person, told apart by number and name; layers are drawn once and moved about."""

    def __init__(self, number: int, name: str) -> None:
        self._name = name
        self._phase = number * 1.7
        self._room = draw_room(WIDTH, HEIGHT, number)
        self._person = sprite(number, 84 + 4 * (number % 4))
        self._visitor = sprite(number + 3, 80)
        self._grain = Grain(number)

    def take(self, scene: Scene, moment: float, since: float = math.inf) -> Pixels:
        """Return the picture (blue, green, red) at a moment, `since` seconds after the scene began."""
        if scene is Scene.COVERED:
            return self._grain.over(np.full((HEIGHT, WIDTH, 3), PALM, np.uint8))
        picture = self._room.copy()
        gone = min(1.0, since / SLIDE_S)
        shift = AWAY * gone if scene is Scene.ABSENT else 105.0 * gone if scene is Scene.SECOND_PERSON else 0.0
        sway = 7 * math.sin(0.9 * moment + self._phase), 4 * math.sin(0.6 * moment + 2 * self._phase)
        lay(picture, self._person, shift + sway[0], sway[1])
        if scene is Scene.SECOND_PERSON:
            lay(picture, self._visitor, -140 - (1 - gone) * AWAY + sway[1], 12 + sway[0] / 3)
        self._write_name(picture)
        if scene is Scene.DARK:
            picture = cv2.convertScaleAbs(picture, alpha=DARK).astype(np.uint8)
        return self._grain.over(picture)

    def jpeg(
        self, scene: Scene, moment: float, since: float = math.inf, width: int = 320, quality: float = 0.6
    ) -> bytes:
        """Return the same as a JPEG of this width, its height in proportion, its quality from 0 to 1."""
        size = width, width * HEIGHT // WIDTH
        small = cv2.resize(self.take(scene, moment, since), size, interpolation=cv2.INTER_AREA)
        return encode(small.astype(np.uint8), quality)

    def _write_name(self, picture: Pixels) -> None:
        # OpenCV's own letters are ASCII: accents are left out; the tile's caption has the name as it is written.
        shown = unicodedata.normalize("NFKD", self._name).encode("ascii", "ignore").decode()
        wide = cv2.getTextSize(shown, cv2.FONT_HERSHEY_SIMPLEX, 0.8, 2)[0][0]
        place = max(14, (WIDTH - wide) // 2), HEIGHT - 16  # the page lays its signs over the corners
        cv2.putText(picture, shown, place, cv2.FONT_HERSHEY_SIMPLEX, 0.8, (30, 30, 30), 4, cv2.LINE_AA)
        cv2.putText(picture, shown, place, cv2.FONT_HERSHEY_SIMPLEX, 0.8, (240, 240, 240), 2, cv2.LINE_AA)


def encode(picture: Pixels, quality: float) -> bytes:
    """Return a picture as JPEG, quality from 0 to 1."""
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, round(100 * quality)])[1].tobytes()


def sprite(number: int, size: float, right: float = 0.0, down: float = -5.0) -> Canvas:
    """Draw a person to be laid over pictures, so many pixels from the middle."""
    wide, high = WIDTH + 2 * MARGIN, HEIGHT + 2 * MARGIN
    return draw_person(wide, high, (wide / 2 + right, high / 2 + down), size, looks_of(number))


def lay(picture: Pixels, sprite: Canvas, right: float, down: float) -> None:
    """Lay a person over a picture, moved from the middle by so many pixels."""
    dx, dy = round(right), round(max(-MARGIN, min(MARGIN, down)))
    left, top = MARGIN - dx, MARGIN - dy
    first, last = max(0, -left), min(WIDTH, sprite.shape[1] - left)
    if first >= last:
        return
    seen = sprite[top : top + HEIGHT, left + first : left + last]
    part = picture[:, first:last]
    part[:] = (part * (1 - seen[..., 3:]) + seen[..., :3]).astype(np.uint8)

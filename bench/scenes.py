"""Still scenes with a sensor's noise, things that happen in them, and the shared clips, as JPEGs once a second."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from simulation.drawing import Pixels
from simulation.pictures import Camera, Scene, encode

QUALITY = 0.6
NOISE = 4.0  # grey levels, standard deviation
CALM, AFTER = 6, 3  # looks before something happens, and while it lasts

Event = Callable[[Pixels], Pixels]


@dataclass(frozen=True)
class Story:
    """What one student's camera sends, a picture a second; `events` are the looks at which something has happened."""

    name: str
    jpegs: Sequence[bytes]
    events: Sequence[int] = ()


class Sensor:
    """Adds noise that is never twice the same, and sends what results."""

    def __init__(self, width: int, sigma: float = NOISE) -> None:
        self._width, self._sigma = width, sigma
        self._rng = np.random.default_rng(5)
        self._field = self._rng.normal(0, 1, (1160, 2000, 3)).astype(np.float32)

    def jpeg(self, bgr: Pixels) -> bytes:
        """Return the picture in the sensor's width, with noise, as a JPEG."""
        return encode(self.take(bgr), QUALITY)

    def take(self, bgr: Pixels) -> Pixels:
        """Return the picture in the sensor's width, with noise."""
        small = shrunk(bgr, self._width)
        y, x = (int(start) for start in self._rng.integers(0, 80, 2))
        noise = self._field[y : y + small.shape[0], x : x + small.shape[1]]
        return np.clip(small + self._sigma * noise, 0, 255).astype(np.uint8)


def shrunk(bgr: Pixels, width: int) -> Pixels:
    """Return the picture this wide, its height in proportion."""
    size = width, bgr.shape[0] * width // bgr.shape[1]
    return np.asarray(cv2.resize(bgr, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def frames_of(path: Path, every: float = 1.0, first: float = 0.0) -> list[Pixels]:
    """Return a clip's pictures, `every` so many seconds from `first` on."""
    clip = cv2.VideoCapture(str(path))
    rate, found = clip.get(cv2.CAP_PROP_FPS), list[Pixels]()
    while (read := clip.read())[0]:
        found.append(np.asarray(read[1], dtype=np.uint8))
    clip.release()
    places = np.arange(first * rate, len(found), every * rate)
    return [found[int(place)] for place in places]


def phone(height: float, width: float, level: int) -> Event:
    """Hold a flat thing into the picture; its size in shares of the picture's height and width."""

    def held(bgr: Pixels) -> Pixels:
        changed = bgr.copy()
        rows, columns = bgr.shape[:2]
        top, left = int(0.62 * rows), int(0.3 * columns)
        changed[top : top + int(height * rows), left : left + int(width * columns)] = level
        return changed

    return held


def light(factor: float) -> Event:
    """Make it darker or brighter, as a sensor clips."""
    return lambda bgr: np.clip(bgr * np.float32(factor), 0, 255).astype(np.uint8)


def visitor(face: Pixels) -> Event:
    """Let a second face look in at the side, a quarter of the picture's height tall."""

    def joined(bgr: Pixels) -> Pixels:
        changed = bgr.copy()
        side = bgr.shape[0] // 4
        changed[side : 2 * side, bgr.shape[1] - side :] = cv2.resize(face, (side, side))
        return changed

    return joined


def happenings(face: Pixels) -> Mapping[str, Event]:
    """Return what must be noticed, by name."""
    return {
        "phone raised": phone(0.2, 0.08, 20),
        "small phone raised": phone(0.11, 0.045, 20),
        "white phone raised": phone(0.15, 0.06, 235),
        "second person": visitor(face),
        "lights out": light(0.08),
        "one lamp out": light(0.7),
        "lens covered": lambda bgr: np.full_like(bgr, 60),
    }


def still_story(name: str, bgr: Pixels, sensor: Sensor, looks: int) -> Story:
    """Return a picture that stays the same for so many looks, but for noise."""
    return Story(name, [sensor.jpeg(bgr) for _ in range(looks)])


def event_stories(name: str, bgr: Pixels, face: Pixels, sensor: Sensor) -> Iterator[Story]:
    """Yield one story for each thing that happens in a still picture and ends again."""
    for what, event in happenings(face).items():
        after = event(bgr)
        shown = [bgr] * CALM + [after] * AFTER + [bgr] * AFTER
        yield Story(f"{name}: {what}", [sensor.jpeg(one) for one in shown], (CALM, CALM + AFTER))


def drawn_stories(width: int) -> Iterator[Story]:
    """Yield a drawn student who sits still, then leaves, is joined, covers the lens or sits in the dark."""
    for number in (1, 2):
        camera = Camera(number, "Ana")
        for scene in Scene:
            if scene is not Scene.PRESENT:
                shown = [Scene.PRESENT] * CALM + [scene] * AFTER + [Scene.PRESENT] * AFTER
                jpegs = [camera.jpeg(one, 0.0, width=width) for one in shown]
                yield Story(f"drawn {number}: {scene.value}", jpegs, (CALM, CALM + AFTER))


def clips(media: Path) -> list[tuple[Path, str]]:
    """Return the shared clips with their labels."""
    with (media / "clips" / "labels.csv").open(encoding="utf-8", newline="") as stream:
        return [(media / "clips" / row["file"], row["label"]) for row in csv.DictReader(stream)]

"""What a webcam might have shown: training pictures put together from labelled ones and drawn things."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import cv2
import numpy as np

from evaluation.phone_model import rendered
from evaluation.phone_model.drawing import Random, fingers, turned
from evaluation.phone_model.labelled import Example, Pixels, side
from evaluation.phone_model.moving import Made, anywhere, clipped, fill_in, grown, paste_faded, pasted, placed

CANVASES = (640, 480), (480, 360), (416, 312), (320, 240), (640, 360)
SKIN = (70.0, 110.0, 160.0), (110.0, 140.0, 190.0), (140.0, 170.0, 220.0), (50.0, 75.0, 110.0)
EMPTY = 0.2  # share of the phones that are taken away with nothing in their place
SMALL_SIDES = 10.0, 90.0  # longer sides of what is pasted, in pixels of a canvas 416 wide


class Album:
    """The labelled pictures, each read once, by whether a phone is in them."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.phones = [one for one in examples if one.phone and one.boxes]
        self.others = [one for one in examples if not one.phone]
        self._read: dict[Example, Pixels] = {}

    def pixels(self, example: Example) -> Pixels:
        """Return the picture of an example, not to be written to."""
        if example not in self._read:
            self._read[example] = example.pixels()
        return self._read[example]

    def any_phone(self, rng: Random) -> Made:
        """Return one picture with a phone."""
        return self.made(self.phones[int(rng.integers(len(self.phones)))])

    def any_other(self, rng: Random) -> Made:
        """Return one picture without a phone."""
        return self.made(self.others[int(rng.integers(len(self.others)))])

    def made(self, example: Example) -> Made:
        """Return an example as it is."""
        return Made(self.pixels(example).copy(), list(example.boxes), [], example.boxes_are_complete)


# ------------------------------------------------------------------------------------ kinds of pictures


def scene(album: Album, size: tuple[int, int], rng: Random, phone: bool | None = None) -> Made:
    """Return one labelled picture, nearer or farther, often turned a little."""
    with_phone = rng.random() < 0.6 if phone is None else phone
    made = album.any_phone(rng) if with_phone else album.any_other(rng)
    turn = rng.normal(0, 0.15) if rng.random() < 0.4 else 0.0
    scale = rng.uniform(0.7, 1.5) if rng.random() < 0.7 else rng.uniform(0.4, 0.8)
    return placed(made, size, scale, rng, turn)


def mosaic(album: Album, size: tuple[int, int], rng: Random) -> Made:
    """Return four pictures beside each other, so that phones are small in a true surrounding."""
    out = Made(np.zeros((size[1], size[0], 3), np.uint8))
    middle = [round(length * rng.uniform(0.3, 0.7)) for length in size]
    for x0, x1 in ((0, middle[0]), (middle[0], size[0])):
        for y0, y1 in ((0, middle[1]), (middle[1], size[1])):
            one = album.any_phone(rng) if rng.random() < 0.5 else album.any_other(rng)
            part = placed(one, (x1 - x0, y1 - y0), rng.uniform(0.8, 1.3), rng)
            out.bgr[y0:y1, x0:x1] = part.bgr
            for boxes, kept in ((part.phones, out.phones), (part.unknown, out.unknown)):
                kept += [(b[0] + x0, b[1] + y0, b[2] + x0, b[3] + y0) for b in boxes]
            out.complete &= part.complete or not part.phones
    return out


def collage(album: Album, size: tuple[int, int], rng: Random) -> Made:
    """Return a picture without a phone into which small phones and other things were put."""
    base = scene(album, size, rng, phone=False)
    for _ in range(int(rng.integers(1, 5))):
        what = rng.random()
        longest = np.exp(rng.uniform(*np.log(SMALL_SIDES))) * size[0] / 416
        if what < 0.45:
            _paste_drawn(base, rendered.other(rng), longest * 1.4, rng, phone=False)
        elif what < 0.6:
            _paste_drawn(base, rendered.phone(rng), longest, rng, phone=True)
        elif what < 0.9:
            _paste_cut_out(base, album, longest, rng)
        else:
            _paste_part(base, album, longest, rng)
    return base


def desk(album: Album, size: tuple[int, int], rng: Random) -> Made:
    """Return large drawn things, as somebody holds them before the camera or has them on the desk."""
    base = scene(album, size, rng, phone=False)
    for _ in range(int(rng.integers(1, 4))):
        longest = rng.uniform(0.15, 0.6) * size[0]
        is_phone = rng.random() < 0.2
        _paste_drawn(base, (rendered.phone if is_phone else rendered.other)(rng), longest, rng, is_phone)
    return base


def swapped(album: Album, size: tuple[int, int], rng: Random, empty: float = 0.0) -> Made:
    """Return a picture with a phone in whose place something else was drawn, or nothing for a share of them."""
    complete = [one for one in album.phones if one.boxes_are_complete and len(one.boxes) == 1] or album.phones
    made = album.made(complete[int(rng.integers(len(complete)))])
    height, width = made.bgr.shape[:2]
    for box in made.phones:
        left, top, right, bottom = (round(x) for x in clipped(grown(box, 0.08), (width, height)))
        fill_in(made.bgr, (left, top, right, bottom))
        if empty and rng.random() < empty:
            continue
        patch = rendered.other(rng)
        longest = max(right - left, bottom - top) * rng.uniform(0.9, 1.3)
        drawn = turned(fingers(patch, _skin(rng), rng), rng, longest)
        middle = (left + right - drawn.shape[1]) // 2, (top + bottom - drawn.shape[0]) // 2
        pasted(made, drawn, middle, phone=False, light=0.6)
    made.phones.clear()
    return placed(made, size, rng.uniform(0.7, 1.3), rng)


def taken_away(album: Album, size: tuple[int, int], rng: Random) -> Made:
    """Return the same, and now and then an empty hand."""
    return swapped(album, size, rng, EMPTY)


Kind = Callable[[Album, tuple[int, int], Random], Made]

MIXES: Mapping[str, Mapping[Kind, float]] = MappingProxyType(
    {
        "usual": {scene: 0.42, mosaic: 0.2, collage: 0.22, desk: 0.08, swapped: 0.08},
        "held": {scene: 0.34, mosaic: 0.14, collage: 0.2, desk: 0.12, taken_away: 0.2},
    }
)
"""Ways to make a picture, each with its share; in the second mix more things are held that are no phones."""


def make(album: Album, rng: Random, mix: str = "usual") -> Made:
    """Return one training picture as a webcam would send it."""
    size = CANVASES[int(rng.integers(len(CANVASES)))]
    kinds = list(MIXES[mix])
    kind = kinds[int(rng.choice(len(kinds), p=list(MIXES[mix].values())))]
    made = kind(album, size, rng)
    made.bgr = sent(made.bgr, rng)
    return made


def sent(bgr: Pixels, rng: Random) -> Pixels:
    """Return the picture in another light, out of focus, noisy and squeezed, as webcams and networks make it."""
    light = bgr * rng.uniform(0.85, 1.15, 3).astype(np.float32) ** np.float32(rng.random() < 0.5)
    strength = rng.uniform(0.25, 0.8) if rng.random() < 0.2 else rng.uniform(0.75, 1.25)
    light = np.clip(255 * (np.clip(light, 0, 255) / 255) ** rng.uniform(0.75, 1.35) * strength, 0, 255)
    if rng.random() < 0.3:
        light = cv2.GaussianBlur(light, (0, 0), rng.uniform(0.4, 1.6) * bgr.shape[1] / 640)
    if rng.random() < 0.4:
        light = light + rng.standard_normal(light.shape, np.float32) * np.float32(rng.uniform(1, 8))
    quality = int(rng.integers(40, 90))
    data = cv2.imencode(".jpg", np.clip(light, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


# ------------------------------------------------------------------------------------ what is pasted


def _skin(rng: Random) -> np.ndarray:
    return np.array(SKIN[int(rng.integers(len(SKIN)))])


def _paste_drawn(base: Made, patch: Pixels, longest: float, rng: Random, phone: bool) -> None:
    if rng.random() < 0.45:
        patch = fingers(patch, _skin(rng), rng)
    drawn = turned(patch, rng, longest)
    size = base.bgr.shape[1], base.bgr.shape[0]
    where = anywhere(size, drawn, rng)
    if rng.random() < 0.5:  # a shadow under it
        shadow = drawn.copy()
        shadow[..., :3] = 0
        shadow[..., 3] = cv2.GaussianBlur(drawn[..., 3], (0, 0), max(0.5, longest / 18)) // 2
        pasted(base, shadow, (where[0] + round(longest / 25), where[1] + round(longest / 20)), False, 0.0)
    pasted(base, drawn, where, phone, light=rng.uniform(0.3, 0.9))


def _paste_cut_out(base: Made, album: Album, longest: float, rng: Random) -> None:
    """Paste a phone out of a picture, with some of what is around it, fading into its new place."""
    example = album.phones[int(rng.integers(len(album.phones)))]
    box = example.boxes[int(rng.integers(len(example.boxes)))]
    bgr = album.pixels(example)
    cut = clipped(grown(box, rng.uniform(0.03, 0.4)), (bgr.shape[1], bgr.shape[0]))
    paste_faded(base, bgr, cut, longest * max(np.subtract(cut[2:], cut[:2])) / (side(box) + 1), rng, box)


def _paste_part(base: Made, album: Album, longest: float, rng: Random) -> None:
    """Paste any part of a picture without a phone in the same way, so that pasting alone says nothing."""
    bgr = album.any_other(rng).bgr
    wide, high = (max(8.0, length * rng.uniform(0.1, 0.4)) for length in (bgr.shape[1], bgr.shape[0]))
    left, top = rng.uniform(0, bgr.shape[1] - wide), rng.uniform(0, bgr.shape[0] - high)
    paste_faded(base, bgr, (left, top, left + wide, top + high), longest * 1.3, rng, None)

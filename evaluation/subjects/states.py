"""Pictures that cannot be judged, made by spoiling good ones; and good ones that must not be refused."""

from collections.abc import Callable, Mapping
from pathlib import Path

import cv2
import numpy as np

from core.types import ObservationKind, PictureState
from detection.frames.decode import Pixels, decode
from evaluation.figures.intervals import share
from evaluation.figures.labelled_data import as_still, rows, shrunk
from evaluation.figures.section import Section
from evaluation.systems.ours import Watcher, count

Spoil = Callable[[Pixels], Pixels]
WIDTH = 320


def lit(bgr: Pixels, factor: float, more: float = 0.0) -> Pixels:
    """Return the picture lighter or darker, clipped as a sensor clips, with a sensor's noise."""
    noise = np.random.default_rng(5).normal(0, 2, bgr.shape)
    return np.clip(bgr * np.float32(factor) + more + noise, 0, 255).astype(np.uint8)


def out_of_focus(bgr: Pixels, share_of_width: float) -> Pixels:
    """Return the picture blurred."""
    return np.asarray(cv2.GaussianBlur(bgr, (0, 0), bgr.shape[1] * share_of_width), dtype=np.uint8)


def covered(bgr: Pixels) -> Pixels:
    """Return what shows behind a finger or tape: one tone of the picture's own light."""
    tone = np.clip(bgr.mean(axis=(0, 1)), 60, 200)
    return lit(np.broadcast_to(tone, bgr.shape).astype(np.uint8), 1.0)


SPOILED: Mapping[str, tuple[PictureState, Spoil]] = {
    "dark (4 % of the light)": (PictureState.DARK, lambda bgr: lit(bgr, 0.04)),
    "over-exposed (8 times the light)": (PictureState.OVEREXPOSED, lambda bgr: lit(bgr, 8.0, 90.0)),
    "blurred (4 % of the width)": (PictureState.BLURRED, lambda bgr: out_of_focus(bgr, 0.04)),
    "covered": (PictureState.COVERED, covered),
}
BEARABLE: Mapping[str, Spoil] = {
    "as it is": lambda bgr: bgr,
    "half of the light": lambda bgr: lit(bgr, 0.5),
    "1.5 times the light": lambda bgr: lit(bgr, 1.5),
    "slightly blurred (0.4 % of the width)": lambda bgr: out_of_focus(bgr, 0.004),
}


def measure(watcher: Watcher, media: Path) -> Section:
    """Measure how often the spoiling is noticed, and how often bearable pictures are refused."""
    section = Section("Picture states: spoiled pictures", ("", "right", "which state was named", "pictures"))
    section.note = (
        f"Every picture of faces, {WIDTH} wide. Spoiled: right when it is said that it cannot be judged, or when a face"
        " is still found in it, which settles that it can. Bearable: right when it is judged."
    )
    pictures = [shrunk(decode(row.still().jpeg).bgr, WIDTH) for row in rows(media, "faces")]
    for name, (state, spoil) in SPOILED.items():
        said = [looked(watcher, spoil(bgr)) for bgr in pictures]
        noticed = share(sum(found != PictureState.OK or has_face for found, has_face in said), len(said))
        named = share(sum(found == state for found, _ in said), sum(not has_face for _, has_face in said))
        section.rows.append([name, str(noticed), str(named), len(said)])
        section.figures[f"state {state}"] = noticed
    for name, spoil in BEARABLE.items():
        said = [looked(watcher, spoil(bgr)) for bgr in pictures]
        judged = share(sum(found == PictureState.OK for found, _ in said), len(said))
        section.rows.append([f"bearable: {name}", str(judged), "", len(said)])
        section.figures[f"judged {name}"] = judged
    return section


def looked(watcher: Watcher, bgr: Pixels) -> tuple[PictureState, bool]:
    """Return what is said of a picture, and whether a face was found in it."""
    seen = watcher.look(as_still(bgr), ("face", "picture"))
    return PictureState(seen[ObservationKind.PICTURE]["state"]), count(seen) > 0

"""Things drawn by code: phones, and what lies on a desk and is no phone, each as a patch with its own outline."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import cv2
import numpy as np

from evaluation.phone_model.drawing import Random, grey, lines, sheet, shine, vivid
from evaluation.phone_model.labelled import Pixels

Drawing = Callable[[Random], Pixels]
"""Returns a patch of BGRA pixels, upright."""

ICONS = 4, 6


def phone(rng: Random) -> Pixels:
    """Return a phone: its dark or lit front, or its back with cameras."""
    body = grey(rng, 5, 60) if rng.random() < 0.6 else (grey(rng, 180, 250) if rng.random() < 0.5 else vivid(rng))
    patch = sheet(rng.uniform(1.75, 2.25), body, rng.uniform(0.06, 0.17))
    (_back if rng.random() < 0.45 else _front)(patch, rng)
    shine(patch, rng)
    return patch


def _front(patch: Pixels, rng: Random) -> None:
    height, width = patch.shape[:2]
    edge, ends = int(rng.integers(3, 8)), int(rng.integers(4, 30))
    screen = patch[ends : height - ends, edge : width - edge]
    if rng.random() < 0.45:  # off
        screen[..., :3] = grey(rng, 5, 35, 6)
        return
    top, bottom = np.array(vivid(rng)), np.array(vivid(rng))
    ramp = np.linspace(0, 1, screen.shape[0])[:, None, None]
    screen[..., :3] = np.clip((top * (1 - ramp) + bottom * ramp) * rng.uniform(0.5, 1.1), 0, 255)
    if rng.random() < 0.5:
        columns, rows = ICONS
        for place in range(columns * rows):
            if rng.random() < 0.8:
                x = round((place % columns + 0.5) * screen.shape[1] / columns)
                y = round((place // columns + 0.5) * screen.shape[0] / rows)
                half = max(2, screen.shape[1] // 12)
                cv2.rectangle(screen, (x - half, y - half), (x + half, y + half), (*vivid(rng), 255), -1)
    else:
        screen[..., :3] = np.clip(screen[..., :3] * 0.2 + 190, 0, 255)
        lines(screen, rng, (0.1, 0.1, 0.9, 0.9), grey(rng, 20, 90), int(rng.integers(6, 12)))


def _back(patch: Pixels, rng: Random) -> None:
    height, width = patch.shape[:2]
    wide, high = rng.uniform(0.25, 0.55) * width, rng.uniform(0.1, 0.3) * height
    left = rng.choice([0.08 * width, 0.5 * (width - wide)])
    corner, far = (round(left), round(0.05 * height)), (round(left + wide), round(0.05 * height + high))
    plate = tuple(int(np.clip(c + rng.integers(-40, 41), 0, 255)) for c in patch[height // 2, width // 2, :3])
    cv2.rectangle(patch, corner, far, (*plate, 255), -1)
    for _ in range(int(rng.integers(1, 5))):
        middle = int(rng.integers(corner[0], far[0] + 1)), int(rng.integers(corner[1], far[1] + 1))
        radius = max(3, round(width * rng.uniform(0.06, 0.12)))
        cv2.circle(patch, middle, radius, (*grey(rng, 5, 40, 8), 255), -1)
        cv2.circle(patch, middle, max(1, radius // 2), (*grey(rng, 40, 110), 255), 1)


def notebook(rng: Random) -> Pixels:
    """Return an open page with lines of writing, often with a spiral or a second page."""
    patch = sheet(rng.uniform(0.65, 1.5), grey(rng, 195, 250, 12), 0.02)
    gap = int(rng.integers(7, 16))
    if rng.random() < 0.6:
        for y in range(gap, patch.shape[0], gap):
            cv2.line(patch, (0, y), (patch.shape[1], y), (*grey(rng, 170, 215), 255), 1)
    if rng.random() < 0.8:
        lines(patch, rng, (0.08, 0.08, 0.92, rng.uniform(0.3, 0.95)), grey(rng, 20, 110, 40), gap)
    if rng.random() < 0.4:
        middle = patch.shape[1] // 2
        patch[:, middle - 2 : middle + 3, :3] = patch[:, middle - 2 : middle + 3, :3] // 2
    if rng.random() < 0.4:
        for y in range(4, patch.shape[0], 9):
            cv2.circle(patch, (4, y), 3, (*grey(rng, 40, 90), 255), -1)
    shine(patch, rng)
    return patch


def book(rng: Random) -> Pixels:
    """Return a closed book or folder of any colour with a title, or none."""
    patch = sheet(rng.uniform(1.2, 1.6), vivid(rng), 0.02)
    height, width = patch.shape[:2]
    if rng.random() < 0.7:
        top = round(height * rng.uniform(0.1, 0.5))
        cv2.rectangle(patch, (width // 8, top), (width * 7 // 8, top + height // 5), (*vivid(rng), 255), -1)
    if rng.random() < 0.6:
        lines(patch, rng, (0.2, 0.15, 0.8, 0.4), vivid(rng), 14)
    shine(patch, rng)
    return patch


def calculator(rng: Random) -> Pixels:
    """Return a calculator: a display above rows of keys."""
    patch = sheet(rng.uniform(1.3, 2.0), grey(rng, 20, 230), rng.uniform(0.03, 0.1))
    height, width = patch.shape[:2]
    display = rng.uniform(0.12, 0.28)
    cv2.rectangle(
        patch,
        (width // 10, height // 16),
        (width * 9 // 10, round(height * display)),
        (*grey(rng, 110, 190), 255),
        -1,
    )
    columns, rows = int(rng.integers(4, 7)), int(rng.integers(4, 9))
    key = grey(rng, 10, 250)
    for row in range(rows):
        for column in range(columns):
            x = round(width * (0.08 + 0.84 * (column + 0.5) / columns))
            y = round(height * (display + 0.06 + (0.9 - display) * (row + 0.5) / rows))
            wide, high = max(2, round(width * 0.32 / columns)), max(1, round(height * 0.28 / rows))
            colour = vivid(rng) if rng.random() < 0.08 else key
            cv2.rectangle(patch, (x - wide, y - high), (x + wide, y + high), (*colour, 255), -1)
    shine(patch, rng)
    return patch


def remote(rng: Random) -> Pixels:
    """Return a remote control: long, with round keys."""
    patch = sheet(rng.uniform(3.0, 5.0), grey(rng, 5, 220), rng.uniform(0.1, 0.3))
    height, width = patch.shape[:2]
    for y in range(round(height * 0.08), round(height * 0.9), max(8, round(width * 0.3))):
        for x in (0.25, 0.5, 0.75):
            if rng.random() < 0.75:
                colour = vivid(rng) if rng.random() < 0.2 else grey(rng, 60, 200)
                cv2.circle(patch, (round(width * x), y), max(2, round(width * 0.09)), (*colour, 255), -1)
    shine(patch, rng)
    return patch


def badge(rng: Random) -> Pixels:
    """Return a badge or card: a photo or a mark, and a few lines."""
    patch = sheet(rng.choice([rng.uniform(1.3, 1.6), rng.uniform(0.6, 0.75)]), grey(rng, 170, 250), 0.06)
    height, width = patch.shape[:2]
    if rng.random() < 0.7:
        cv2.rectangle(patch, (0, 0), (width, round(height * rng.uniform(0.1, 0.3))), (*vivid(rng), 255), -1)
    if rng.random() < 0.7:
        left = round(width * rng.uniform(0.08, 0.5))
        cv2.rectangle(patch, (left, height // 3), (left + width // 3, height * 2 // 3), (*grey(rng, 60, 180), 255), -1)
    lines(patch, rng, (0.15, 0.72, 0.85, 0.95), grey(rng, 20, 120), 9)
    patch[..., 3] = np.where(patch[..., 3] > 0, 255, 0)
    shine(patch, rng)
    return patch


def paper(rng: Random) -> Pixels:
    """Return a blank sheet, a sticky note or an eraser: a plain rectangle of a light or bright colour."""
    colour = grey(rng, 190, 252, 10) if rng.random() < 0.6 else vivid(rng)
    patch = sheet(rng.uniform(0.5, 1.6), colour, rng.uniform(0.0, 0.08))
    shine(patch, rng)
    return patch


def wallet(rng: Random) -> Pixels:
    """Return a wallet or a purse: brown or black leather, nearly square, with a seam and a fold."""
    patch = sheet(rng.uniform(0.7, 1.3), grey(rng, 15, 90, 14), rng.uniform(0.03, 0.1))
    height, width = patch.shape[:2]
    grain = rng.normal(0, 7, (height, width, 1))
    patch[..., :3] = np.clip(patch[..., :3] + grain, 0, 255)
    edge = int(rng.integers(5, 12))
    for x in range(edge, width - edge, 7):
        for y in (edge, height - edge):
            cv2.line(patch, (x, y), (x + 3, y), (*grey(rng, 90, 150), 255), 1)
    cv2.line(patch, (0, height // 2), (width, height // 2), (*grey(rng, 5, 30, 5), 255), int(rng.integers(1, 4)))
    shine(patch, rng)
    return patch


def case(rng: Random) -> Pixels:
    """Return the case of earphones or a mouse: a small rounded thing without marks."""
    patch = sheet(rng.uniform(0.75, 1.5), grey(rng, 20, 250, 8), rng.uniform(0.3, 0.49))
    height, width = patch.shape[:2]
    if rng.random() < 0.6:
        y = round(height * rng.uniform(0.25, 0.45))
        cv2.line(patch, (0, y), (width, y), (*grey(rng, 90, 160), 255), 1)
    shine(patch, rng)
    return patch


def pen(rng: Random) -> Pixels:
    """Return a pen or a ruler: very long and thin."""
    patch = sheet(rng.uniform(7.0, 16.0), vivid(rng), 0.3)
    height = patch.shape[0]
    cv2.rectangle(patch, (0, 0), (patch.shape[1], height // int(rng.integers(3, 9))), (*vivid(rng), 255), -1)
    return patch


def cup(rng: Random) -> Pixels:
    """Return a cup or a bottle from the side."""
    patch = sheet(rng.uniform(1.0, 3.0), vivid(rng), rng.uniform(0.1, 0.3))
    width = patch.shape[1]
    light = (1.15 - np.abs(np.linspace(-1, 1, width)) ** 2 * 0.6)[None, :, None]
    patch[..., :3] = np.clip(patch[..., :3] * light, 0, 255)
    return patch


OTHERS: Mapping[str, tuple[Drawing, float]] = MappingProxyType(
    {
        "notebook": (notebook, 0.2),
        "book": (book, 0.1),
        "calculator": (calculator, 0.16),
        "remote": (remote, 0.08),
        "badge": (badge, 0.12),
        "paper": (paper, 0.09),
        "wallet": (wallet, 0.1),
        "case": (case, 0.06),
        "pen": (pen, 0.05),
        "cup": (cup, 0.04),
    }
)
"""What is no phone, with its share of what is drawn."""


def other(rng: Random) -> Pixels:
    """Return one thing that is no phone."""
    names = list(OTHERS)
    name = names[int(rng.choice(len(names), p=[OTHERS[one][1] for one in names]))]
    return OTHERS[name][0](rng)

"""Draws what was found onto a copy of a picture, for people who want to see what the program saw."""

from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy as np

FACE, THING, TEXT = (90, 160, 20), (20, 110, 220), (255, 255, 255)  # blue, green, red
ARROW = 80.0  # pixels for a head turned by 45 degrees


def annotated(jpeg: bytes, line: Mapping[str, Any], scale: float) -> bytes:
    """Return the picture as JPEG with the boxes and angles of one line of `analyse` drawn in."""
    bgr: Any = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    for face in line["faces"]:
        _box(bgr, _scaled(face["box"], scale), f"{face['score']:.2f}", FACE)
    for thing in line["objects"]:
        _box(bgr, _scaled(thing["box"], scale), f"{thing['label']} {thing['score']:.2f}", THING)
    if line["head"] and line["faces"]:
        _arrow(bgr, _scaled(line["faces"][0]["box"], scale), line["head"])
    return bytes(cv2.imencode(".jpg", bgr)[1].tobytes())


def _scaled(box: Sequence[float], scale: float) -> list[int]:
    return [round(value * scale) for value in box]


def _box(bgr: Any, box: Sequence[int], text: str, colour: tuple[int, int, int]) -> None:
    x, y, width, height = box
    cv2.rectangle(bgr, (x, y), (x + width, y + height), colour, 2)
    (wide, high), _base = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 0.5, 1)
    cv2.rectangle(bgr, (x, max(0, y - high - 8)), (x + wide + 6, max(high + 8, y)), colour, -1)
    cv2.putText(bgr, text, (x + 3, max(high + 4, y - 4)), cv2.FONT_HERSHEY_SIMPLEX, 0.5, TEXT, 1, cv2.LINE_AA)


def _arrow(bgr: Any, box: Sequence[int], head: Mapping[str, float]) -> None:
    x, y, width, height = box
    start = (x + width // 2, y + height // 2)
    # yaw > 0 points to the left side of the picture, pitch > 0 upwards
    end = (round(start[0] - head["yaw"] / 45 * ARROW), round(start[1] - head["pitch"] / 45 * ARROW))
    cv2.arrowedLine(bgr, start, end, FACE, 3, cv2.LINE_AA, tipLength=0.3)

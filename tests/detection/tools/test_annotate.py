"""What is drawn onto a copy of a picture."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from detection.frames.decode import Pixels, decode
from detection.tools.annotate import annotated
from tests.detection import pictures

FACE = {"box": [100, 100, 200, 200], "score": 0.9}
THING = {"label": "cell phone", "box": [300, 20, 80, 60], "score": 0.7}
NOTHING: dict[str, Any] = {"faces": [], "objects": [], "head": None}


def drawn(scale: float = 1.0, width: int = 512, **values: Any) -> Pixels:
    """Where the copy differs from the picture, more than JPEG makes it differ."""
    jpeg = pictures.jpeg(pictures.one_face(), width, 95)
    plain, marked = decode(annotated(jpeg, NOTHING, 1.0)).bgr, decode(annotated(jpeg, NOTHING | values, scale)).bgr
    changed: Pixels = np.asarray(np.abs(plain.astype(int) - marked.astype(int)).max(axis=2) > 60, dtype=np.uint8)
    return changed


def test_nothing_is_drawn_where_nothing_was_found() -> None:
    assert drawn().sum() == 0


@pytest.mark.parametrize("found", [{"faces": [FACE]}, {"objects": [THING]}])
def test_a_box_is_drawn_around_what_was_found(found: dict[str, list[dict[str, Any]]]) -> None:
    (one,) = next(iter(found.values()))
    left, top, _width, height = one["box"]
    rows, columns = np.nonzero(drawn(1.0, 512, **found)[top:, :])
    assert (columns.min(), rows.max()) == pytest.approx((left, height), abs=4)
    assert rows.max() + top == pytest.approx(top + height, abs=4)


def test_boxes_of_a_large_original_are_scaled_down_to_the_copy() -> None:
    large = {"box": [4 * value for value in THING["box"]], "score": 0.7, "label": "cell phone"}  # type: ignore[attr-defined]
    assert np.array_equal(drawn(objects=[THING]), drawn(scale=0.25, objects=[large]))


@pytest.mark.parametrize(
    ("yaw", "pitch", "side"), [(45, 0, "left"), (-45, 0, "right"), (0, 45, "up"), (0, -45, "down")]
)
def test_an_arrow_shows_where_the_head_points(yaw: int, pitch: int, side: str) -> None:
    with_head = drawn(faces=[FACE], head={"yaw": yaw, "pitch": pitch, "roll": 0})
    arrow = with_head & ~drawn(faces=[FACE])
    rows, columns = np.nonzero(arrow)
    across, down = columns.mean() - 200, rows.mean() - 200
    longest = max(("left", -across), ("right", across), ("up", -down), ("down", down), key=lambda one: one[1])
    assert longest[0] == side


def test_a_head_without_a_face_and_a_box_at_the_border_are_no_trouble() -> None:
    head = {"yaw": 45, "pitch": 0, "roll": 0}
    assert drawn(head=head).sum() == 0
    assert drawn(faces=[{"box": [-20, -20, 700, 700], "score": 1.0}], head=head).sum() > 0

"""One frame in, observations out; a detector that fails does not stop the others."""

from __future__ import annotations

import logging
from typing import ClassVar

import pytest

from core.types import ObservationKind
from detection.analysis.pipeline import Pipeline
from detection.detectors.base import Context, Findings, Values
from detection.frames.decode import DecodeError, Picture, decode
from detection.models.shelf import ModelShelf
from tests.detection import pictures


class Counting:
    """Says how wide the picture is and what it was told was found before."""

    name: ClassVar[str] = "counting"
    kind: ClassVar[ObservationKind] = ObservationKind.PICTURE
    every: ClassVar[float] = 0.0

    def __init__(self, models: ModelShelf | None = None) -> None:
        self.before: list[Findings] = []
        self.told: list[Context] = []

    def available(self) -> str | None:
        return None

    def load(self) -> None: ...

    def close(self) -> None: ...

    def look(self, picture: Picture, found: Findings, context: Context) -> Values:
        self.before.append(dict(found))
        self.told.append(context)
        return {"width": picture.width}


class Failing(Counting):
    """Fails at every look."""

    name: ClassVar[str] = "failing"
    kind: ClassVar[ObservationKind] = ObservationKind.FACES

    def look(self, picture: Picture, found: Findings, context: Context) -> Values:
        raise ArithmeticError("no")


def test_observations_speak_of_the_frame() -> None:
    frame = pictures.frame(pictures.jpeg(pictures.no_face()), participant="ben", at=4.0)
    (seen,) = Pipeline([Counting()]).analyse(frame)
    assert (seen.room, seen.participant, seen.at, seen.sequence) == ("room", "ben", 4.0, frame.sequence)
    assert seen.values == {"width": 320}


def test_a_failing_detector_is_counted_and_the_rest_go_on(caplog: pytest.LogCaptureFixture) -> None:
    pipeline = Pipeline([Failing(), Counting()])
    with caplog.at_level(logging.ERROR):
        for _ in range(2):
            seen = pipeline.analyse(pictures.frame(pictures.jpeg(pictures.no_face())))
    assert [observation.kind for observation in seen] == [ObservationKind.PICTURE]
    assert pipeline.failures == {"failing": 2}
    assert "no" in caplog.text


def test_a_detector_knows_what_was_found_before_it() -> None:
    second = Counting()
    second.kind = ObservationKind.FACES  # type: ignore[misc]
    Pipeline([Counting(), second]).analyse(pictures.frame(pictures.jpeg(pictures.no_face())))
    assert second.before == [{ObservationKind.PICTURE: {"width": 320}}]


def test_only_those_that_are_due_look_and_each_is_told_its_part() -> None:
    first, second = Counting(), Failing()
    pipeline = Pipeline([first, second])
    frame = pictures.frame(pictures.jpeg(pictures.no_face()))
    assert pipeline.analyse(frame, ["nose"], {"counting": {"known": 1}}) == []
    pipeline.analyse(frame, ["counting"], {"counting": {"known": 1}, "failing": {"known": 2}})
    pipeline.analyse(frame, ["counting"])
    assert first.told == [{"known": 1}, {}]
    assert pipeline.failures == {}


GOOD = pictures.jpeg(pictures.no_face())
HUGE = GOOD.replace(b"\xff\xc0\x00\x11\x08\x00\xd5\x01\x40", b"\xff\xc0\x00\x11\x08\x4e\x20\x4e\x20")


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a", GOOD[:-2], GOOD[:200], GOOD[:20] + GOOD[-2:], b"\xff\xd8" + b"\x00" * 500 + b"\xff\xd9", HUGE],
    ids=["empty", "gif", "no end", "cut", "no picture", "zeros", "20000x20000"],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        Pipeline([Counting()]).analyse(pictures.frame(data))


def test_the_huge_header_is_really_huge() -> None:
    assert HUGE != GOOD


def test_the_largest_and_the_smallest_picture_are_taken() -> None:
    wide = pictures.jpeg(pictures.no_face()[:225], width=1920)
    assert decode(wide).small_gray.shape[1] == 160
    tiny = decode(pictures.jpeg(pictures.no_face(), width=1))
    assert (tiny.width, tiny.height) == (1, 1)
    assert tiny.small_gray.shape == (1, 1)


def test_a_picture_beyond_the_limits_is_refused() -> None:
    with pytest.raises(DecodeError, match="pixels"):
        decode(pictures.jpeg(pictures.no_face(), width=1924))


def test_views_have_the_promised_shapes() -> None:
    picture = decode(pictures.jpeg(pictures.one_face(), width=320))
    assert picture.rgb.shape == (320, 320, 3)
    assert picture.small_gray.shape == (160, 160)
    assert (picture.rgb[..., ::-1] == picture.bgr).all()
    assert picture.cut(-50, 300, 20, 400).shape == (20, 20, 3)

"""Whether the pictures come from a camera: names of programs, and recordings that begin anew."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import AlertKind
from detection.measures.repeats import MEMORY, MOST_PRINTS, Repeats
from detection.rules.camera_replaced import is_made_up
from tests.detection.courtroom import START, Courtroom, picture, source

REPLACED = AlertKind.CAMERA_REPLACED


def film(prints: list[str], label: str = "Integrated Camera", state: str = "ok", **facts: float) -> Courtroom:
    court = Courtroom()
    court.feed(source(0, label, **facts))
    for second, fingerprint in enumerate(prints):
        court.feed(picture(state, second, fingerprint=fingerprint))
        court.tick(second + 0.1)
    return court


UNIQUE = [f"aaaa-{number}" for number in range(120)]
LOOP = [f"bbbb-{number % 10}" for number in range(60)]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("OBS Virtual Camera", True),
        ("ManyCam Webcam", True),
        ("fake_device_0", True),
        ("Dummy video device (0x0000)", True),
        ("Integrated Camera", False),
        ("HD Webcam (04f2:b6d9)", False),
        ("DroidCam Source 3", False),
        ("", False),
    ],
)
def test_names_of_programs_that_make_up_a_camera(label: str, expected: bool) -> None:
    assert is_made_up(label) is expected
    assert film(UNIQUE[:20], label).kinds == [REPLACED] * expected


def test_a_named_program_is_explained_with_its_name() -> None:
    (alert,) = film(UNIQUE[:20], "OBS Virtual Camera").raised
    assert "“OBS Virtual Camera”" in alert.text % alert.numbers
    assert alert.raised_at - START == 5


def test_a_recording_that_begins_anew() -> None:
    court = film(LOOP)
    assert court.kinds == [REPLACED]
    assert court.raised[0].numbers["period"] == 10
    assert "3 pictures were exactly the same" in court.raised[0].text % {**court.raised[0].numbers, "repeats": 3}


def test_a_real_camera_never_repeats_itself() -> None:
    assert film(UNIQUE).raised == []


def test_a_camera_that_hands_out_an_old_buffer_is_real() -> None:
    stutter = [mark for mark in UNIQUE[:40] for _ in (0, 1)]
    assert film(stutter).raised == []
    swapped = [UNIQUE[number - 2 if number % 10 == 0 else number] for number in range(60)]
    assert film(swapped).raised == []


def test_two_chance_repeats_are_nothing_unless_the_rhythm_is_impossible() -> None:
    prints = [*UNIQUE[:20], UNIQUE[3], UNIQUE[7], *UNIQUE[30:60]]
    assert film(prints).raised == []
    assert film(prints, jitter_ms=0.0).kinds == [REPLACED]


def test_an_even_rhythm_alone_is_nothing() -> None:
    assert film(UNIQUE, jitter_ms=0.0).raised == []


def test_a_frozen_picture_is_another_matter() -> None:
    assert film(["same"] * 60).kinds == [AlertKind.CAMERA_BLOCKED]


def test_cannot_see_wins_over_a_replaced_camera() -> None:
    assert film(UNIQUE, "OBS Virtual Camera", state="dark").kinds == [AlertKind.CAMERA_BLOCKED]


def test_another_camera_ends_it() -> None:
    court = film(UNIQUE[:20], "OBS Virtual Camera")
    court.feed(source(20, "Integrated Camera"))
    for second in range(20, 30):
        court.feed(picture("ok", second))
    assert court.open == []


@given(st.lists(st.tuples(st.integers(0, 6), st.floats(0, 4)), max_size=200))
def test_repeats_are_pictures_that_were_seen_before(script: list[tuple[int, float]]) -> None:
    repeats, now, seen = Repeats(), 0.0, set[int]()
    for mark, step in script:
        now += step
        known = len(seen)
        repeats.add(str(mark), now)
        seen.add(mark)
        found = repeats.recent(now)
        assert len(found) <= known
        assert all(0 <= now - one.at <= MEMORY and one.after >= 2.5 for one in found)


def test_memory_of_fingerprints_is_bounded() -> None:
    repeats = Repeats()
    for number in range(MOST_PRINTS + 10):
        repeats.add(str(number), float(number))
    repeats.add("0", MOST_PRINTS + 20.0)
    assert repeats.recent(MOST_PRINTS + 20.0) == []

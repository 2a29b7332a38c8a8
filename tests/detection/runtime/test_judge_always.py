"""What holds of every alert, whatever is fed to the judge in whatever order."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.types import AlertKind, Observation, RuleSettings
from detection.rules import DEFAULTS, RULES
from tests.detection.courtroom import (
    ROOM,
    START,
    STUDENT,
    Courtroom,
    baseline,
    camera,
    connection,
    faces,
    identity,
    objects,
    observe,
    page,
    picture,
    pose,
    source,
)

BLOCKED = AlertKind.CAMERA_BLOCKED

STEPS = st.one_of(st.floats(0, 3), st.sampled_from([0.0, 0.25, 1.0, 30.0, 4000.0]))
WHAT = st.sampled_from(
    [
        *("tick", "absent", "present", "two", "dark", "light", "still", "offline", "online", "hidden", "visible"),
        *("muted", "phone", "book", "people", "nothing", "left", "ahead", "asleep", "words", "stranger", "unsure"),
        *("made-up camera", "no gaze", "own pose"),
    ]
)
KNOBS = st.builds(
    RuleSettings,
    hold=st.floats(0, 10),
    confirm=st.integers(1, 5),
    window=st.integers(1, 6),
    release=st.floats(0, 5),
    cooldown=st.floats(0, 30),
)


def said(what: str, at: float) -> Observation:
    return {
        "absent": faces(0, at),
        "present": faces(1, at),
        "two": faces(2, at),
        "dark": picture("dark", at),
        "light": picture("ok", at),
        "still": picture("ok", at, fingerprint="same"),
        "offline": connection(False, at),
        "online": connection(True, at),
        "hidden": page("hidden", at),
        "visible": page("visible", at),
        "muted": camera("muted", at),
        "phone": objects(at, "cell phone"),
        "book": objects(at, "book", "person"),
        "people": objects(at, "person", "person"),
        "nothing": objects(at),
        "left": pose(at, -60),
        "ahead": pose(at),
        "asleep": pose(at, eyes_closed=0.9),
        "words": pose(at, mouth=0.5),
        "stranger": identity(at, "no"),
        "unsure": identity(at, "unsure", None),
        "made-up camera": source(at, "OBS Virtual Camera"),
        "own pose": baseline(at, yaw=-60),
    }[what]


def play(court: Courtroom, script: Sequence[tuple[str, float]]) -> None:
    now = 0.0
    for what, step in script:
        now += step
        if what == "tick":
            court.tick(now)
        elif what == "no gaze":
            court.adjust(off=["LOOKING_AWAY"], notice=["FACE_NOT_FOUND"])
        else:
            court.feed(said(what, now))


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(WHAT, STEPS), max_size=60), KNOBS)
def test_no_alert_without_its_hold_time_nor_two_of_a_kind(script: list[tuple[str, float]], knobs: RuleSettings) -> None:
    court = Courtroom(dict.fromkeys(DEFAULTS, knobs))  # which checks each alert by itself, too
    play(court, script)
    for alert in court.raised:
        assert alert.raised_at - alert.started_at >= knobs.hold - 1e-6
        assert alert.numbers["seconds"] <= alert.raised_at - alert.started_at + 0.1


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(WHAT, STEPS), max_size=60), KNOBS)
def test_no_alert_sooner_after_another_than_its_cooldown(script: list[tuple[str, float]], knobs: RuleSettings) -> None:
    court = Courtroom(dict.fromkeys(DEFAULTS, knobs))
    play(court, script)
    for alert in court.ended:
        later = [one for one in court.raised if one.kind == alert.kind and one.raised_at > alert.raised_at]
        assert alert.ended_at is not None
        assert all(one.raised_at >= alert.ended_at + knobs.cooldown - 1e-6 for one in later)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(WHAT, st.floats(-5000, 5000)), max_size=60), KNOBS)
def test_nothing_breaks_when_time_goes_anywhere(script: list[tuple[str, float]], knobs: RuleSettings) -> None:
    court = Courtroom(dict.fromkeys(DEFAULTS, knobs))
    play(court, script)
    court.take(court.judge.unwatch(ROOM, START))
    assert {alert.kind for alert in court.open} <= {kind for kind, rule in RULES.items() if rule.is_absence}
    court.take(court.judge.forget(STUDENT, START))
    assert court.open == []


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from([0, 1, 2])), max_size=60), st.integers(0, 2**32))
def test_dark_frames_change_nothing(looks: list[tuple[bool, int]], seed: int) -> None:
    """Alerts on faces are the same whatever was found in the frames that could not be judged."""
    chance = random.Random(seed)
    courts = Courtroom(), Courtroom()
    for number, (is_dark, count) in enumerate([(False, 1), *looks]):
        for court, found in zip(courts, (count, chance.choice([0, 1, 2]) if is_dark else count), strict=True):
            frame = [faces(found, number), picture("dark" if is_dark else "ok", number)]
            chance.shuffle(frame)
            court.feed(*frame)
    first, second = ([(a.kind, a.raised_at) for a in court.raised if a.kind != BLOCKED] for court in courts)
    assert first == second


@given(st.permutations([faces(0, 0.0), picture("dark", 0.0), connection(True, 0.0), page("visible", 0.0)]))
def test_the_order_within_one_moment_does_not_matter(at_once: list[Observation]) -> None:
    court = Courtroom()
    court.feed(picture("ok", -1.0))
    for second in range(20):
        court.feed(*[observe(one.kind, second, **one.values) for one in at_once])
        court.tick(second + 0.1)
    assert court.kinds == [BLOCKED]

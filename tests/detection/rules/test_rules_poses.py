"""Where a student looks, closed eyes, a moving mouth and another face: what looks amount to over time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import AlertKind, Observation, RuleSettings, Severity
from detection.measures.learned_position import LEARN_FROM
from detection.measures.line_of_sight import Usual, line_of_sight, relative
from tests.detection.courtroom import START, STUDENT, Courtroom, baseline, identity, picture, pose

AWAY, EYES, TALK = AlertKind.LOOKING_AWAY, AlertKind.EYES_CLOSED, AlertKind.TALKING
OTHER = AlertKind.IDENTITY_MISMATCH
DOWN_TOO = RuleSettings(hold=5.0, confirm=4, window=5, watch=("left", "right", "up", "down"))


def play(court: Courtroom, seconds: int, look: Callable[[int], Observation], state: str = "ok") -> Courtroom:
    for second in range(seconds):
        court.feed(picture(state, second), look(second))
        court.tick(second + 0.1)
    return court


def looks(yaw: float = 0.0, pitch: float = 0.0, known: Observation | None = None, **more: Any) -> Courtroom:
    court = Courtroom()
    if known is not None:
        court.feed(known)
    return play(court, 12, lambda second: pose(second, yaw, pitch, **more))


# ------------------------------------------------------------------------------------------- looking away


@pytest.mark.parametrize(
    ("yaw", "pitch", "direction"),
    [(50, 0, "right"), (-50, 0, "left"), (0, 40, "up"), (0, -70, None), (38, 0, None), (-38, 25, None)],
)
def test_without_a_baseline_the_limits_are_generous(yaw: float, pitch: float, direction: str | None) -> None:
    told = [alert.numbers["state"] for alert in looks(yaw, pitch).raised]
    assert told == ([direction] if direction else [])


@pytest.mark.parametrize(
    ("yaw", "expected"),
    # the camera stands to the right of the screen: straight ahead is a yaw of -30
    [(-30, []), (-52, []), (-58, ["left"]), (0, ["right"]), (-8, [])],
)
def test_with_a_baseline_looks_are_measured_from_it(yaw: float, expected: list[str]) -> None:
    court = looks(yaw, known=baseline(0, yaw=-30, spread=10))
    assert [alert.numbers["state"] for alert in court.raised] == expected


def test_whoever_has_a_large_screen_may_look_further() -> None:
    assert looks(35, known=baseline(0, spread=30)).raised == []
    assert looks(45, known=baseline(0, spread=30)).kinds == [AWAY]
    assert looks(45, known=baseline(0, spread=300)).kinds == [AWAY]


def test_a_baseline_can_be_taken_back() -> None:
    court = Courtroom()
    court.feed(baseline(0), baseline(0, yaw=None))
    assert play(court, 12, lambda second: pose(second, 35)).raised == []


def test_a_turned_head_with_the_eyes_on_the_screen_is_no_look_away() -> None:
    assert looks(50, gaze={"x": -0.8, "y": 0.0}).raised == []
    assert looks(30, gaze={"x": 0.6, "y": 0.0}).kinds == [AWAY]


def test_eyes_behind_closed_lids_say_nothing_of_the_direction() -> None:
    assert looks(30, gaze={"x": 0.9, "y": 0.0}, eyes_closed=0.68).raised == []


def test_coarse_poses_have_wider_limits() -> None:
    assert looks(45, coarse=True).raised == []
    assert looks(55, coarse=True).kinds == [AWAY]


def test_paper_is_normal_unless_the_room_says_otherwise() -> None:
    assert looks(0, -60).raised == []
    court = Courtroom({str(AWAY): DOWN_TOO})
    play(court, 12, lambda second: pose(second, 0, -60))
    assert [alert.numbers["state"] for alert in court.raised] == ["down"]


def test_looking_away_waits_and_explains_itself() -> None:
    court = looks(-50, known=baseline(0, spread=10))
    (alert,) = court.raised
    assert alert.raised_at - START == 5
    said = alert.text % alert.numbers
    assert said.startswith("Looked to the left (the student's own) for 5 s (limit 5 s): 50 degrees from this")
    assert "(limit 21), in 5 of the last 5 checks" in said


def test_thinking_for_three_seconds_is_nothing() -> None:
    court = play(Courtroom(), 60, lambda second: pose(second, 0, 45 if second % 8 < 3 else 0))
    assert court.raised == []


def test_a_look_at_the_limit_does_not_flicker() -> None:
    court = play(Courtroom(), LEARN_FROM - 1, lambda second: pose(second, 42 if second < 8 or second % 2 else 36))
    assert court.kinds == [AWAY]
    assert court.ended == []


def test_cannot_see_wins() -> None:
    court = play(Courtroom(), 30, lambda second: pose(second, 60, eyes_closed=0.9, mouth=second % 2), "blurred")
    assert court.kinds == [AlertKind.CAMERA_BLOCKED]


def test_an_absent_face_is_not_a_look_away() -> None:
    court = play(Courtroom(), 30, lambda second: pose(second, None, None, eyes_closed=None, mouth=None))
    assert court.raised == []


def usual(baseline: Mapping[str, Any] | None) -> Usual:
    made = Usual()
    made.baseline = baseline
    return made


@given(st.floats(-90, 90), st.floats(-90, 90), st.floats(-90, 90), st.floats(-60, 60), st.floats(0, 60))
def test_the_neutral_pose_is_never_away(yaw: float, pitch: float, base: float, up: float, spread: float) -> None:
    known = {"yaw": base, "pitch": up, "gaze": None, "spread": spread}
    assert relative({"yaw": base, "pitch": up, "gaze": {"x": 0.9, "y": 0.9}, "eyes_closed": 0.9}, known) == (0, 0)
    away = usual(known).weigh({"yaw": yaw, "pitch": pitch}, RuleSettings())
    assert away is not None
    assert away.limit >= 20
    stricter = usual(known).weigh({"yaw": yaw, "pitch": pitch}, RuleSettings(strictness=2.0))
    assert stricter is not None
    assert stricter.share == pytest.approx(2 * away.share)


def test_no_pose_is_no_line_of_sight() -> None:
    assert line_of_sight({"yaw": None, "pitch": 1.0}) is None
    assert relative({"yaw": 0.0, "pitch": 0.0}, {"yaw": None, "pitch": None}) is None
    assert usual(None).weigh({}, RuleSettings()) is None
    assert usual(None).weigh({"yaw": 80.0, "pitch": 0.0}, RuleSettings(watch=())) is None


def learn(yaw: float, then: float, seconds: int = 12, **more: Any) -> list[str]:
    """Sit in one pose for a minute, then in another; return the directions of the alerts after that minute."""
    court = play(Courtroom(), 60 + seconds, lambda second: pose(second, yaw if second < 60 else then, **more))
    return [alert.numbers["state"] for alert in court.raised if alert.raised_at >= START + 60]


@pytest.mark.parametrize(
    ("yaw", "then", "directions"),
    [
        (0, 24, []),
        (0, 28, ["right"]),  # within the limit from the camera, but not usual for this student
        (20, 45, []),  # the camera stands aside
        (20, 55, ["right"]),
        (20, -14, []),  # whoever looks at the camera looks at the screen
        (20, -20, ["left"]),
        (35, 0, []),
    ],
)
def test_without_a_baseline_what_is_usual_is_learned(yaw: float, then: float, directions: list[str]) -> None:
    assert learn(yaw, then) == directions


def test_eyes_alone_are_seen_to_look_away() -> None:
    """The numbers are those of a clip: the head is still, the eyes go as far aside as they can."""
    ahead, aside = {"x": -0.2, "y": -0.4}, {"x": 0.65, "y": -0.4}
    court = play(
        Courtroom(), 72, lambda second: pose(second, 0.5, 12.0, gaze=ahead if second < 60 else aside, eyes_closed=0.15)
    )
    assert [alert.numbers["state"] for alert in court.raised] == ["right"]
    (alert,) = court.raised
    assert "the position in which this student sat calmly before (learnt from 60 looks; limit 21)" in (
        alert.text % alert.numbers
    )


def after(minutes: Callable[[int], tuple[float, float]], yaw: float = 28.0, pitch: float = 0.0) -> list[str]:
    """Look as `minutes` says for 200 seconds, then one way; return the directions of the alerts after that."""
    sat = 200

    def look(second: int) -> Observation:
        return pose(second, *(minutes(second) if second < sat else (yaw, pitch)))

    court = play(Courtroom(), sat + 12, look)
    return [alert.numbers["state"] for alert in court.raised if alert.raised_at >= START + sat]


def test_glances_and_paper_do_not_disturb_what_is_learnt() -> None:
    assert after(lambda second: (35.0 if second % 10 == 0 else 0.0, -30.0 if second % 10 > 6 else 0.0)) == ["right"]


def test_who_looks_away_all_the_time_is_not_measured_by_that() -> None:
    aside = play(Courtroom(), 200, lambda second: pose(second, 50.0))
    assert len(aside.raised) == 1 and aside.ended == [], "it is away from the first minute to the last"
    assert "from the camera" in aside.raised[0].text
    for away in (6, 9, 11):  # seconds of twelve
        seen = usual(None)
        for second in range(600):
            seen.weigh({"yaw": 50.0 if second % 12 < away else 0.0, "pitch": 0.0}, RuleSettings())
        assert seen.learnt_from is None, "angles stay those from the camera"


def test_who_looks_around_all_the_time_has_no_position() -> None:
    assert after(lambda second: (-22.0 if second % 2 else 22.0, 0.0)) == []


def test_looking_away_for_long_does_not_become_usual() -> None:
    court = play(Courtroom(), 400, lambda second: pose(second, 0.0 if second < 60 else 24.9 if second < 100 else 40.0))
    assert [alert.numbers["state"] for alert in court.raised] == ["right"]
    assert court.ended == []


def test_who_sits_down_differently_is_learnt_anew_while_calm() -> None:
    court = play(Courtroom(), 900, lambda second: pose(second, 0.0 if second < 60 else 12.0 if second < 888 else 35.0))
    assert court.raised == [], "23 degrees from where the student sits by now"
    moved = play(Courtroom(), 900, lambda second: pose(second, -5.0 if second < 60 else 17.0 if second < 888 else 28.0))
    assert moved.raised == [], "33 degrees from where the student sat before the screen was moved"


def test_what_was_learnt_goes_with_the_student() -> None:
    court = play(Courtroom(), 100, lambda second: pose(second))
    court.judge.forget(STUDENT, START + 100)
    for second in range(101, 113):
        court.feed(picture("ok", second), pose(second, 28.0))
    assert court.raised == []


def test_of_a_picture_that_cannot_be_judged_nothing_is_learnt() -> None:
    court = Courtroom()
    for second in range(112):
        court.feed(picture("blurred" if second < 100 else "ok", second), pose(second, 0.0 if second < 100 else 28.0))
    assert AWAY not in court.kinds


def test_eyes_that_cannot_be_told_are_left_out_of_the_comparison() -> None:
    """With lids that hide them the head is compared with the head: a lowered lid is no look aside."""
    ahead = {"x": 0.3, "y": -0.4}

    def look(second: int) -> Observation:
        return pose(second, 0.0, 0.0, gaze=ahead, eyes_closed=0.1 if second < 100 else 0.68)

    assert AWAY not in play(Courtroom(), 130, look).kinds


# ------------------------------------------------------------------------------------------- eyes and mouth


def test_blinking_and_resting_the_eyes_is_nothing() -> None:
    assert play(Courtroom(), 60, lambda second: pose(second, eyes_closed=0.9 if second % 4 == 0 else 0.1)).raised == []
    assert play(Courtroom(), 30, lambda second: pose(second, eyes_closed=0.9 if second < 8 else 0.1)).raised == []


def test_eyes_closed_for_long_is_a_notice_without_a_hint() -> None:
    (alert,) = play(Courtroom(), 12, lambda second: pose(second, eyes_closed=0.9)).raised
    assert (alert.kind, alert.severity, alert.hint) == (EYES, Severity.NOTICE, False)
    assert alert.raised_at - START == 10


def test_a_head_over_paper_does_not_sleep() -> None:
    assert play(Courtroom(), 30, lambda second: pose(second, 0, -30, eyes_closed=0.9)).raised == []
    court = Courtroom()
    court.feed(baseline(0, pitch=-20))  # the camera stands high: this is looking at the screen
    assert play(court, 30, lambda second: pose(second, 0, -30, eyes_closed=0.9)).kinds == [EYES]


@pytest.mark.parametrize(
    ("mouths", "expected"),
    [
        ([0.02] * 30, 0),
        ([0.5] * 30, 0),  # a mouth that stays open breathes
        ([0.02, 0.02, 0.6, 0.6, 0.02] * 2 + [0.02] * 20, 0),  # two yawns
        ([0.02, 0.3] * 15, 1),
        ([0.02, 0.3] * 3 + [0.02] * 20, 0),  # one sentence
        ([0.05, 0.1] * 15, 0),  # breathing
        ([0.0, 0.3, 0.1, 0.1, 0.3] * 6, 1),  # words with pauses
    ],
)
def test_talking(mouths: list[float], expected: int) -> None:
    court = play(Courtroom(), len(mouths), lambda second: pose(second, mouth=mouths[second]))
    assert court.kinds == [TALK] * expected
    assert all(alert.severity is Severity.NOTICE for alert in court.raised)


# ------------------------------------------------------------------------------------------- identity


def compare(matches: str, step: float = 45.0) -> Courtroom:
    """Compare as the letters say: yes, no, nothing seen; a, c and d are too close to tell, ever less alike."""
    words = {"y": ("yes", 0.4), "n": ("no", 0.7), "u": ("unsure", None)}
    words |= {letter: ("unsure", difference) for letter, difference in (("a", 0.56), ("c", 0.62), ("d", 0.64))}
    court = Courtroom()
    for number, match in enumerate(matches):
        at = number * step
        court.feed(picture("ok", at), identity(at, *words[match]))
        court.tick(at + 1)
    return court


@pytest.mark.parametrize(
    ("matches", "expected"),
    [
        ("yyyyyy", 0),
        ("nyyynyyy", 0),  # a hand at the chin
        ("uuuuuuuu", 0),  # unsure never counts
        ("nnn", 1),
        ("nunun", 1),
        ("nynn", 1),
        ("nnyy", 0),
        ("nynyny", 0),
        ("dd", 0),
        ("ccccc", 1),  # each alone is too close to tell, together they are not
        ("dcncd", 1),
        ("aaaaaaaa", 0),
        ("acacacac", 0),
        ("ydddyddd", 0),  # a face that is known again in between
    ],
)
def test_three_of_four_comparisons_must_fail(matches: str, expected: int) -> None:
    assert compare(matches).kinds == [OTHER] * expected


def test_comparisons_in_quick_succession_are_as_good() -> None:
    court = compare("nnnnn", step=1.0)
    assert [(alert.kind, alert.raised_at - START) for alert in court.raised] == [(OTHER, 2)]


def test_a_mismatch_gives_its_number() -> None:
    (alert,) = compare("nnn").raised
    assert "difference 0.7" in alert.text % alert.numbers
    assert alert.severity is Severity.CRITICAL


def test_several_comparisons_explain_themselves() -> None:
    (alert,) = compare("cdcdc").raised
    assert "difference 0.63 on the average of the last 4 (limit 0.6)" in alert.text % alert.numbers


def test_comparisons_of_long_ago_weigh_no_more() -> None:
    court = compare("ccc", step=45.0)
    court.feed(picture("ok", 900), identity(900, "unsure", 0.62))
    court.feed(picture("ok", 901), identity(901, "unsure", 0.62))
    assert court.raised == []


def test_heads_are_compared_alone_where_the_baseline_knows_no_eyes() -> None:
    look = {"yaw": 12.0, "pitch": 3.0, "gaze": {"x": 0.6, "y": -0.9}, "eyes_closed": 0.1}
    assert relative(look, {"yaw": 10.0, "pitch": 1.0, "gaze": None}) == (2.0, 2.0)

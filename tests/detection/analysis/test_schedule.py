"""Whose turn it is with which detector."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from random import Random

import pytest

from detection.analysis.schedule import LATE_FROM, LONGEST, MOST_CONTEXT, DetectorSchedule, Plan

EVERY = {"face": 0.0, "objects": 2.0, "identity": 30.0}


@pytest.fixture
def schedule() -> DetectorSchedule:
    return DetectorSchedule(EVERY, Random(7).random)


def due(plan: Plan) -> set[str]:
    return set(plan.due or ())


def looks(schedule: DetectorSchedule, seconds: int, students: int = 1, start: float = 0.0) -> list[Counter[str]]:
    """What was due in each second, when every student is looked at once a second."""
    return [
        Counter(
            name for one in range(students) for name in schedule.plan(f"s{one}", "webcam", start + second).due or ()
        )
        for second in range(seconds)
    ]


def test_each_detector_looks_as_often_as_it_wants(schedule: DetectorSchedule) -> None:
    total = sum(looks(schedule, 120), Counter[str]())
    assert total["face"] == 120
    assert total["objects"] in (59, 60, 61)
    assert total["identity"] in (3, 4, 5, 6)


def identity_times(schedule: DetectorSchedule, seconds: int, who: str = "ana", start: float = 0.0) -> list[float]:
    times = [start + number / 2 for number in range(2 * seconds)]
    return [at for at in times if "identity" in due(schedule.plan(who, "webcam", at))]


def test_nobody_can_foresee_the_next_comparison_and_it_costs_what_it_did(schedule: DetectorSchedule) -> None:
    gaps = [after - before for before, after in pairwise(identity_times(schedule, 30_000))]
    assert 14.0 <= min(gaps) < 17.0 and 43.0 < max(gaps) <= 46.0
    assert sum(gaps) / len(gaps) == pytest.approx(30.0, rel=0.03)
    thirds = Counter(int((gap - 15) // 10) for gap in gaps if 15 <= gap < 45)
    assert all(thirds[third] == pytest.approx(len(gaps) / 3, rel=0.15) for third in range(3)), "no gap is likelier"


def test_one_gap_says_nothing_of_the_next(schedule: DetectorSchedule) -> None:
    gaps = [after - before for before, after in pairwise(identity_times(schedule, 30_000))]
    after_short = [after for before, after in pairwise(gaps) if before < 25]
    after_long = [after for before, after in pairwise(gaps) if before > 35]
    means = [sum(some) / len(some) for some in (after_short, after_long)]
    assert means[0] == pytest.approx(means[1], abs=2.0)


def test_students_do_not_share_their_times(schedule: DetectorSchedule) -> None:
    other = DetectorSchedule(EVERY, Random(8).random)
    assert identity_times(schedule, 600)[1:] != identity_times(other, 600)[1:]


def test_after_a_pause_one_comparison_is_made_and_the_next_is_random_again(schedule: DetectorSchedule) -> None:
    last = identity_times(schedule, 60)[-1]
    later = identity_times(schedule, 46, start=last + 1000)
    assert later[0] == last + 1000
    assert len(later) in (2, 3, 4) and later[1] - later[0] >= 14.5


def test_looks_that_come_a_little_early_or_late_do_not_cost_a_turn(schedule: DetectorSchedule) -> None:
    times = [second + (0.1 if second % 3 else -0.1) for second in range(100)]
    plans = [schedule.plan("ana", "webcam", at) for at in times]
    assert 49 <= sum("objects" in due(plan) for plan in plans) <= 51


def test_sixty_who_begin_together_do_not_all_get_the_heavy_look_at_once(schedule: DetectorSchedule) -> None:
    seconds = looks(schedule, 60, students=60)
    assert max(second["objects"] for second in seconds) <= 36
    assert min(second["objects"] for second in seconds[2:]) >= 24
    assert max(second["identity"] for second in seconds[:15]) <= 4
    assert max(second["identity"] for second in seconds) <= 8
    assert {second["face"] for second in seconds} == {60}


def test_channels_of_one_participant_have_turns_of_their_own(schedule: DetectorSchedule) -> None:
    assert due(schedule.plan("ana", "webcam", 0.0)) & due(schedule.plan("ana", "phone", 0.0)) >= {"face"}


def test_on_a_phone_only_its_own_detectors_look_and_at_their_own_pace() -> None:
    every = {"face": 0.0, "picture": 0.0, "landmarks": 1.0, "identity": 30.0, "objects": 2.0, "markers": 0.0}
    schedule = DetectorSchedule({**every, "scene": 0.0}, Random(7).random)
    seen = {channel: Counter[str]() for channel in ("webcam", "head", "room")}
    for second in range(0, 120, 2):
        for channel, total in seen.items():
            total.update(schedule.plan("ana", channel, second).due or ())
    assert set(seen["webcam"]) == {"face", "picture", "landmarks", "identity", "objects"}
    assert set(seen["head"]) == {"face", "picture", "objects", "markers"}
    assert set(seen["room"]) == {"picture", "objects", "markers", "scene"}
    assert seen["head"]["markers"] == seen["head"]["face"] == seen["room"]["scene"] == 60
    assert seen["room"]["objects"] in (29, 30, 31) and seen["room"]["markers"] in (29, 30, 31)
    schedule.ask_now("ana", "identity", "head")
    assert "identity" not in due(schedule.plan("ana", "head", 130.0))


def test_who_is_asked_for_is_looked_at_afresh_once(schedule: DetectorSchedule) -> None:
    schedule.plan("ana", "webcam", 0.0)
    schedule.ask_now("ana", "identity")
    schedule.ask_now("ana", "nose")
    assert "identity" not in due(schedule.plan("ana", "phone", 0.1))
    asked = schedule.plan("ana", "webcam", 0.2)
    assert "identity" in due(asked) and asked.fresh == ("identity",)
    later = [schedule.plan("ana", "webcam", float(second)) for second in range(1, 32)]
    assert sum("identity" in due(plan) for plan in later) <= 1
    assert not any("identity" in due(plan) for plan in later[:14]), "not again for a while"
    assert all(plan.fresh == () for plan in later)


def test_a_detector_is_told_what_is_known_when_it_looks(schedule: DetectorSchedule) -> None:
    schedule.give_context("ana", "face", {"glasses": True})
    schedule.give_context("ana", "identity", {"embedding": [0.5] * 128})
    assert schedule.plan("ana", "webcam", 0.0).context == {"face": {"glasses": True}}
    schedule.ask_now("ana", "identity")
    assert schedule.plan("ana", "webcam", 0.0).context["identity"] == {"embedding": [0.5] * 128}
    assert schedule.plan("ben", "webcam", 0.0).context == {}
    schedule.give_context("ana", "face", {})
    assert schedule.plan("ana", "webcam", 1.0).context == {}


def test_what_is_too_large_or_no_json_is_refused(schedule: DetectorSchedule) -> None:
    with pytest.raises(ValueError, match="too many"):
        schedule.give_context("ana", "face", {"x": "x" * MOST_CONTEXT})
    with pytest.raises(TypeError):
        schedule.give_context("ana", "face", {"x": b"bytes"})
    assert schedule.plan("ana", "webcam", 0.0).context == {}


def test_who_left_is_forgotten(schedule: DetectorSchedule) -> None:
    schedule.give_context("ana", "face", {"glasses": True})
    schedule.ask_now("ana", "identity")
    schedule.forget("ana")
    plan = schedule.plan("ana", "webcam", 0.0)
    assert plan.context == {} and plan.fresh == ()


def test_a_detector_that_comes_later_gets_its_turns(schedule: DetectorSchedule) -> None:
    late = DetectorSchedule({"face": 0.0}, Random(7).random)
    looks(late, 5)
    late.know(EVERY)
    assert sum(looks(late, 20, start=5.0), Counter[str]())["objects"] in (9, 10, 11)
    late.know({"face": 0.0})
    assert due(late.plan("s0", "webcam", 30.0)) == {"face"}


def test_under_load_heavy_looks_are_stretched_alike_and_cheap_ones_are_not(schedule: DetectorSchedule) -> None:
    for second in range(30):
        schedule.adapt(LATE_FROM * 2, float(second))
    assert schedule.stretch == LONGEST
    total = Counter[tuple[int, str]]()
    for second in range(30, 190):
        for student in range(10):
            total.update((student, name) for name in schedule.plan(f"s{student}", "webcam", second).due or ())
    objects = [total[student, "objects"] for student in range(10)]
    assert min(objects) >= 9 and max(objects) <= 11
    assert {total[student, "face"] for student in range(10)} == {160}
    for second in range(200, 300):
        schedule.adapt(0.0, float(second))
    assert schedule.stretch == 1.0


def test_one_bad_moment_is_one_step(schedule: DetectorSchedule) -> None:
    for _ in range(100):
        schedule.adapt(1.0, 5.0)
    assert 1.0 < schedule.stretch < 1.5


def test_a_clock_that_is_set_back_stops_nothing(schedule: DetectorSchedule) -> None:
    looks(schedule, 10, start=100_000.0)
    again = sum(looks(schedule, 10), Counter[str]())
    assert again["objects"] >= 4
    schedule.adapt(1.0, 100_000.0)
    schedule.adapt(1.0, 0.0)
    assert schedule.stretch > 1.25

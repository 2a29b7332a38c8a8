"""The last twenty seconds of every camera: paced, bounded, thinned and told."""

from __future__ import annotations

import random
from itertools import pairwise
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import FakeClock
from core.types import Frame
from evidence.frame_ring import FrameRing, RingLimits, Window
from evidence.gaps import Why
from tests.evidence.samples.frames import START, frame


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(START)


@pytest.fixture
def ring(clock: FakeClock) -> FrameRing:
    return FrameRing(clock)


def send(ring: FrameRing, clock: FakeClock, frames: list[Frame]) -> list[Frame]:
    """Let frames come at their times, and return those that were taken."""
    taken = []
    for one in frames:
        clock.advance(one.received_at - clock.now())
        taken += [one] if ring.take(one) else []
    return taken


def every(seconds: float, until: float, begin: float = 0.0, size: int = 15_000, **more: str) -> list[Frame]:
    count = round((until - begin) / seconds)
    return [frame(begin + n * seconds, size, **more) for n in range(count + 1)]


def window(ring: FrameRing, begin: float, end: float, who: str = "anna") -> Window:
    return ring.window("r1", who, START + begin, START + end)


def times(seen: Window) -> list[float]:
    return [round(one.received_at - START, 3) for one in seen.frames]


def test_it_keeps_the_very_frames_of_the_last_twenty_seconds(ring: FrameRing, clock: FakeClock) -> None:
    sent = send(ring, clock, every(1, until=60, size=9_000))
    seen = window(ring, 0, 60)
    assert times(seen) == list(range(40, 61))
    assert all(kept is came for kept, came in zip(seen.frames, sent[40:], strict=True))
    assert ring.size == 21 * 9_000


def test_two_a_second_are_taken_of_ten_also_where_they_come_unevenly(ring: FrameRing, clock: FakeClock) -> None:
    uneven = [frame(n / 10 + random.Random(n).uniform(-0.04, 0.04), 4_000) for n in range(1, 200)]
    send(ring, clock, uneven)
    assert 38 <= len(window(ring, 0, 20).frames) <= 41


def test_a_camera_of_two_a_second_loses_none_to_jitter(ring: FrameRing, clock: FakeClock) -> None:
    sent = [frame(n / 2 + random.Random(n).uniform(-0.1, 0.1), 4_000) for n in range(1, 40)]
    assert len(send(ring, clock, sent)) >= 35


def test_channels_are_paced_apart_and_come_in_one_order(ring: FrameRing, clock: FakeClock) -> None:
    webcam, phone = every(0.5, until=5), every(0.5, begin=0.2, until=5.2, channel="arm")
    send(ring, clock, sorted([*webcam, *phone], key=lambda one: one.received_at))
    seen = window(ring, 0, 5.2)
    assert len(seen.frames) == 22
    assert {one.channel for one in seen.frames[:2]} == {"webcam", "arm"}
    assert times(seen) == sorted(times(seen))


def test_large_pictures_are_thinned_over_the_whole_time_and_it_says_so(ring: FrameRing, clock: FakeClock) -> None:
    send(ring, clock, every(0.5, until=40, size=40_000))
    seen = window(ring, 20, 40)
    assert ring.size <= 600_000
    assert len(seen.frames) == 15
    assert len(seen.frames) + seen.thinned == 41
    assert max(after - before for before, after in pairwise(times(seen))) <= 4
    assert times(seen)[-1] == 40


def test_a_hole_that_thinning_made_is_not_said_to_be_the_students(ring: FrameRing, clock: FakeClock) -> None:
    send(ring, clock, every(0.5, until=20, size=290_000))
    gaps = window(ring, 0, 20).gaps
    assert {gap.why for gap in gaps} == {Why.THINNED}


def test_a_camera_that_went_silent_is_a_gap(ring: FrameRing, clock: FakeClock) -> None:
    send(ring, clock, [*every(0.5, until=5), *every(0.5, begin=15, until=20)])
    (gap,) = window(ring, 0, 20).gaps
    assert (gap.channel, gap.begin - START, gap.end - START, gap.why) == ("webcam", 5, 15, Why.NONE_CAME)


def test_after_an_alert_five_a_second_are_kept_and_nothing_before_it_is_lost(ring: FrameRing, clock: FakeClock) -> None:
    send(ring, clock, every(0.5, until=20, size=14_000))
    ring.look_closely("r1", "anna", until=START + 30)
    send(ring, clock, every(0.2, begin=20.2, until=30, size=60_000))
    clock.advance(1)
    seen = window(ring, 0, 30)
    assert seen.thinned == 0
    assert seen.gaps == ()
    assert len([at for at in times(seen) if at > 20]) >= 48
    assert times(seen)[0] == 0


def test_after_the_close_look_it_is_as_before(ring: FrameRing, clock: FakeClock) -> None:
    ring.look_closely("r1", "anna", until=START + 10)
    send(ring, clock, every(0.2, until=60, size=60_000))
    ring.sweep()
    assert ring.size <= 600_000
    assert times(window(ring, 0, 60))[0] >= 40


def test_a_second_alert_prolongs_the_close_look(ring: FrameRing, clock: FakeClock) -> None:
    ring.look_closely("r1", "anna", until=START + 10)
    send(ring, clock, every(0.2, until=8, size=5_000))
    ring.look_closely("r1", "anna", until=START + 18)
    ring.look_closely("r1", "anna", until=START + 9)
    assert len(send(ring, clock, every(0.2, begin=8.2, until=18, size=5_000))) >= 48


def test_all_together_stay_within_the_limit(clock: FakeClock) -> None:
    ring = FrameRing(clock, RingLimits(total_bytes=3_000_000))
    crowd = [frame(n / 2, 30_000, who=f"s{who}") for n in range(60) for who in range(20)]
    for one in crowd:
        send(ring, clock, [one])
        assert ring.size <= 3_000_000
    kept = [len(window(ring, 10, 30, f"s{who}").frames) for who in range(20)]
    assert max(kept) - min(kept) <= 2
    assert min(kept) >= 4


def test_many_close_looks_at_once_stay_within_the_limit_too(clock: FakeClock) -> None:
    ring = FrameRing(clock, RingLimits(total_bytes=2_000_000))
    for who in range(10):
        ring.look_closely("r1", f"s{who}", until=START + 30)
    for n in range(100):
        send(ring, clock, [frame(n / 5, 30_000, who=f"s{who}") for who in range(10)])
        assert ring.size <= 2_000_000
    assert all(window(ring, 0, 20, f"s{who}").thinned for who in range(10))


def test_who_sends_no_more_makes_room_for_others(clock: FakeClock) -> None:
    ring = FrameRing(clock, RingLimits(total_bytes=600_000))
    send(ring, clock, every(0.5, until=10, size=25_000, who="ben"))
    send(ring, clock, every(0.5, begin=40, until=60, size=14_000))
    assert window(ring, 40, 60).thinned == 0
    assert window(ring, 0, 60, "ben").frames == ()


def test_sweeping_forgets_what_is_too_old(ring: FrameRing, clock: FakeClock) -> None:
    send(ring, clock, every(0.5, until=10))
    clock.advance(15)
    ring.sweep()
    assert times(window(ring, 0, 30))[0] == 5
    clock.advance(20)
    ring.sweep()
    assert window(ring, 0, 30).frames == ()
    assert ring.size == 0


def test_a_participant_or_a_room_is_forgotten_at_once(ring: FrameRing, clock: FakeClock) -> None:
    for who, room in [("anna", "r1"), ("ben", "r1"), ("anna", "r2")]:
        ring.take(frame(0, who=who, room=room))
    ring.forget("r1", "anna")
    assert ring.size == 30_000
    assert window(ring, 0, 1).frames == ()
    ring.forget("r1")
    assert ring.size == 15_000
    assert len(ring.window("r2", "anna", START, START + 1).frames) == 1


def test_a_frame_that_is_too_old_already_is_not_taken(ring: FrameRing, clock: FakeClock) -> None:
    clock.advance(30)
    assert not ring.take(frame(9))
    assert ring.take(frame(10))
    assert times(window(ring, 0, 30)) == [10]


def test_nobody_knows_anything_of_a_stranger(ring: FrameRing) -> None:
    seen = window(ring, 0, 20, "nobody")
    assert (seen.frames, seen.gaps, seen.thinned) == ((), (), 0)


def test_a_clock_that_is_set_back_does_not_stop_the_ring(ring: FrameRing, clock: FakeClock) -> None:
    send(ring, clock, every(0.5, begin=3600, until=3610))
    assert len(send(ring, clock, every(0.5, until=10))) == 21
    assert times(window(ring, 0, 7200))[-1] == 10


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 90), st.sampled_from("abc")), max_size=120))
def test_its_size_is_always_that_of_what_it_would_give(steps: list[tuple[int, int, str]]) -> None:
    clock, after = FakeClock(START), 0.0
    ring = FrameRing(clock, RingLimits(participant_bytes=200, total_bytes=350, close_bytes=300))
    for tenths, size, who in steps:
        after += tenths / 10
        send(ring, clock, [frame(after, size, who=who)])
        if size % 9 == 0:
            ring.look_closely("r1", who, START + after + 2)
        sizes = [sum(len(one.jpeg) for one in window(ring, 0, after, w).frames) for w in "abc"]
        assert sum(sizes) == ring.size <= 350
        assert max(sizes) <= 300


def test_threads_that_take_and_read_at_once_lose_no_count(clock: FakeClock) -> None:
    ring = FrameRing(clock, RingLimits(participant_bytes=60_000))

    def fill(who: str) -> None:
        for one in every(0.5, until=19, size=4_000, who=who):
            ring.take(one)
            window(ring, 0, 20, who)
            ring.sweep()

    threads = [Thread(target=fill, args=(f"s{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = [len(window(ring, 0, 20, f"s{n}").frames) for n in range(4)]
    assert kept == [15] * 4
    assert ring.size == 4 * 15 * 4_000

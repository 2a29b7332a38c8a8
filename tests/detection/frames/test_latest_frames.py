"""The waiting frames: newest wins, fair pick, drops counted."""

from __future__ import annotations

import threading

import pytest

from detection.frames.latest_frames import LatestFrames, Pick
from tests.detection.pictures import frame


@pytest.fixture
def intake() -> LatestFrames:
    return LatestFrames(interval=1.0, max_age=2.0)


def picked(intake: LatestFrames, now: float) -> str | None:
    pick = intake.next(now)
    return pick.frame.participant if pick else None


def test_the_newest_frame_wins(intake: LatestFrames) -> None:
    for sequence in (1, 2, 3):
        assert intake.offer(frame(sequence=sequence, at=0.1 * sequence), 0.1 * sequence)
    pick = intake.next(0.5)
    assert pick is not None and pick.frame.sequence == 3
    assert intake.counters()["replaced"] == 2
    assert intake.next(0.5) is None


@pytest.mark.parametrize("sequence", [4, 5])
def test_an_older_or_equal_sequence_is_refused(intake: LatestFrames, sequence: int) -> None:
    intake.offer(frame(sequence=5), 0.0)
    assert not intake.offer(frame(sequence=sequence), 0.5)
    assert intake.counters()["older"] == 1


def test_a_reloaded_page_may_count_from_the_start(intake: LatestFrames) -> None:
    intake.offer(frame(sequence=900), 0.0)
    assert intake.offer(frame(sequence=1, at=2.5), 2.5)


def test_channels_of_one_participant_have_sequences_of_their_own(intake: LatestFrames) -> None:
    intake.offer(frame(sequence=9), 0.0)
    assert intake.offer(frame(sequence=1, channel="phone"), 0.0)
    assert intake.counters()["waiting"] == 2


def test_at_most_one_frame_of_a_participant_is_out(intake: LatestFrames) -> None:
    intake.offer(frame(sequence=1), 0.0)
    intake.offer(frame(sequence=1, channel="phone"), 0.0)
    pick = intake.next(0.0)
    assert pick is not None
    assert intake.next(0.0) is None
    assert intake.done(pick.frame)
    assert intake.next(0.0) is not None


def test_a_phone_is_looked_at_half_as_often_as_a_webcam(intake: LatestFrames) -> None:
    looks = {"webcam": 0, "room": 0}
    for step in range(600):
        now = step * 0.1
        for channel in looks:
            intake.offer(frame(at=now, channel=channel), now)
        pick = intake.next(now)
        if pick is not None:
            looks[pick.frame.channel] += intake.done(pick.frame)
    assert looks == {"webcam": 60, "room": 30}
    assert intake.active(60.0) == 1


def test_the_first_look_is_at_the_webcam(intake: LatestFrames) -> None:
    intake.offer(frame(at=0.0, channel="head"), 0.0)
    intake.offer(frame(at=0.1, channel="webcam"), 0.1)
    pick = intake.next(0.1)
    assert pick is not None and pick.frame.channel == "webcam"


def test_who_was_not_looked_at_for_longest_goes_first(intake: LatestFrames) -> None:
    for name, at in (("ana", 0.0), ("ben", 0.2), ("cem", 0.4)):
        intake.offer(frame(participant=name, at=at), at)
        pick = intake.next(at)
        assert pick is not None and intake.done(pick.frame)
    for name in ("cem", "ben", "ana"):
        intake.offer(frame(participant=name, at=2.0), 2.0)
    assert [picked(intake, 2.0) for _ in range(3)] == ["ana", "ben", "cem"]


def test_nobody_is_looked_at_more_often_than_the_interval(intake: LatestFrames) -> None:
    intake.offer(frame(at=0.0), 0.0)
    pick = intake.next(0.0)
    assert pick is not None
    intake.done(pick.frame)
    intake.offer(frame(at=0.5), 0.5)
    assert intake.next(0.9) is None
    assert intake.delay(0.9) == pytest.approx(0.1)
    assert picked(intake, 1.0) == "ana"


def test_looks_that_come_late_do_not_make_the_later_ones_late(intake: LatestFrames) -> None:
    looks = 0
    for step in range(1000):  # somebody looks around every 0.07 s for who sends 20 pictures a second
        now = step * 0.07
        intake.offer(frame(at=now), now)
        pick = intake.next(now)
        looks += pick is not None and intake.done(pick.frame)
    assert looks == 70, "one a second all the same"


def test_after_a_pause_there_is_no_hurry(intake: LatestFrames) -> None:
    for at in (0.0, 60.0):
        intake.offer(frame(at=at), at)
        pick = intake.next(at)
        assert pick is not None and intake.done(pick.frame)
    intake.offer(frame(at=60.1), 60.1)
    assert intake.delay(60.1) == pytest.approx(0.9)


def test_everybody_gets_the_same_share_when_there_is_not_enough(intake: LatestFrames) -> None:
    looks = dict.fromkeys(("ana", "ben", "cem", "dia", "eva"), 0)
    for step in range(300):  # a look every 0.5 s for five who want one each second
        now = step * 0.5
        for name in looks:
            intake.offer(frame(participant=name, at=now), now)
        pick = intake.next(now)
        assert pick is not None and intake.done(pick.frame)
        looks[pick.frame.participant] += 1
    assert max(looks.values()) - min(looks.values()) <= 1


def test_an_old_frame_is_dropped_and_counted(intake: LatestFrames) -> None:
    intake.offer(frame(at=0.0), 0.0)
    assert intake.next(2.1) is None
    assert intake.counters()["expired"] == 1


def test_it_says_how_long_somebody_was_due(intake: LatestFrames) -> None:
    intake.offer(frame(sequence=1, at=0.0), 0.0)
    intake.offer(frame(sequence=2, at=0.5), 0.5)
    assert intake.next(0.75) == Pick(frame(sequence=2, at=0.5), 0.75)


def test_what_was_out_when_its_participant_left_counts_no_more(intake: LatestFrames) -> None:
    intake.offer(frame(), 0.0)
    pick = intake.next(0.0)
    assert pick is not None
    intake.offer(frame(at=0.1), 0.1)
    intake.forget("ana")
    assert not intake.done(pick.frame)
    assert intake.counters() == {**{"waiting": 0, "out": 0, "replaced": 0, "older": 0, "expired": 0, "forgotten": 1}}


def test_only_who_sends_is_active(intake: LatestFrames) -> None:
    intake.offer(frame(participant="ana"), 0.0)
    intake.offer(frame(participant="ben"), 5.0)
    assert intake.active(5.0) == 1


def test_a_due_frame_ends_the_wait(intake: LatestFrames) -> None:
    waiting = threading.Thread(target=intake.wait, args=(60.0,), daemon=True)
    waiting.start()
    intake.offer(frame(), 0.0)
    waiting.join(20.0)
    assert not waiting.is_alive()


def test_a_change_before_the_wait_is_not_missed(intake: LatestFrames) -> None:
    intake.wake()
    waiting = threading.Thread(target=intake.wait, args=(60.0,), daemon=True)
    waiting.start()
    waiting.join(20.0)
    assert not waiting.is_alive()


def test_threads_lose_no_frame(intake: LatestFrames) -> None:
    def send(name: str) -> None:
        for sequence in range(200):
            intake.offer(frame(participant=name, sequence=sequence, at=0.0), 0.0)

    threads = [threading.Thread(target=send, args=(f"s{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counters = intake.counters()
    assert counters["waiting"] == 8
    assert counters["replaced"] == 8 * 199


# ------------------------------------------------------------------------------------ at the limits


def is_woken(intake: LatestFrames) -> bool:
    return bool(vars(intake)["_changed"])


def test_by_default_everybody_is_looked_at_each_second_and_two_seconds_are_too_old() -> None:
    intake = LatestFrames()
    intake.offer(frame(at=0.0), 0.0)
    pick = intake.next(0.0)
    assert pick is not None and intake.done(pick.frame)
    intake.offer(frame(at=0.9), 0.9)
    assert intake.delay(0.9) == pytest.approx(0.1)
    assert intake.next(2.9) is not None, "two seconds are not too old"
    intake.offer(frame(participant="ben", at=10.0), 10.0)
    assert intake.next(12.1) is None


def test_who_waits_for_looks_is_woken_by_what_can_be_looked_at_now(intake: LatestFrames) -> None:
    assert not is_woken(intake)
    intake.offer(frame(at=0.0), 0.0)
    assert is_woken(intake)
    intake.wait(0.0)
    assert not is_woken(intake), "once is enough"
    pick = intake.next(0.0)
    assert pick is not None
    intake.offer(frame(at=0.1), 0.1)
    assert not is_woken(intake), "one of the same participant is out"
    intake.done(pick.frame)
    assert is_woken(intake)
    intake.wait(0.0)
    intake.offer(frame(at=0.9), 0.9)
    assert not is_woken(intake), "it is not due yet"
    intake.offer(frame(at=1.0), 1.0)
    assert is_woken(intake), "now it is"


def test_a_wait_ends_after_its_time(intake: LatestFrames) -> None:
    waiting = threading.Thread(target=intake.wait, args=(0.01,), daemon=True)
    waiting.start()
    waiting.join(20.0)
    assert not waiting.is_alive()


def test_where_looks_are_few_a_phone_waits_four_times_as_long_as_the_webcam(intake: LatestFrames) -> None:
    looks = {"webcam": 0, "head": 0}
    for step in range(200):
        now = step * 3.0
        for channel in looks:
            intake.offer(frame(at=now, channel=channel), now)
        pick = intake.next(now)
        assert pick is not None and intake.done(pick.frame)
        looks[pick.frame.channel] += 1
    assert 3.5 <= looks["webcam"] / looks["head"] <= 4.5


def test_a_participant_is_active_for_twice_the_age_of_a_frame_and_phones_do_not_count(intake: LatestFrames) -> None:
    intake.offer(frame(participant="ana", at=0.0), 0.0)
    intake.offer(frame(participant="ben", at=0.0, channel="head"), 0.0)
    intake.offer(frame(participant="cem", at=0.0, channel="screen"), 0.0)
    intake.offer(frame(participant="cem", at=0.0), 0.0)
    assert (intake.active(4.0), intake.active(4.1)) == (2, 0)


def test_what_is_forgotten_is_counted_where_it_waited_and_may_begin_anew(intake: LatestFrames) -> None:
    intake.offer(frame(sequence=9), 0.0)
    intake.offer(frame(sequence=9, channel="head"), 0.0)
    pick = intake.next(0.0)
    assert pick is not None
    assert intake.counters() == {"waiting": 1, "out": 1, "replaced": 0, "older": 0, "expired": 0, "forgotten": 0}
    intake.forget("ana")
    intake.forget("nobody")
    assert intake.counters() == {"waiting": 0, "out": 0, "replaced": 0, "older": 0, "expired": 0, "forgotten": 1}
    assert (intake.delay(0.0), intake.next(0.0)) == (None, None)
    assert intake.offer(frame(sequence=1), 0.0), "another page counts from the start"
    assert intake.delay(0.0) == 0.0


def test_only_the_very_frame_that_is_out_can_be_given_back(intake: LatestFrames) -> None:
    intake.offer(frame(sequence=1), 0.0)
    pick = intake.next(0.0)
    assert pick is not None
    assert not intake.done(frame(sequence=1)), "an equal one of before the participant was forgotten"
    assert not intake.done(frame(participant="nobody"))
    assert intake.counters()["out"] == 1
    assert intake.done(pick.frame)
    assert not intake.done(pick.frame)
    assert intake.counters()["out"] == 0

"""How often: guessing codes is hopeless, a whole class gets in, and a flood of events ends the connection."""

import contextlib
import os
from collections.abc import Iterable

import pytest

from core.clock import FakeClock
from core.errors import Busy, UserError
from rooms.protocol.join_guard import JoinGuard
from rooms.protocol.limits import Budget, Limits, address_block, constant_answer
from rooms.protocol.throttle import ThrottleLimits

SCHOOL, HOME = "192.0.2.1", "198.51.100.7"


def guard(**limits: int) -> tuple[JoinGuard, FakeClock]:
    clock = FakeClock()
    return JoinGuard(clock, Limits(**limits)), clock


def guess(join_guard: JoinGuard, address: str, browser: str = "") -> bool:
    """Try a wrong code, and return whether it was answered as one who seldom errs is."""
    try:
        is_usual = join_guard.check(address, browser) == 0.0
    except Busy:
        return False
    join_guard.failed(address, browser)
    return is_usual


def looked_up(join_guard: JoinGuard, address: str, browsers: Iterable[str]) -> int:
    """Try a wrong code in each of these browsers, and return how many were looked up at all."""
    count = 0
    for browser in browsers:
        with contextlib.suppress(Busy):
            join_guard.check(address, browser)
            join_guard.failed(address, browser)
            count += 1
    return count


# ------------------------------------------------------------------------------------------- joining


def test_a_class_joins_from_one_address_within_a_minute() -> None:
    join_guard, clock = guard()
    for participant in range(100):
        join_guard.check(SCHOOL)
        join_guard.succeeded(SCHOOL)
        join_guard.create_participant("room", participant, 100)
        clock.advance(0.5)


def test_an_address_has_thirty_wrong_codes_in_ten_minutes() -> None:
    join_guard, clock = guard()
    assert [guess(join_guard, HOME) for _ in range(31)] == [True] * 30 + [False]
    assert guess(join_guard, SCHOOL)
    refused = join_guard.refusal(HOME)
    assert (refused.code, refused.retry_after) == ("too_fast", 600)
    assert "600 seconds" in refused.text % refused.params
    clock.advance(600)
    assert guess(join_guard, HOME)


def test_after_one_clients_wrong_codes_a_class_at_the_same_address_gets_in_slowly() -> None:
    join_guard, clock = guard()
    join_guard.succeeded(SCHOOL)
    while guess(join_guard, SCHOOL, "eve"):
        pass
    for _ in range(100):
        with contextlib.suppress(Busy):
            join_guard.check(SCHOOL, "eve")
    for student in range(15):
        assert join_guard.check(SCHOOL, f"student {student}") == 0.0, "eve's own budget ended before the school's"
    while guess(join_guard, SCHOOL, os.urandom(4).hex()):
        pass
    for student in range(40):
        assert 0.0 < join_guard.check(SCHOOL, f"student {student}") <= 5.0
        clock.advance(0.5)


def test_in_the_throttle_one_browser_has_few_tries_and_all_without_a_cookie_are_one() -> None:
    join_guard, _ = guard(failures_per_address=1)
    join_guard.succeeded(HOME)
    assert guess(join_guard, HOME)
    assert looked_up(join_guard, HOME, ["eve"] * 50) == 6
    assert looked_up(join_guard, HOME, [""] * 50) == 6
    assert looked_up(join_guard, HOME, ["ana"]) == 1


def test_right_codes_give_no_more_wrong_ones() -> None:
    join_guard, _ = guard()
    tried = 0
    while guess(join_guard, HOME):
        join_guard.succeeded(HOME)
        tried += 1
    assert tried == 30


def test_a_guesser_with_many_addresses_is_stopped_but_not_the_school() -> None:
    join_guard, clock = guard()
    join_guard.succeeded(SCHOOL)
    tried = sum(guess(join_guard, f"10.0.{number // 250}.{number % 250}") for number in range(5000))
    assert tried == 120
    with pytest.raises(Busy) as refused:
        join_guard.check("203.0.113.9")
    assert 0.0 < refused.value.retry_after <= 60.0
    assert join_guard.check(SCHOOL) == 0.0
    clock.advance(60)
    assert join_guard.check("203.0.113.9", "ana") == 0.0


def test_strangers_share_a_few_slow_tries_while_everybodys_budget_is_spent() -> None:
    join_guard, _ = guard(failures_per_minute=1)
    assert guess(join_guard, HOME)
    assert join_guard.check("203.0.113.9") > 0.0
    assert looked_up(join_guard, "203.0.113.9", map(str, range(100))) == ThrottleLimits().of_strangers - 1


def test_a_school_stays_known_for_the_day_of_its_last_right_code() -> None:
    join_guard, clock = guard(failures_per_minute=1, known_minutes=60)
    join_guard.succeeded(SCHOOL)
    clock.advance(50 * 60)
    join_guard.succeeded(SCHOOL)
    clock.advance(50 * 60)
    assert guess(join_guard, HOME)
    assert join_guard.check(SCHOOL) == 0.0
    clock.advance(10 * 60)
    assert guess(join_guard, HOME)
    assert join_guard.check(SCHOOL) > 0.0


def test_guessing_one_of_ten_open_rooms_takes_longer_than_any_exam() -> None:
    tries = 1_000_000 / 10 / 2  # on average
    limits, lane = Limits(), ThrottleLimits()
    assert tries / (limits.failures_per_minute + lane.of_strangers) > 6 * 60, "with any number of addresses"
    known = limits.failures_per_address / limits.failures_minutes + lane.per_address
    assert tries / known > 6 * 60, "of somebody at an address where a class has joined"


def test_a_network_of_one_household_is_one_address() -> None:
    join_guard, _ = guard()
    tried = sum(guess(join_guard, f"2001:db8:1:2::{number:x}") for number in range(100))
    assert tried == 30
    assert guess(join_guard, "2001:db8:1:3::1")


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
        ("unix:", "unix:"),
        ("x" * 9999, "x" * 64),
    ],
)
def test_address_block(address: str, block: str) -> None:
    assert address_block(address) == block


def test_a_full_room_says_so() -> None:
    join_guard, _ = guard()
    join_guard.create_participant("room", 39, 40)
    with pytest.raises(Busy) as refused:
        join_guard.create_participant("room", 40, 40)
    assert refused.value.code == "room_full"
    with pytest.raises(Busy):
        join_guard.create_participant("huge", 200, 10_000)


def test_a_crowd_is_slowed_and_nobody_refused() -> None:
    join_guard, clock = guard(participants_per_minute=60)
    held = [join_guard.create_participant("room", 0, 200, str(participant)) for participant in range(61)]
    assert held == [0.0] * 60 + [Limits().crowd_seconds]
    assert join_guard.create_participant("another", 0, 200) == 0.0
    clock.advance(60)
    assert join_guard.create_participant("room", 60, 200) == 0.0


def test_one_browser_takes_few_participants() -> None:
    join_guard, clock = guard()
    for _ in range(Limits().participants_per_browser):
        join_guard.create_participant("room", 0, 40, "eve")
    with pytest.raises(Busy) as refused:
        join_guard.create_participant("another", 0, 40, "eve")
    assert (refused.value.code, refused.value.retry_after) == ("too_fast", 600)
    join_guard.create_participant("room", 0, 40, "ana")
    clock.advance(600)
    join_guard.create_participant("room", 0, 40, "eve")


# ------------------------------------------------------------------------------------------- the same answer


class Pause:
    """A sleep that moves the fake clock and remembers how long it was."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.slept: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.advance(seconds)


def answered_after(work_seconds: float, found: str | None) -> tuple[float, str]:
    clock = FakeClock()
    start = clock.now()

    def look_up() -> str | None:
        clock.advance(work_seconds)
        return found

    try:
        answer = constant_answer(look_up, clock, Pause(clock))
    except UserError as error:
        answer = error.code
    return round(clock.now() - start, 6), answer


@pytest.mark.parametrize(("work", "total"), [(0.0, 0.25), (0.001, 0.25), (0.2, 0.25), (0.3, 0.5), (3600, 3600.25)])
def test_every_answer_comes_at_a_whole_multiple(work: float, total: float) -> None:
    assert answered_after(work, None) == (total, "wrong_code")
    assert answered_after(work, "room") == (total, "room")


def test_a_clock_set_back_meanwhile_does_not_delay_the_answer() -> None:
    clock = FakeClock()
    pause = Pause(clock)
    assert constant_answer(lambda: str(clock.advance(-3600.1)), clock, pause)
    assert pause.slept == [0.25]


# ------------------------------------------------------------------------------------------- one connection

NOW = 1_700_000_000.0


def spent(budget: Budget, event: str, count: int, now: float = NOW) -> int:
    """Return how many of `count` events at one moment passed."""
    passed = 0
    for _ in range(count):
        try:
            budget.spend(event, now)
        except Busy:
            continue
        passed += 1
    return passed


@pytest.mark.parametrize(("event", "burst", "later"), [("frame", 20, 15), ("chat", 5, 0), ("page", 60, 20)])
def test_a_burst_passes_and_then_the_rate(event: str, burst: int, later: int) -> None:
    budget = Budget(NOW)
    assert spent(budget, event, 100) == burst
    assert spent(budget, event, 100, NOW + 1) == later


def test_a_clock_set_back_takes_nothing_away() -> None:
    budget = Budget(NOW)
    assert spent(budget, "chat", 4) == 4
    assert spent(budget, "chat", 2, NOW - 3600) == 1
    assert spent(budget, "chat", 2, NOW - 3598) == 1


def test_chat_comes_back_after_its_time() -> None:
    budget = Budget(NOW)
    assert spent(budget, "chat", 6) == 5
    assert spent(budget, "chat", 6, NOW + 10) == 5


def test_frames_leave_room_for_the_rest() -> None:
    budget = Budget(NOW)
    spent(budget, "frame", 100)
    assert spent(budget, "chat", 1) == 1
    assert spent(budget, "page", 1) == 1


def test_a_refusal_says_how_long() -> None:
    budget = Budget(NOW)
    spent(budget, "chat", 5)
    with pytest.raises(Busy) as refused:
        budget.spend("chat", NOW)
    assert (refused.value.code, refused.value.retry_after) == ("too_fast", 2.0)
    assert "2 seconds" in refused.value.text % refused.value.params


def test_a_storm_of_broken_messages_closes_the_connection() -> None:
    budget = Budget(NOW)
    assert [budget.count_bad(NOW) for _ in range(21)] == [False] * 20 + [True]
    assert budget.must_close
    assert budget.count_bad(NOW + 3600)  # and it stays so


def test_coming_again_opens_the_connection_and_saves_up_nothing() -> None:
    budget = Budget(NOW)
    assert spent(budget, "sound", 100) == 15
    for _ in range(21):
        budget.count_bad(NOW)
    assert budget.is_news("storm")
    again = budget.come_again()
    assert (again.must_close, again.is_news("storm"), spent(again, "sound", 100)) == (False, True, 0)
    assert spent(again.come_again(), "sound", 100, NOW + 3600) == 15


def test_who_comes_and_goes_without_end_does_not_fill_the_log() -> None:
    budget = Budget(NOW)
    lines = sum(budget.come_again().may_note(NOW + number / 100) for number in range(60_000))
    assert 40 < lines <= 40 + 600 * 0.2
    wireless = Budget(NOW)
    assert all(wireless.may_note(NOW + 10 * number) for number in range(100) for _ in ("lost", "back"))


def test_some_broken_messages_do_not() -> None:
    budget = Budget(NOW)
    for second in range(1000):
        assert not budget.count_bad(NOW + second)


def test_a_flood_of_refused_messages_closes_the_connection_too() -> None:
    budget = Budget(NOW)
    spent(budget, "page", 60 + 199)
    assert not budget.must_close
    spent(budget, "page", 2)
    assert budget.must_close


def test_an_honest_client_never_meets_a_limit() -> None:
    budget = Budget(NOW)
    for tick in range(10 * 60 * 10):
        budget.spend("frame", NOW + tick / 10)
        if tick % 50 == 0:
            budget.spend("page", NOW + tick / 10)
            budget.spend("chat", NOW + tick / 10)
    assert not budget.must_close


def test_histories_have_a_budget_of_their_own() -> None:
    budget, clock = Budget(0.0), FakeClock(0.0)
    for _ in range(10):
        budget.spend("history", clock.now())
    with pytest.raises(Busy):
        budget.spend("history", clock.now())
    budget.spend("camera", clock.now())
    clock.advance(1.0)
    budget.spend("history", clock.now())

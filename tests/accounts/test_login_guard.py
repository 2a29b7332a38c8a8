"""Guessing gets slow; a stranger cannot lock a teacher out."""

from __future__ import annotations

import pytest

from accounts.login_guard import MOST_KEYS, PER_ACCOUNT, PER_ADDRESS, SLOW_A_MINUTE, SLOW_S, WINDOW_S, LoginGuard
from core.errors import Busy

HOME, AWAY = "192.0.2.1", "198.51.100.7"


def fail(guard: LoginGuard, times: int, address: str = AWAY, email: str = "ana", now: float = 0.0) -> None:
    for _ in range(times):
        guard.failed(address, email, now)


def test_an_account_takes_so_many_guesses_from_everywhere() -> None:
    guard = LoginGuard()
    for number in range(PER_ACCOUNT):
        fail(guard, 1, address=f"203.0.113.{number}")
    with pytest.raises(Busy) as caught:
        guard.check("203.0.113.99", "ana", 1.0)
    assert caught.value.retry_after == WINDOW_S - 1.0
    guard.check("203.0.113.99", "ben", 1.0)


def test_an_address_takes_so_many_guesses_for_everybody() -> None:
    guard = LoginGuard()
    for number in range(PER_ADDRESS):
        fail(guard, 1, email=f"person{number}")
    assert guard.check(AWAY, "ana", 0.0) == SLOW_S
    assert guard.check(HOME, "ana", 0.0) == 0.0


def test_after_anothers_guesses_a_schools_teachers_still_get_in() -> None:
    guard = LoginGuard()
    guard.failed(AWAY, "ana", 0.0)
    guard.succeeded(AWAY, "ana", 0.0)
    fail(guard, PER_ADDRESS, email="person")
    assert guard.check(AWAY, "ana", 1.0) == 0.0, "who logged in here before does not even wait"
    assert [guard.check(AWAY, f"teacher{n}", 1.0) for n in range(SLOW_A_MINUTE)] == [SLOW_S] * SLOW_A_MINUTE
    with pytest.raises(Busy) as caught:
        guard.check(AWAY, "one more", 1.0)
    assert caught.value.retry_after == 60.0
    assert guard.check(AWAY, "one more", 61.0) == SLOW_S


def test_a_stranger_cannot_lock_out_who_logged_in_from_elsewhere() -> None:
    guard = LoginGuard()
    fail(guard, 1, HOME)
    guard.succeeded(HOME, "ana", 0.0)
    fail(guard, PER_ACCOUNT)
    guard.check(HOME, "ana", 1.0)
    with pytest.raises(Busy):
        guard.check(AWAY, "ana", 1.0)


def test_it_is_over_after_a_while() -> None:
    guard = LoginGuard()
    fail(guard, PER_ACCOUNT)
    guard.check(AWAY, "ana", WINDOW_S)


def test_a_success_takes_its_own_guess_back() -> None:
    guard = LoginGuard()
    for _ in range(PER_ADDRESS + 1):
        assert guard.check(HOME, "ana", 0.0) == 0.0
        guard.failed(HOME, "ana", 0.0)
        guard.succeeded(HOME, "ana", 0.0)


def test_many_addresses_do_not_fill_the_memory() -> None:
    guard = LoginGuard()
    for number in range(MOST_KEYS + 10):
        guard.failed(f"a{number}", f"b{number}", float(number))
    assert max(len(guard._of_address), len(guard._of_account)) <= MOST_KEYS
    fail(guard, PER_ACCOUNT, email="ana", now=float(MOST_KEYS + 20))
    with pytest.raises(Busy):
        guard.check(AWAY, "ana", float(MOST_KEYS + 20))

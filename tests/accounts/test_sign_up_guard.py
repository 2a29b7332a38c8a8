"""Where everybody may register nobody registers without end."""

from __future__ import annotations

import pytest

from accounts.sign_up_guard import PER_ADDRESS, PER_SERVER, WINDOW_S, SignUpGuard
from core.errors import Busy


def test_an_address_makes_so_many_accounts_an_hour() -> None:
    guard = SignUpGuard()
    for second in range(PER_ADDRESS):
        guard.take("192.0.2.1", float(second))
    with pytest.raises(Busy) as refused:
        guard.take("192.0.2.1", 100.0)
    assert refused.value.retry_after == WINDOW_S - 100
    guard.take("192.0.2.2", 100.0)
    guard.take("192.0.2.1", WINDOW_S)


def test_many_addresses_together_make_no_more_than_a_server_can_mean() -> None:
    guard = SignUpGuard()
    for number in range(PER_SERVER):
        guard.take(f"a{number}", 0.0)
    with pytest.raises(Busy):
        guard.take("another", 1.0)
    guard.take("another", WINDOW_S)

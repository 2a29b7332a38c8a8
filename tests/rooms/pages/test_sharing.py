"""The way into a room, as pages show it."""

from __future__ import annotations

import pytest

from rooms.pages.sharing import is_loopback


@pytest.mark.parametrize("host", ["127.0.0.1:5000", "localhost", "localhost:80", "[::1]:5000", "127.1.2.3"])
def test_addresses_of_this_machine_are_known(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["192.168.1.20:5000", "school.example", "localhost.example:80", "[fe80::1]:80", ""])
def test_addresses_of_the_network_are_known(host: str) -> None:
    assert not is_loopback(host)

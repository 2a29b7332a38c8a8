"""Places for connections: who gets one, who gives his up, and what is told about it."""

from __future__ import annotations

import logging
import socket

import pytest

from core.clock import FakeClock
from core.event_log import EventLog
from transport.connections import Connections, connections_for, counted_address, raise_file_limit


class Client:
    """A connection, with the other end of it that sees whether it was hung up on."""

    def __init__(self, made: list[Client]) -> None:
        self.ours, self.theirs = socket.socketpair()
        self.theirs.settimeout(0)
        made.append(self)

    @property
    def is_cut(self) -> bool:
        try:
            return self.theirs.recv(1) == b""
        except BlockingIOError:
            return False


class Hall:
    """Places for connections, and clients that take them."""

    def __init__(self, most: int, most_of_one: int) -> None:
        self.clock, self.made = FakeClock(), list[Client]()
        self.places = Connections(most, most_of_one, self.clock, EventLog(logging.getLogger("hall")))

    def enter(self, host: str, *, is_served: bool = False) -> Client | None:
        client = Client(self.made)
        if not self.places.enter(client.ours, host):
            return None
        if is_served:
            self.places.serve(client.ours)
        return client

    def close(self) -> None:
        for client in self.made:
            client.ours.close()
            client.theirs.close()


@pytest.fixture
def hall(request: pytest.FixtureRequest) -> Hall:
    made = Hall(most=4, most_of_one=2)
    request.addfinalizer(made.close)
    return made


def test_who_waits_longest_gives_his_place_to_the_next_of_his_address(hall: Hall) -> None:
    first, second = hall.enter("10.0.0.1"), hall.enter("10.0.0.1")
    other, third = hall.enter("10.0.0.2"), hall.enter("10.0.0.1")
    assert first and second and third and other
    assert [client.is_cut for client in (first, second, third, other)] == [True, False, False, False]
    assert (hall.places.figures().open, hall.places.figures().let_go) == (3, 1)


def test_who_has_just_said_something_is_not_the_one_who_waits_longest(hall: Hall) -> None:
    first, second = hall.enter("10.0.0.1"), hall.enter("10.0.0.1")
    assert first and second
    hall.places.serve(first.ours)
    hall.places.wait_for(first.ours)
    assert hall.enter("10.0.0.1")
    assert (first.is_cut, second.is_cut) == (False, True)


def test_when_all_places_are_taken_the_address_that_waits_most_gives_one(hall: Hall) -> None:
    busy = [hall.enter(f"10.0.0.{number}", is_served=True) for number in (1, 2)]
    waiting = [hall.enter("10.0.0.3") for _ in range(2)]
    assert hall.enter("10.0.0.4")
    assert [client.is_cut for client in (*busy, *waiting) if client] == [False, False, True, False]


def test_nobody_who_is_served_is_hung_up_on_and_refusing_is_told_once_a_minute(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    students = [hall.enter(f"10.0.0.{number}", is_served=True) for number in range(4)]
    with caplog.at_level(logging.WARNING):
        assert [hall.enter("10.0.0.9") for _ in range(50)] == [None] * 50
        hall.clock.advance(61)
        assert hall.enter("10.0.0.9") is None
    assert not any(client.is_cut for client in students if client)
    assert [line for line in caplog.messages if "connections-refused" in line] == [
        'connections-refused address=10.0.0.9 limit="of all" open=4'
    ] * 2
    figures = hall.places.figures()
    assert (figures.refused, figures.is_short) == (51, True)


def test_a_place_is_free_again_when_its_connection_is_over(hall: Hall) -> None:
    gone = [hall.enter(f"10.0.0.{number}", is_served=True) for number in range(4)]
    for client in gone:
        assert client
        hall.places.leave(client.ours)
        hall.places.leave(client.ours)
        hall.places.wait_for(client.ours)
    assert hall.places.figures().open == 0
    assert all(hall.enter(f"10.0.0.{number}", is_served=True) for number in range(4))


def test_when_the_system_has_no_more_files_somebody_who_waits_goes(hall: Hall) -> None:
    assert not hall.places.let_one_go()
    client = hall.enter("10.0.0.1")
    assert client and hall.places.let_one_go() and client.is_cut


def test_refusals_are_forgotten_after_a_while(hall: Hall) -> None:
    students = [hall.enter("10.0.0.1", is_served=True) for _ in range(2)]
    assert all(students) and hall.enter("10.0.0.1") is None
    assert hall.places.figures().is_short
    hall.clock.advance(601)
    assert not hall.places.figures().is_short


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_connections_are_counted_by_what_one_person_can_have(host: str, counted: str) -> None:
    assert counted_address(host) == counted


@pytest.mark.parametrize(
    ("files", "proxies", "most", "most_of_one"),
    [(256, 0, 192, 96), (1024, 0, 768, 384), (1024, 1, 768, 768), (65536, 0, 4096, 2048)],
)
def test_places_are_fewer_than_files_may_be_open(files: int, proxies: int, most: int, most_of_one: int) -> None:
    made = connections_for(proxies, FakeClock(), EventLog(logging.getLogger("hall")), lambda: files)
    assert (made.most, made.most_of_one) == (most, most_of_one)


def test_the_limit_of_open_files_is_raised_as_far_as_allowed() -> None:
    resource = pytest.importorskip("resource")
    before = soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 512), hard))
        reached = raise_file_limit(min(1024, hard))
        assert reached == resource.getrlimit(resource.RLIMIT_NOFILE)[0] == min(1024, hard)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)

"""The guard by a fake clock and the real libraries, without a network; real sockets are in tests/flows."""

from __future__ import annotations

import json
import logging
from types import SimpleNamespace
from typing import Any

import pytest
import socketio
from engineio.packet import MESSAGE, Packet

from core.clock import FakeClock
from core.event_log import EventLog
from rooms.protocol.events import STUDENT, TEACHER
from transport import connection_traffic as limits
from transport.connection_traffic import GuardedSocket, Traffic
from transport.fast_path_socket import GatheredPacket
from transport.packet_guard import JOIN_S, MOST_JOINS, MOST_LINES, PacketGuard

LOGGER = logging.getLogger("tests.guard")


class Door(socketio.Namespace):
    """A channel that lets everybody in and remembers what it was asked."""

    def __init__(self, namespace: str) -> None:
        super().__init__(namespace)
        self.asked: list[tuple[str, tuple[Any, ...]]] = []
        self.told: list[str] = []

    def trigger_event(self, event: str, *args: Any) -> None:
        self.told.append(event)

    def answer(self, _sid: str, event: str, args: tuple[Any, ...]) -> dict[str, Any]:
        self.asked.append((event, args))
        return {"ok": True}


class Hall:
    """One server with two doors, and connections whose other end never reads."""

    def __init__(self) -> None:
        self.clock = FakeClock(1000.0)
        self.server = socketio.Server(async_mode="threading", async_handlers=False, namespaces=[STUDENT, TEACHER])
        self.server.eio.start_service_task = False
        self.server.start_background_task = lambda task, *args: task(*args)
        self.doors = {name: Door(name) for name in (STUDENT, TEACHER)}
        for door in self.doors.values():
            self.server.register_namespace(door)
        self.guard = PacketGuard(self.server, (STUDENT, TEACHER), TEACHER, EventLog(LOGGER), self.clock)

    def connection(self, name: str = "e1") -> Any:
        """Open a connection as Engine.IO does it."""
        from engineio.socket import Socket  # noqa: PLC0415 - the only place that needs it

        made = Socket(self.server.eio, name)
        made.last_ping = None
        self.server.eio.sockets[name] = made
        self.server.eio._trigger_event("connect", name, {"REMOTE_ADDR": "127.0.0.1"}, run_async=False)
        return made

    def joined(self, namespace: str = STUDENT, name: str = "e1") -> Any:
        """Open a connection and join."""
        made = self.connection(name)
        self.say(name, f"40{namespace},{{}}")
        return made

    def say(self, name: str, *packets: str | bytes) -> list[bool]:
        """Let a client send, and say of each packet whether it got past the guard."""
        passed = []
        for packet in packets:
            passed.append(self.guard._may_pass(name, packet))
            if passed[-1] and packet not in (limits.PONG, limits.CLOSE):
                self.guard.take(name, packet[1:] if isinstance(packet, str) else packet)
        return passed

    def is_open(self, name: str = "e1") -> bool:
        return not self.server.eio.sockets[name].closed


@pytest.fixture
def hall() -> Hall:
    return Hall()


def test_who_never_joins_is_sent_away_in_time(hall: Hall) -> None:
    hall.connection("silent")
    hall.joined(name="student")
    hall.clock.advance(JOIN_S - 1)
    hall.guard.look_around()
    assert (hall.is_open("silent"), hall.is_open("student")) == (True, True)
    for _ in range(8):
        hall.clock.advance(2.0)
        hall.say("silent", limits.PONG)  # answers every ping
        hall.guard.look_around()
    assert (hall.is_open("silent"), hall.is_open("student")) == (False, True)


def test_who_was_sent_out_of_a_namespace_may_come_back_for_a_while(hall: Hall) -> None:
    hall.joined()
    hall.guard.look_around()
    hall.clock.advance(500.0)
    hall.say("e1", f"41{STUDENT},")
    hall.guard.look_around()
    assert hall.say("e1", f'42{STUDENT},["late"]') == [True]  # it was on its way
    hall.clock.advance(JOIN_S / 2)
    hall.guard.look_around()
    assert hall.is_open()
    hall.clock.advance(JOIN_S)
    hall.guard.look_around()
    assert not hall.is_open()
    assert hall.doors[STUDENT].asked == []


def test_a_packet_of_no_use_tells_the_channel_at_once_that_the_client_is_gone(hall: Hall) -> None:
    hall.joined()
    hall.say("e1", "")
    assert hall.doors[STUDENT].told == ["connect", "disconnect"]
    assert not hall.is_open()


@pytest.mark.parametrize("name", ["connect", "disconnect", "message", "__disconnect_final"])
def test_whatever_a_client_calls_its_event_the_channel_is_asked(hall: Hall, name: str) -> None:
    hall.joined()
    hall.say("e1", f"42{STUDENT},{json.dumps([name, {'a': 1}])}")
    assert hall.doors[STUDENT].told == ["connect"]
    assert hall.doors[STUDENT].asked == [(name, ({"a": 1},))]


@pytest.mark.parametrize("data", ["[[]]", "[]", "[null]", "[5]", '[{"a":1}]', '{"a":1}', '"x"', "[true]"])
def test_an_event_without_a_name_ends_the_connection(hall: Hall, data: str) -> None:
    hall.joined()
    hall.say("e1", f"42{STUDENT},{data}")
    assert (hall.is_open(), hall.doors[STUDENT].asked) == (False, [])


def test_joining_has_an_end(hall: Hall) -> None:
    hall.connection()
    hall.say("e1", *["40/nowhere,"] * (MOST_JOINS + 1))
    assert not hall.is_open()


def test_a_flood_of_packets_ends_the_connection_and_an_honest_rate_does_not(hall: Hall) -> None:
    hall.joined(name="honest")
    hall.joined(name="flood")
    packet = f'42{STUDENT},["frame"]'
    for _ in range(50):
        hall.clock.advance(0.2)
        assert all(hall.say("honest", *[packet] * 20))  # 100 a second, for ten seconds
    hall.say("flood", *[packet] * 1000)
    assert (hall.is_open("honest"), hall.is_open("flood")) == (True, False)


def test_before_joining_there_is_little_to_say(hall: Hall) -> None:
    hall.connection()
    assert hall.say("e1", *[limits.PONG] * 100).count(True) == limits.MOST_PACKETS / limits.ALONE_COST


def test_bytes_are_counted_and_text_weighs_more() -> None:
    sent = dict.fromkeys((False, True), 0)
    for is_text in sent:
        traffic = Traffic(0.0)
        piece = "x" * 250_000 if is_text else bytes(250_000)
        while not traffic.overrun(piece, False, 0.0):
            sent[is_text] += 1
    assert (sent[True], sent[False]) == (12, 50)


def test_a_large_join_is_no_ticket(hall: Hall) -> None:
    hall.connection()
    assert hall.say("e1", "40" + STUDENT + "," + "[" * limits.MOST_JOIN) == [False]


def fill(connection: Any, size: int, most: int = 5000) -> int:
    """Queue packets for a client that does not read until it is given up, and return how many it took."""
    from engineio.exceptions import SocketIsClosedError  # noqa: PLC0415

    for number in range(most):
        try:
            connection.send(Packet(MESSAGE, data="x" * size))
        except SocketIsClosedError:
            return number
        if connection.closed:
            return number
    return most


@pytest.mark.parametrize(("namespace", "share"), [(STUDENT, 1), (TEACHER, limits.TEACHERS_SHARE)])
def test_who_does_not_read_is_given_up_and_what_waits_is_let_go(hall: Hall, namespace: str, share: int) -> None:
    connection = hall.joined(namespace)
    cut: list[int] = []
    hall.guard._known["e1"].ws = SimpleNamespace(socket=SimpleNamespace(shutdown=cut.append))
    taken = fill(connection, 16 * 1024)
    assert taken >= limits.FEW_WAITING
    assert taken * 16 * 1024 <= share * limits.MOST_WAITING_BYTES + 2 * 16 * 1024
    assert (connection.closed, len(cut), connection.queue.qsize()) == (True, 1, 1)
    assert hall.doors[namespace].told[-1] == "disconnect"


def test_many_small_packets_are_too_many_as_well(hall: Hall) -> None:
    assert fill(hall.joined(), 10) <= limits.MOST_WAITING + 1


def test_one_large_packet_may_always_wait_and_pictures_weigh_nothing(hall: Hall) -> None:
    connection = hall.joined()
    assert fill(connection, 4 * 1024**2, most=2) == 2
    while connection.queue.qsize():
        connection.queue.get()
    for _ in range(100):
        connection.send(GatheredPacket([bytes(1024**2)]))
    assert hall.is_open()


def test_others_get_their_turn_between_two_messages() -> None:
    turns: list[str] = []
    said = iter(["41", "42"])

    def wait() -> str | None:
        turns.append("read")
        return next(said, None)

    ws = SimpleNamespace(send=None, close=None, wait=wait)
    guarded = GuardedSocket(ws, lambda _data: True, lambda: turns.append("pause"))
    heard = [guarded.wait() for _ in range(3)]
    assert (heard, turns) == (["41", "42", None], ["read", "pause", "read", "pause", "read"])


def test_what_is_refused_is_noted_a_bounded_number_of_times(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(300):
        hall.connection(f"e{number}")
        hall.say(f"e{number}", "junk")
    assert len([r for r in caplog.records if "broken-packet" in r.getMessage()]) == MOST_LINES

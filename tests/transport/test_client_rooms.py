"""Rooms of the real python-socketio, without a network: who gets what, how often it is encoded, and many threads."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
import socketio

from rooms.live.broadcaster import Broadcaster
from rooms.protocol.socket_rooms import devices_of, students_of, teachers_of
from tests.transport.test_packet_guard import Hall
from transport.client_rooms import ClientRooms
from transport.connection_traffic import MOST_WAITING

STUDENT = "/student"


class Server:
    """A server whose packets are kept instead of sent."""

    def __init__(self) -> None:
        self.rooms = ClientRooms()
        self.real = socketio.Server(async_mode="threading", client_manager=self.rooms, namespaces=[STUDENT])
        self.sent: list[tuple[str, Any]] = []
        self.real._send_eio_packet = lambda eio_sid, packet: self.sent.append((eio_sid, packet))
        self.broadcaster = Broadcaster(SimpleNamespace(server=self.real))

    def connect(self, name: str) -> str:
        """Let a client in, and return its id in the namespace."""
        sid: str = self.rooms.connect(f"eio-{name}", STUDENT)
        return sid


@pytest.fixture
def server() -> Server:
    return Server()


def test_a_room_gets_one_packet_object_for_all_who_are_in_it(server: Server) -> None:
    for name in "abc":
        server.broadcaster.enter(server.connect(name), [students_of("r1")])
    server.connect("d")
    server.broadcaster.to_rooms([students_of("r1")], "chat", {"text": "hello"})
    assert [to for to, _packet in server.sent] == ["eio-a", "eio-b", "eio-c"]
    assert len({id(packet) for _to, packet in server.sent}) == 1, "encoded once"


def test_several_rooms_are_one_emit_and_who_is_in_two_of_them_gets_it_once(server: Server) -> None:
    first, second = server.connect("a"), server.connect("b")
    server.broadcaster.enter(first, [devices_of("p1"), devices_of("p2")])
    server.broadcaster.enter(second, [devices_of("p2")])
    devices = [devices_of("p1"), devices_of("p2"), devices_of("p3")]
    server.broadcaster.to_rooms(devices, "room", {"exam": None})
    assert sorted(to for to, _packet in server.sent) == ["eio-a", "eio-b"]
    assert len({id(packet) for _to, packet in server.sent}) == 1


def test_nobody_is_not_everybody(server: Server) -> None:
    """python-socketio sends an event with an empty list of rooms to the whole namespace."""
    server.connect("a")
    server.broadcaster.to_rooms([], "chat", {})
    server.broadcaster.to_rooms([students_of("r1")], "chat", {})
    assert server.sent == []
    server.real.emit("chat", {}, to=[], namespace=STUDENT)
    assert [to for to, _packet in server.sent] == ["eio-a"], "what the line above guards against"


def test_who_left_or_ended_gets_nothing_more(server: Server) -> None:
    left, ended, stays = server.connect("a"), server.connect("b"), server.connect("c")
    for sid in (left, ended, stays):
        server.broadcaster.enter(sid, [students_of("r1")])
    server.broadcaster.leave(left, [students_of("r1"), teachers_of("r1")])
    server.rooms.disconnect(ended, STUDENT)
    server.broadcaster.enter(ended, [students_of("r1")])
    server.broadcaster.to_rooms([students_of("r1")], "chat", {})
    assert [to for to, _packet in server.sent] == ["eio-c"]
    server.broadcaster.to_sid(STUDENT, ended, "replaced", {})
    server.broadcaster.to_sid(STUDENT, left, "replaced", {})
    assert [to for to, _packet in server.sent] == ["eio-c", "eio-a"]


def test_who_does_not_read_is_closed_and_keeps_nobody_else_from_an_event() -> None:
    hall = Hall()
    hall.server.manager = ClientRooms()
    hall.server.manager.set_server(hall.server)
    broadcaster = Broadcaster(SimpleNamespace(server=hall.server))
    slow, quick = hall.joined(STUDENT, "e1"), hall.joined(STUDENT, "e2")
    for name in ("e1", "e2"):
        broadcaster.enter(hall.server.manager.sid_from_eio_sid(name, STUDENT), [students_of("r1")])
    arrived = 0
    for _ in range(MOST_WAITING + 5):
        broadcaster.to_rooms([students_of("r1")], "chat", {"text": "hello"})
        while not quick.queue.empty():
            arrived += "hello" in quick.queue.get().encode()
    assert (slow.closed, quick.closed, arrived) == (True, False, MOST_WAITING + 5)
    assert slow.queue.qsize() <= 1, "what it will never read is let go"


# ------------------------------------------------------------------------------------ many threads


@pytest.fixture
def quick_switches() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def together(*tasks: Callable[[], None]) -> list[Exception]:
    """Run tasks at the same time and return what they raised."""
    raised: list[Exception] = []
    start = threading.Barrier(len(tasks))

    def run(task: Callable[[], None]) -> None:
        start.wait(5)
        try:
            task()
        except Exception as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads), "one waits for another"
    return raised


@pytest.mark.usefixtures("quick_switches")
def test_a_room_that_empties_and_fills_all_the_time_loses_nobody(server: Server) -> None:
    sids = [server.connect(name) for name in "abc"]
    place = students_of("r1")

    def come_and_go(sid: str) -> None:
        for _ in range(1500):
            server.real.enter_room(sid, place.name, namespace=STUDENT)
            server.real.leave_room(sid, place.name, namespace=STUDENT)
        server.real.enter_room(sid, place.name, namespace=STUDENT)

    def talk() -> None:
        for _ in range(1500):
            server.real.emit("chat", {}, to=place.name, namespace=STUDENT)

    assert together(*(partial(come_and_go, sid) for sid in sids), talk) == []
    assert sorted(sid for sid, _ in server.rooms.get_participants(STUDENT, place.name)) == sorted(sids)


def test_what_vanished_between_the_look_and_the_use_is_looked_up_anew(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    sid = server.connect("a")
    server.broadcaster.enter(sid, [students_of("r1")])
    find, failures = socketio.Manager.get_participants, ["once"]

    def vanish(self: Any, namespace: str, rooms: list[str]) -> Iterator[tuple[str, str]]:
        if failures:
            raise KeyError(failures.pop())
        yield from find(self, namespace, rooms)

    monkeypatch.setattr(socketio.Manager, "get_participants", vanish)
    server.broadcaster.enter(server.connect("b"), [devices_of("p1")])
    server.broadcaster.to_rooms([students_of("r1"), devices_of("p1")], "chat", {})
    assert [to for to, _packet in server.sent] == ["eio-a", "eio-b"]


def test_nobody_is_put_into_a_room_while_being_taken_out_of_all(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread that comes in the middle of a disconnect waits, and then finds no connection."""
    sid = server.connect("a")
    server.broadcaster.enter(sid, [students_of("r1")])
    waiting = threading.Event()
    leave, done = server.rooms.basic_leave_room, threading.Event()

    def enter() -> None:
        waiting.set()
        server.broadcaster.enter(sid, [students_of("r2")])
        done.set()

    def slowly(*args: Any) -> None:
        if not waiting.is_set():
            threading.Thread(target=enter).start()
            waiting.wait(5)
            assert not done.wait(0.05), "nobody enters meanwhile"
        leave(*args)

    monkeypatch.setattr(server.rooms, "basic_leave_room", slowly)
    server.rooms.disconnect(sid, STUDENT)
    assert done.wait(5)
    assert server.rooms.rooms == {}

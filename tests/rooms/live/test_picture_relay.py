import threading
from collections.abc import Callable
from typing import Any

from core.clock import FakeClock
from rooms.live.picture_relay import MOST_BYTES_UNDER_WAY, TeacherStream, Tile


class Wire:
    """Takes ticks as the network would, and acknowledges them when a test says so."""

    def __init__(self) -> None:
        self.ticks: list[tuple[dict[str, Any], list[bytes]]] = []
        self.acks: list[Callable[[], None]] = []
        self.arrived = threading.Semaphore(0)

    def __call__(
        self, _sid: str, index: dict[str, Any], pictures: list[bytes], acknowledged: Callable[[], None]
    ) -> None:
        self.ticks.append((index, pictures))
        self.acks.append(acknowledged)
        self.arrived.release()


def make_lane(wire: Wire, clock: FakeClock | None = None) -> TeacherStream:
    return TeacherStream("t1", wire, clock or FakeClock(100.0))


def run(lane: TeacherStream) -> threading.Thread:
    thread = threading.Thread(target=lane.run, args=(lambda _seconds: None,))
    thread.start()
    return thread


def end(lane: TeacherStream, thread: threading.Thread) -> None:
    lane.close()
    thread.join(5)
    assert not thread.is_alive()


class Watched(threading.Condition):
    """Says when somebody waits at it."""

    def __init__(self) -> None:
        super().__init__()
        self.waits = threading.Semaphore(0)

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.release()
        return super().wait(timeout)


def test_all_that_waits_goes_in_one_tick_with_ages_and_sizes() -> None:
    wire, clock = Wire(), FakeClock(100.0)
    lane = make_lane(wire, clock)
    lane.offer(Tile("p1", 7, 99.5, b"one"))
    lane.offer(Tile("p2", 9, 99.9, b"three"))
    thread = run(lane)
    assert wire.arrived.acquire(timeout=5)
    end(lane, thread)
    index, pictures = wire.ticks[0]
    assert index == {"tick": 1, "server_time": 100000, "tiles": [["p1", 7, 500, 3], ["p2", 9, 99, 5]]}
    assert pictures == [b"one", b"three"]


def test_a_newer_picture_replaces_the_one_that_waits() -> None:
    wire = Wire()
    lane = make_lane(wire)
    for sequence in range(1000):
        lane.offer(Tile("p1", sequence, 99.0, b"%d" % sequence))
    thread = run(lane)
    assert wire.arrived.acquire(timeout=5)
    end(lane, thread)
    assert (wire.ticks[0][1], lane.replaced) == ([b"999"], 999)


def test_without_an_acknowledgement_two_ticks_are_under_way_and_no_more() -> None:
    wire = Wire()
    lane = make_lane(wire)
    thread = run(lane)
    for sequence in range(2):
        lane.offer(Tile("p1", sequence, 99.0, b"x"))
        assert wire.arrived.acquire(timeout=5)
    lane.offer(Tile("p1", 2, 99.0, b"two"))
    lane.offer(Tile("p1", 3, 99.0, b"three"))
    assert not wire.arrived.acquire(timeout=0.05)
    wire.acks[0]()
    assert wire.arrived.acquire(timeout=5)
    end(lane, thread)
    assert wire.ticks[2][1] == [b"three"]


def test_a_large_tick_is_not_followed_before_it_is_acknowledged() -> None:
    wire = Wire()
    lane = make_lane(wire)
    thread = run(lane)
    lane.offer(Tile("p1", 1, 99.0, bytes(MOST_BYTES_UNDER_WAY)))
    assert wire.arrived.acquire(timeout=5)
    lane.offer(Tile("p1", 2, 99.0, b"next"))
    assert not wire.arrived.acquire(timeout=0.05)
    wire.acks[0]()
    assert wire.arrived.acquire(timeout=5)
    end(lane, thread)


def test_who_left_the_screen_is_not_sent() -> None:
    wire = Wire()
    lane = make_lane(wire)
    lane.offer(Tile("p1", 1, 99.0, b"gone"))
    lane.offer(Tile("p2", 1, 99.0, b"here"))
    lane.keep_only(frozenset({"p2"}))
    thread = run(lane)
    assert wire.arrived.acquire(timeout=5)
    end(lane, thread)
    assert wire.ticks[0][1] == [b"here"]


def test_a_connection_that_ends_under_a_tick_ends_the_lane() -> None:
    def cut(*_args: Any) -> None:
        raise ConnectionResetError

    lane = TeacherStream("t1", cut, FakeClock())
    lane.offer(Tile("p1", 1, 99.0, b"x"))
    thread = run(lane)
    thread.join(5)
    assert not thread.is_alive()


def test_a_phones_picture_has_a_slot_of_its_own_and_names_its_channel() -> None:
    wire = Wire()
    lane = make_lane(wire)
    lane.offer(Tile("p1", 1, 99.5, b"face"))
    lane.offer(Tile("p1", 2, 99.5, b"desk", "head"))
    lane.offer(Tile("p1", 3, 99.5, b"room", "room"))
    thread = run(lane)
    assert wire.arrived.acquire(timeout=5)
    end(lane, thread)
    index, pictures = wire.ticks[0]
    assert index["tiles"] == [["p1", 1, 500, 4], ["p1", 2, 500, 4, "head"], ["p1", 3, 500, 4, "room"]]
    assert pictures == [b"face", b"desk", b"room"]


def test_pictures_of_phones_go_with_the_focus() -> None:
    wire = Wire()
    lane = make_lane(wire)
    for sequence, (who, channel) in enumerate([("p1", "webcam"), ("p1", "head"), ("p2", "webcam"), ("p2", "head")]):
        lane.offer(Tile(who, sequence, 99.0, f"{who} {channel}".encode(), channel))
    lane.keep_only(frozenset({"p1", "p2"}), "p2")
    thread = run(lane)
    assert wire.arrived.acquire(timeout=5)
    end(lane, thread)
    assert wire.ticks[0][1] == [b"p1 webcam", b"p2 webcam", b"p2 head"]


def test_a_lane_that_waits_is_woken_by_a_picture_by_an_acknowledgement_and_by_its_end() -> None:
    wire, wake = Wire(), Watched()
    lane = make_lane(wire)
    lane._wake = wake
    thread = run(lane)
    assert wake.waits.acquire(timeout=5)
    lane.offer(Tile("p1", 1, 99.0, bytes(MOST_BYTES_UNDER_WAY)))
    assert wire.arrived.acquire(timeout=5)
    assert wake.waits.acquire(timeout=5)
    lane.offer(Tile("p1", 2, 99.0, b"next"))
    assert wake.waits.acquire(timeout=5), "there is no credit for it"
    wire.acks[0]()
    assert wire.arrived.acquire(timeout=5)
    assert wake.waits.acquire(timeout=5)
    end(lane, thread)

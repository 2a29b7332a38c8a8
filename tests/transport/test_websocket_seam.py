"""The WebSocket seam over real sockets, in both async modes: a server process, real clients and hand-made frames."""

import json
import os
import queue
import socket
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
import socketio
from websocket import ABNF

from settings import ASYNC_MODES
from tests.flows.people import InOrderClient
from tests.rooms.lane_server import MOST_BYTES, running
from tests.rooms.raw_browser import WAIT_S, Raw, on_wire

pytestmark = pytest.mark.slow

SERVERS = [("compiled", "eventlet"), ("python", "eventlet"), ("compiled", "threading"), ("python", "threading")]


@pytest.fixture(scope="module", params=SERVERS, ids="-".join)
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    kernels, async_mode = request.param
    with running(kernels, async_mode=async_mode) as number:
        yield number


@pytest.fixture
def student(port: int) -> Iterator[socketio.Client]:
    client = InOrderClient(reconnection=False)
    client.connect(f"http://127.0.0.1:{port}", transports=["websocket"], namespaces=["/student"])
    yield client
    client.disconnect()


@pytest.fixture
def raw(port: int) -> Iterator[Raw]:
    browser = Raw(port)
    yield browser
    browser.close()


# --------------------------------------------------------------------------------------------- lanes


def test_a_frame_takes_the_lane_and_is_acknowledged(student: socketio.Client) -> None:
    jpeg = os.urandom(15_001)
    assert student.call("frame", (7, 1_790_000_000_000, jpeg), namespace="/student") == {"ok": True}
    assert ["lane", 7, 1_790_000_000_000, 15_001] in student.call("note", "log", namespace="/student")


def test_a_lane_answers_with_what_its_callable_says(student: socketio.Client) -> None:
    answer = student.call("frame", (1, 2, b"bad"), namespace="/student")
    assert answer == {"error": {"code": "bad_frame"}}


def test_a_mistake_in_a_lane_is_answered_and_the_connection_stays(student: socketio.Client) -> None:
    answer = student.call("frame", (1, 2, b"boom"), namespace="/student")
    assert answer["error"]["code"] == "server_error"
    assert student.call("frame", (2, 2, b"fine"), namespace="/student") == {"ok": True}


@pytest.mark.parametrize(
    "args",
    [
        (1.5, 2, b"x"),
        (-1, 2, b"x"),
        (1, None, b"x"),
        ("1", 2, b"x"),
        (1, 2, 3, b"x"),
        (1, b"x"),
        (b"x", 1, 2),
        (1, 2, "x"),
        (1, 2, b"x", b"y"),
        (1, 10**16, b"x"),
        (),
    ],
    ids=repr,
)
def test_what_does_not_match_exactly_goes_the_usual_way(student: socketio.Client, args: tuple[Any, ...]) -> None:
    assert student.call("frame", args, namespace="/student") == {"ok": True}
    expected = ["event", *(len(a) if isinstance(a, bytes) else a for a in args)]
    assert expected in student.call("note", namespace="/student")


def test_a_frame_that_asks_for_no_acknowledgement_goes_the_usual_way(student: socketio.Client) -> None:
    student.emit("frame", (31, 32, b"four"), namespace="/student")
    assert ["event", 31, 32, 4] in student.call("note", namespace="/student")


def test_a_closed_lane_leaves_frames_to_the_handler(student: socketio.Client) -> None:
    assert student.call("close_fast_path", namespace="/student") is True
    assert student.call("frame", (41, 42, b"four"), namespace="/student") == {"ok": True}
    assert ["event", 41, 42, 4] in student.call("note", namespace="/student")


def test_frames_and_events_arrive_in_the_order_they_were_sent(raw: Raw) -> None:
    for number in range(40):
        raw.send(raw.frame(number, 1000 + number, os.urandom(3000)))
        raw.ws.send(f'42/student,["note","n{number}"]')
    seen = raw.ask("note", "end")
    wanted = [entry for n in range(40) for entry in (["lane", 1000 + n, 5, 3000], ["note", f"n{n}"])]
    assert [entry for entry in seen if entry in wanted] == wanted


def test_acknowledgements_do_not_tear_events_with_attachments_apart(student: socketio.Client) -> None:
    got: queue.Queue[tuple[int, int]] = queue.Queue()
    student.on("chat", lambda number, data: got.put((number, len(data))), namespace="/student")
    student.emit("chat", 100, namespace="/student")
    for seq in range(100):
        assert student.call("frame", (seq, 1, b"x" * 2000), namespace="/student") == {"ok": True}
    assert [got.get(timeout=WAIT_S) for _ in range(100)] == [(number, 20_000) for number in range(100)]


def test_a_pong_between_the_halves_of_a_frame_disturbs_nothing(raw: Raw) -> None:
    text, jpeg = raw.frame(5, 51, b"four")
    raw.send([text, (ABNF.OPCODE_TEXT, b"3"), jpeg])
    assert raw.acknowledgement(5) == [{"ok": True}]


def test_half_a_frame_followed_by_an_event_is_handled_as_stock_does(raw: Raw) -> None:
    # Socket.IO takes the text for the attachment, whatever it is; what counts is that nothing hangs or crashes.
    raw.ws.send(raw.frame(5, 61, b"")[0][1].decode())
    raw.ws.send('42/student,["note","lost"]')
    assert raw.acknowledgement(5) == [{"ok": True}]
    assert ["event", 61, 5, '2/student,["note","lost"]'] in raw.ask("note")


# --------------------------------------------------------------------------------------------- framing


def test_a_frame_in_many_small_segments(raw: Raw) -> None:
    raw.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    stream = b"".join(on_wire(*message) for message in raw.frame(3, 71, bytes(range(256)) * 2))
    for at in range(0, len(stream), 7):
        raw.sock.sendall(stream[at : at + 7])
    assert raw.acknowledgement(3) == [{"ok": True}]


def test_many_frames_in_one_segment(raw: Raw) -> None:
    raw.sock.sendall(b"".join(on_wire(*m) for number in range(30) for m in raw.frame(number, number, b"tiny")))
    assert [raw.acknowledgement(number) for number in range(30)] == [[{"ok": True}]] * 30


def test_a_fragmented_picture_with_a_ping_between(raw: Raw) -> None:
    text, (_, jpeg) = raw.frame(8, 81, os.urandom(9_999))
    pieces = [
        on_wire(*text),
        on_wire(ABNF.OPCODE_BINARY, jpeg[:1001], 0),
        on_wire(ABNF.OPCODE_PING, b"are you there"),
        on_wire(ABNF.OPCODE_CONT, b"", 0),
        on_wire(ABNF.OPCODE_CONT, jpeg[1001:], 1),
    ]
    raw.sock.sendall(b"".join(pieces))
    assert raw.ws.recv_data(control_frame=True) == (ABNF.OPCODE_PONG, b"are you there")
    assert raw.acknowledgement(8) == [{"ok": True}]
    assert ["lane", 81, 5, 9_999] in raw.ask("note")


@pytest.mark.parametrize("size", [*range(9), 124, 125, 126, 127, 65535, 65536, MOST_BYTES])
def test_pictures_of_every_length_of_header(raw: Raw, size: int) -> None:
    raw.send(raw.frame(9, 91, b"x" * size))
    assert raw.acknowledgement(9) == [{"ok": True}]
    assert ["lane", 91, 5, size] in raw.ask("note")


@pytest.mark.parametrize(
    ("frames", "status"),
    [
        ([on_wire(ABNF.OPCODE_BINARY, b"x" * (MOST_BYTES + 1))], 1009),
        ([on_wire(ABNF.OPCODE_BINARY, b"x" * 60_000, 0), on_wire(ABNF.OPCODE_CONT, b"x" * 60_000)], 1009),
        ([b"\x82\xff" + (1 << 63).to_bytes(8) + b"mask"], 1009),
        ([b"\x82\x05hello"], 1002),
        ([b"\xc2\x80mask"], 1002),
        ([b"\x83\x80mask"], 1002),
        ([on_wire(ABNF.OPCODE_CONT, b"x")], 1002),
        ([on_wire(ABNF.OPCODE_TEXT, b"2x", 0), on_wire(ABNF.OPCODE_TEXT, b"2x")], 1002),
        ([on_wire(ABNF.OPCODE_PING, b"x" * 126)], 1002),
        ([on_wire(ABNF.OPCODE_TEXT, b"2\xff\xfe")], 1007),
    ],
    ids=["big", "big-in-pieces", "huge", "unmasked", "reserved", "opcode", "stray", "mixed", "ping", "utf-8"],
)
def test_broken_clients_are_closed_with_the_right_status(raw: Raw, frames: list[bytes], status: int) -> None:
    raw.sock.sendall(b"".join(frames))
    assert raw.closed_with() == status


def test_the_closing_handshake_is_answered(raw: Raw) -> None:
    raw.ws.send_close(status=1001)
    assert raw.closed_with() == 1001
    assert raw.sock.recv(100) == b""


def test_a_client_that_vanishes_is_no_trouble_for_others(port: int, raw: Raw) -> None:
    for _ in range(5):
        other = Raw(port)
        other.ws.send(other.frame(1, 1, b"")[0][1].decode())
        other.close()
    assert raw.ask("note", "alive")[-1] == ["note", "alive"]


def test_compression_is_not_offered(port: int) -> None:
    request = (
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=WAIT_S) as browser:
        browser.sendall(request.encode())
        answer = browser.recv(4096)
    assert b"101 Switching" in answer
    assert b"Extensions" not in answer


def test_a_client_that_begins_with_polling_gets_its_lane_with_the_upgrade(port: int) -> None:
    address = f"http://127.0.0.1:{port}/socket.io/?EIO=4&transport=polling"
    sid = json.loads(fetch(address)[1:])["sid"]
    fetch(f"{address}&sid={sid}", b"40/student,")
    assert fetch(f"{address}&sid={sid}").startswith("40/student,")
    browser = Raw(port, sid=sid)
    browser.ws.send("2probe")
    browser.receive("3probe")
    browser.ws.send("5")
    browser.send(browser.frame(1, 101, b"four"))
    assert browser.acknowledgement(1) == [{"ok": True}]
    assert ["lane", 101, 5, 4] in browser.ask("note")
    browser.close()


def fetch(address: str, body: bytes | None = None) -> str:
    with urllib.request.urlopen(address, body, timeout=WAIT_S) as answer:
        text: str = answer.read().decode()
        return text


# --------------------------------------------------------------------------------------------- pings


@pytest.mark.parametrize("async_mode", ASYNC_MODES)
def test_pings_are_asked_and_silence_ends_the_connection(async_mode: str) -> None:
    with running("compiled", 0.3, async_mode) as port:
        polite, silent = Raw(port), Raw(port)
        for _ in range(4):
            polite.receive("2")
            polite.ws.send("3")
        assert silent.closed_with() in {0, 1011}  # by Engine.IO's clock or by the socket's, whichever is first
        polite.send(polite.frame(2, 2, b"four"))
        assert polite.acknowledgement(2) == [{"ok": True}]
        polite.close()
        silent.close()


# --------------------------------------------------------------------------------------------- tiles


def ask_for_tiles(port: int) -> tuple[Raw, str]:
    """Return a teacher who got tiles, and the number that these want to be acknowledged with."""
    teacher = Raw(port, "/teacher")
    teacher.ws.send('42/teacher,["tiles",[1]]')
    told = teacher.receive("451-/teacher,")
    assert teacher.ws.recv_data() == (ABNF.OPCODE_BINARY, b"A")
    return teacher, told.removeprefix("451-/teacher,").partition("[")[0]


def test_an_acknowledgement_counts_once_and_a_foreign_one_not_at_all(port: int) -> None:
    teacher, number = ask_for_tiles(port)
    for text in ("7[]", f"{number}0[]", f'{number}["drawn"]', f'{number}["again"]'):
        teacher.ws.send(f"43/teacher,{text}")
    assert teacher.receive("42/teacher,") == '42/teacher,["told","drawn"]'
    teacher.ws.send('42/teacher,["tiles",[1]]')
    assert teacher.receive("4").startswith("451-/teacher,")
    teacher.close()


@pytest.mark.parametrize("rest", ["[", "[nonsense]", '["drawn"', ""])
def test_a_broken_acknowledgement_closes_the_connection(port: int, rest: str) -> None:
    teacher, number = ask_for_tiles(port)
    teacher.ws.send(f"43/teacher,{number}{rest}")
    assert teacher.closed_with() == 1002
    teacher.close()


@pytest.mark.parametrize("sizes", [[], [0], [1], [15_000] * 30, [3, 70_000, 0, 9] * 40], ids=len)
def test_tiles_arrive_whole_and_are_acknowledged(port: int, sizes: list[int]) -> None:
    got: queue.Queue[tuple[Any, bytes]] = queue.Queue()
    told: queue.Queue[tuple[Any, ...]] = queue.Queue()

    def on_tiles(index: Any, data: bytes) -> list[str]:
        got.put((index, data))
        return ["drawn"]

    teacher = InOrderClient(reconnection=False)
    teacher.on("tiles", on_tiles, namespace="/teacher")
    teacher.on("told", lambda *answer: told.put(answer), namespace="/teacher")
    teacher.connect(f"http://127.0.0.1:{port}", transports=["websocket"], namespaces=["/teacher"])
    try:
        teacher.emit("tiles", sizes, namespace="/teacher")
        index, data = got.get(timeout=WAIT_S)
        assert index == {"sizes": sizes}
        assert data == b"".join(bytes([65 + i % 26]) * size for i, size in enumerate(sizes))
        assert told.get(timeout=WAIT_S) == (["drawn"],)
    finally:
        teacher.disconnect()


def test_a_teacher_who_reads_slowly_gets_everything_in_order(port: int) -> None:
    teacher = Raw(port, "/teacher")
    sizes = [60_000] * 60
    for _ in range(3):
        teacher.ws.send(f'42/teacher,["tiles",{json.dumps(sizes)}]')
    for _ in range(3):
        told = json.loads(teacher.receive("451-/teacher,")[13:].lstrip("0123456789"))
        opcode, data = teacher.ws.recv_data()
        assert (opcode, told[1], len(data)) == (ABNF.OPCODE_BINARY, {"sizes": sizes}, sum(sizes))
    teacher.close()

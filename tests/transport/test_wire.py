"""Reading and writing in both async modes, with and without TLS, over real pairs of sockets."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.transport.modes import LINES, Line
from transport import wire
from transport.threads.wire import WriterQueue
from transport.wire import MOST_PARTS

LONG_S, SHORT_S = 20.0, 0.05


@pytest.fixture(params=LINES.values(), ids=list(LINES))
def line(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Line]:
    with request.param(tmp_path) as made:
        made.wire.settimeout(LONG_S)
        yield made


def read_all(browser: socket.socket) -> bytes:
    heard = b""
    while more := browser.recv(1 << 16):
        heard += more
    return heard


def write_and_end(line: Line, parts: list[bytes]) -> None:
    line.wire.write(parts)
    line.wire.close([b"bye"])


def test_bytes_come_in_until_the_end(line: Line) -> None:
    space = memoryview(bytearray(100))
    line.browser.sendall(b"hello")
    assert line.wire.receive(space) == 5
    assert bytes(space[:5]) == b"hello"
    line.browser.close()
    assert line.wire.receive(space) == 0


def test_a_browser_that_says_nothing_for_too_long_is_noticed(line: Line) -> None:
    line.wire.settimeout(SHORT_S)
    with pytest.raises(TimeoutError):
        line.wire.receive(memoryview(bytearray(10)))


def test_messages_of_any_size_leave_whole_and_the_last_words_follow(line: Line) -> None:
    parts = [bytes([part % 251]) * (part % 7 * 1000) for part in range(3 * MOST_PARTS)]
    with ThreadPoolExecutor() as pool:
        heard = pool.submit(read_all, line.browser)
        line.meanwhile(write_and_end, line, parts)()
        assert heard.result(LONG_S) == b"".join(parts) + b"bye"


def test_who_does_not_read_holds_the_writer_up_for_so_long_and_is_cut(line: Line) -> None:
    line.wire.settimeout(SHORT_S)
    with pytest.raises(TimeoutError):
        line.wire.write([bytes(1 << 20)] * 40)
    with pytest.raises(OSError, match=r".*"):
        line.wire.write([b"more"] * 2)


def test_who_reads_is_woken_when_the_connection_is_cut(line: Line) -> None:
    told = line.meanwhile(line.wire.receive, memoryview(bytearray(10)))
    line.wire.shutdown()
    assert told() == 0


def test_the_past_of_the_queue_is_free_only_when_nothing_is_before(line: Line) -> None:
    assert line.wire.write_in_turn([b"first"], line.queue)
    line.queue.put("packet")
    assert not line.wire.write_in_turn([b"second"], line.queue)
    line.queue.get()
    assert line.browser.recv(100) == b"first"


def test_nobody_writes_into_the_message_of_another(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "LAST_WORDS_S", SHORT_S)
    line.wire._lock.acquire()
    assert not line.wire.write_in_turn([b"first"], line.queue)
    line.wire.close([b"last words"])  # somebody is stuck: there is no place for them
    assert line.browser.recv(100) == b""


def test_a_closed_connection_can_be_closed_again(line: Line) -> None:
    line.wire.close([b"bye"])
    line.wire.close([])
    assert read_all(line.browser) == b"bye"


# ------------------------------------------------------------------------------------ threads


def test_a_writer_that_has_taken_a_packet_may_not_be_overtaken() -> None:
    queue = WriterQueue()
    assert queue.is_idle()
    queue.put("packet")
    assert not queue.is_idle()
    assert queue.get() == "packet"
    assert not queue.is_idle()  # it is being written
    with pytest.raises(Exception, match=r"^$"):
        queue.get(block=False)  # the writer takes all there is before it writes
    assert not queue.is_idle()
    with ThreadPoolExecutor() as pool:
        waiting: Any = pool.submit(queue.get)
        while not queue.is_idle():  # until the writer has come back for more
            pass
        queue.put(None)
        assert waiting.result(LONG_S) is None
    assert not queue.is_idle()


def test_both_directions_of_tls_are_used_at_the_same_time(tmp_path: Path) -> None:
    size = 3 << 20
    with LINES["tls-threads"](tmp_path) as line, ThreadPoolExecutor() as pool:
        line.wire.settimeout(LONG_S)
        space, received = memoryview(bytearray(1 << 16)), 0
        sending = pool.submit(line.browser.sendall, bytes(size))
        writing = pool.submit(write_and_end, line, [bytes(size)])
        while received < size:
            received += line.wire.receive(space)
        sending.result(LONG_S)
        assert len(read_all(line.browser)) == size + len(b"bye")
        writing.result(LONG_S)

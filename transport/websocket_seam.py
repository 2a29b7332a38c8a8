"""The seam between the server and eventlet's WebSocket: faster where it can be proven at start-up, stock where not.

`install` replaces two things for the whole process: eventlet's unmasking, and the WebSocket that Engine.IO uses in its
eventlet mode. In threading mode neither is used, `open_fast_path` says False, and frames arrive as ordinary events.
"""

import json
import logging
import socket as stdlib_socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any

from engineio.async_drivers import eventlet as driver
from eventlet import Timeout
from eventlet.greenio import GreenSocket
from eventlet.websocket import RFC6455WebSocket

from transport import _websocket_py
from transport.fast_path import BINARY, TEXT, FastPath, Take, fast_paths_of, frame_head
from transport.fast_path_socket import FastPathSocket

try:
    import cy_frame

    COMPILED: Any = cy_frame
except ImportError:  # not built: the Python twin does the same, slower
    COMPILED = None

STOCK = "eventlet"
SELF_TEST_S = 2.0


@dataclass(frozen=True)
class SeamStatus:
    """What is active, for the log and the health page: `cython`, `python` or `eventlet` (stock)."""

    unmask: str
    reader: str
    problems: tuple[str, ...] = ()

    @property
    def lanes(self) -> bool:
        """Say whether frames can take the fast lane."""
        return self.reader != STOCK


class FastPathWebSocketWSGI(driver.WebSocketWSGI):
    """Makes the WebSockets of one Engine.IO server; one object for each connection, as Engine.IO wants it."""

    def __init__(self, handler: Any, server: Any, *, kernels: Any, logger: logging.Logger) -> None:
        super().__init__(handler, server)
        self._kernels = kernels
        self._logger = logger
        self._made: FastPathSocket | None = None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Serve one connection until it is over."""
        try:
            return super().__call__(environ, start_response)
        finally:
            if self._made is not None:
                self._made.let_go()
                self._made = None

    def _negotiate_permessage_deflate(self, extensions: Any) -> None:
        # JPEG does not get smaller, and every browser offers this: 0.4 ms of zlib for each frame and recipient.
        return None

    def _handle_hybi_request(self, environ: dict[str, Any]) -> FastPathSocket:
        stock = super()._handle_hybi_request(environ)
        stock.socket.setsockopt(stdlib_socket.IPPROTO_TCP, stdlib_socket.TCP_NODELAY, 1)
        owner = self.handler.__self__
        self._made = owner.lane_socket = FastPathSocket(stock, owner, self._kernels, self._logger)
        return self._made


# ------------------------------------------------------------------------------------ start-up


def install(logger: logging.Logger, kernels: Any = COMPILED) -> SeamStatus:
    """Put the fast parts in place for this process, each as far as it passes its test; may be called again."""
    problems: list[str] = []
    unmask = _first_good(kernels, unmask_problem, problems)
    if unmask is not None:
        RFC6455WebSocket._apply_mask = staticmethod(partial(apply_mask, unmask.unmask))
    reader = _first_good(kernels, partial(reader_problem, logger=logger), problems)
    if reader is not None:
        driver._async["websocket"] = partial(FastPathWebSocketWSGI, kernels=reader, logger=logger)
    status = SeamStatus(_name(unmask), _name(reader), tuple(problems))
    for problem in problems:
        logger.warning("websocket seam: %s", problem)
    logger.info("websocket seam: unmask %s, reader and frame lanes %s", status.unmask, status.reader)
    return status


def _first_good(kernels: Any, problem_of: Callable[[Any], str | None], problems: list[str]) -> Any | None:
    for candidate in (kernels, _websocket_py):
        problem = None if candidate is None else problem_of(candidate)
        if candidate is not None and problem is None:
            return candidate
        problems.append(problem or "cy_frame is not built: pictures cost more than they need to")
    return None


def _name(kernels: Any | None) -> str:
    return STOCK if kernels is None else "python" if kernels is _websocket_py else "cython"


def apply_mask(
    unmask: Callable[..., bytes], data: bytes, mask: Sequence[int], length: int | None = None, offset: int = 0
) -> bytes:
    """Do what eventlet's own method of this name does, with its arguments."""
    return unmask(data if length is None else data[:length], bytes(mask), offset)


def unmask_problem(kernels: Any) -> str | None:
    """Return what is wrong with unmasking, by the example of RFC 6455, 5.7, and by eventlet's own method."""
    if not callable(getattr(RFC6455WebSocket, "_apply_mask", None)):
        return "this eventlet has no _apply_mask to replace"
    mask = (0x37, 0xFA, 0x21, 0x3D)
    if kernels.unmask(b"\x7f\x9f\x4d\x51\x58", bytes(mask), 0) != b"Hello":
        return "unmasking fails the example of RFC 6455"
    sample = bytes(range(256)) * 2
    for offset in range(5):
        expected = bytes(byte ^ mask[(offset + i) % 4] for i, byte in enumerate(sample))
        if kernels.unmask(sample, bytes(mask), offset) != expected:
            return f"unmasking fails at offset {offset}"
    return None


def reader_problem(kernels: Any, logger: logging.Logger) -> str | None:
    """Return what is wrong with reading and writing, by a conversation over a real pair of sockets."""
    try:
        with Timeout(SELF_TEST_S):
            return _converse(kernels, logger)
    except (Timeout, Exception) as error:
        logger.exception("websocket seam: the self-test broke")
        return f"the self-test broke: {error!r}"


def _converse(kernels: Any, logger: logging.Logger) -> str | None:
    taken: list[tuple[int, int, bytes]] = []

    def take(first: int, second: int, jpeg: bytes) -> dict[str, bool]:
        taken.append((first, second, jpeg))
        return {"ok": True}

    picture, event = bytes(70_000), b'451-/s,7["frame",1,2,{"_placeholder":true,"num":0}]'
    queue = SimpleNamespace(empty=lambda: True)
    owner = SimpleNamespace(upgraded=True, closing=False, closed=False, queue=queue)
    fast_paths_of(owner)["/s", "frame"] = FastPath("/s", "frame", take)
    ours, browser = stdlib_socket.socketpair()
    with ours, browser:
        stock = RFC6455WebSocket(GreenSocket(ours), {}, max_frame_length=1 << 20)
        ws = FastPathSocket(stock, owner, kernels, logger)
        browser.setblocking(False)
        browser.sendall(b"".join(_masked(*m) for m in [(TEXT, event), (BINARY, picture), (TEXT, b"2probe")]))
        ws.send("3probe")
        try:
            if ws.wait() != "2probe" or taken != [(1, 2, picture)]:
                return "reading fails its self-test"
        finally:
            ws.stop_reading()
        answer = frame_head(TEXT, 6) + b"3probe" + frame_head(TEXT, 19) + b'43/s,7[{"ok":true}]'
        return None if browser.recv(1000) == answer else "writing fails its self-test"


def _masked(opcode: int, payload: bytes) -> bytes:
    head, mask = frame_head(opcode, len(payload)), b"\x12\x9a\xfe\x07"
    return head[:1] + bytes([head[1] | 128]) + head[2:] + mask + _websocket_py.unmask(payload, mask)


# ------------------------------------------------------------------------------------ lanes


def open_fast_path(server: Any, sid: str, namespace: str, event: str, take: Take) -> bool:
    """Hand this connection's events of one name to `take` as (whole number, whole number, bytes).

    `take` runs in the connection's own greenlet, returns the payload of the acknowledgement, and must not raise. Only
    events that ask for an acknowledgement and match to the letter come this way: keep the ordinary handler, which gets
    the rest. False where the connection has no lane (threading mode, long-polling, stock WebSocket).
    """
    owner = connection_of(server, sid, namespace)
    if owner is None:
        return False
    fast_paths_of(owner)[namespace, event] = FastPath(namespace, event, take)
    return isinstance(getattr(owner, "lane_socket", None), FastPathSocket)


def close_fast_path(server: Any, sid: str, namespace: str, event: str) -> None:
    """Let this connection's events of one name go the usual way again; harmless where no lane is open."""
    owner = connection_of(server, sid, namespace)
    lane = fast_paths_of(owner).pop((namespace, event), None) if owner is not None else None
    if lane is not None:
        lane.is_open = False


def connection_of(server: Any, sid: str, namespace: str) -> Any | None:
    """Return the Engine.IO connection of a Socket.IO client, None when it is gone."""
    eio_sid = server.manager.eio_sid_from_sid(sid, namespace)
    return server.eio.sockets.get(eio_sid)


# ------------------------------------------------------------------------------------ sending


def send_binary_event(
    server: Any,
    sid: str,
    namespace: str,
    event: str,
    index: Mapping[str, Any],
    chunks: Sequence[bytes],
    acknowledged: Callable[..., None] | None = None,
) -> None:
    """Send `event(index, bytes of all chunks)` to one client, without joining the chunks where a lane socket allows.

    Keeps the order of what was sent to this client before. May wait for a slow client to read, so call it from a
    greenlet that serves this client alone. `acknowledged` is called with what the client acknowledges.
    """
    owner = connection_of(server, sid, namespace)
    lane_socket = getattr(owner, "lane_socket", None)
    if owner is None or lane_socket is None or not owner.upgraded:
        server.emit(
            event, (index, b"".join(chunks)), to=sid, namespace=namespace, callback=acknowledged, ignore_queue=True
        )
        return
    place = "" if namespace == "/" else f"{namespace},"
    ack = "" if acknowledged is None else lane_socket.expect_acknowledgement(f"43{place}", acknowledged)
    told = json.dumps(index, separators=(",", ":"))
    text = f'451-{place}{ack}[{json.dumps(event)},{told},{{"_placeholder":true,"num":0}}]'.encode()
    head = frame_head(TEXT, len(text)) + text + frame_head(BINARY, sum(map(len, chunks)))
    lane_socket.send_gathered([head, *chunks])

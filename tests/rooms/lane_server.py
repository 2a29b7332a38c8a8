"""A Socket.IO server on the seam that tests talk to over real sockets; runs in a process of its own."""

import logging
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import socketio

from core.clock import SystemClock
from core.event_log import EventLog
from serving.listen import server_of
from transport import _websocket_py
from transport.connections import Connections
from transport.websocket_seam import COMPILED, SeamStatus, close_fast_path, install, open_fast_path, send_binary_event

ROOT = Path(__file__).resolve().parents[2]
MOST_BYTES = 100_000
START = "from tests.rooms import lane_server; lane_server.serve"
PATCH = "import eventlet; eventlet.monkey_patch(); "


class Desk:
    """What the server's handlers do; it remembers what reached it, and by which way."""

    def __init__(self, server: socketio.Server, status: SeamStatus) -> None:
        self._server = server
        self._status = status
        self._seen: list[Any] = []

    def on_student(self, sid: str, _environ: Any, _auth: Any) -> None:
        def take(seq: int, at: int, jpeg: bytes) -> dict[str, Any]:
            if jpeg == b"boom":
                raise RuntimeError("a handler with a mistake")
            self._seen.append(["lane", seq, at, len(jpeg)])
            return {"error": {"code": "bad_frame"}} if jpeg == b"bad" else {"ok": True}

        open_fast_path(self._server, sid, "/student", "frame", take)

    def on_frame(self, _sid: str, *args: Any) -> dict[str, Any]:
        self._seen.append(["event", *(len(a) if isinstance(a, bytes) else a for a in args)])
        return {"ok": True}

    def on_note(self, _sid: str, *args: Any) -> list[Any]:
        self._seen.append(["note", *(len(a) if isinstance(a, bytes) else a for a in args)])
        return self._seen

    def on_chat(self, sid: str, count: int) -> None:
        """Ask for events, some with attachments: their halves must never be torn apart."""
        for number in range(count):
            self._server.emit("chat", (number, b"x" * 20_000), to=sid, namespace="/student")

    def on_close_lane(self, sid: str) -> bool:
        close_fast_path(self._server, sid, "/student", "frame")
        return True

    def on_status(self, _sid: str) -> dict[str, Any]:
        return {"unmask": self._status.unmask, "reader": self._status.reader, "problems": self._status.problems}

    def on_tiles(self, sid: str, sizes: list[int]) -> None:
        def acknowledged(*answer: Any) -> None:
            self._server.emit("told", answer, to=sid, namespace="/teacher")

        chunks = [bytes([65 + i % 26]) * size for i, size in enumerate(sizes)]
        send_binary_event(self._server, sid, "/teacher", "tiles", {"sizes": sizes}, chunks, acknowledged)


def serve(kernels: str = "compiled", ping: float = 25.0, async_mode: str = "eventlet") -> None:
    """Print a port and serve on it until killed."""
    logging.basicConfig(level=logging.WARNING)
    broken = SimpleNamespace(unmask=lambda payload, _mask, _offset=0: payload)
    chosen: dict[str, Any] = {"compiled": COMPILED, "python": _websocket_py, "broken": broken}
    server = socketio.Server(
        async_mode=async_mode,
        async_handlers=False,
        max_http_buffer_size=MOST_BYTES,
        namespaces=["/student", "/teacher"],
        ping_interval=ping,
        ping_timeout=ping,
    )
    alert_service = Desk(server, install(logging.getLogger("seam"), chosen[kernels], async_mode))
    for name, handler in {
        "connect": alert_service.on_student,
        "frame": alert_service.on_frame,
        "note": alert_service.on_note,
        "chat": alert_service.on_chat,
        "close_fast_path": alert_service.on_close_lane,
        "status": alert_service.on_status,
    }.items():
        server.on(name, handler, namespace="/student")
    server.on("connect", lambda _sid, _environ, _auth: None, namespace="/teacher")
    server.on("tiles", alert_service.on_tiles, namespace="/teacher")
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    places = Connections(500, 500, SystemClock(), EventLog(logging.getLogger("places")))
    server_of(async_mode).serve(socketio.WSGIApp(server), listener, None, places)


@contextmanager
def running(kernels: str = "compiled", ping: float = 25.0, async_mode: str = "eventlet") -> Iterator[int]:
    """Give the port of a server started with these arguments of `serve`."""
    patch = PATCH if async_mode == "eventlet" else ""
    command = [sys.executable, "-W", "ignore", "-c", f"{patch}{START}({kernels!r}, {ping}, {async_mode!r})"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()

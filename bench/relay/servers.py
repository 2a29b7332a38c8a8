"""The servers that bench.relay compares, each in a process of its own that prints its port first.

All do one job: take a student's picture, acknowledge it, give it to every teacher.
"""

import asyncio
import logging
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import eventlet
import picows
import socketio as socketio_library
import websockets
import websockets.asyncio.server as websockets_server
from engineio.async_drivers import eventlet as driver
from eventlet import wsgi
from flask import Flask, request
from flask_socketio import SocketIO, emit, join_room
from gunicorn.app.base import BaseApplication

from core.clock import SystemClock
from core.event_log import EventLog
from rooms.live.broadcaster import Broadcaster
from rooms.live.picture_relay import GridRelay, Tile
from rooms.protocol.socket_rooms import watchers_of
from serving.listen import BACKLOG
from transport.client_rooms import ClientRooms
from transport.connections import Connections
from transport.threads.server import threaded_server
from transport.websocket_seam import install, open_fast_path, send_binary_event

MOST_BYTES = 262_144
MOST_CONNECTIONS = 1000
LOGGER = logging.getLogger("bench")


def announce(port: int) -> None:
    """Tell the bench where to connect."""
    print(port, flush=True)


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


# ------------------------------------------------------------------------------------ stock Flask-SocketIO


def stock_app(async_mode: str) -> Flask:
    """Return the relay as the documentation of Flask-SocketIO teaches it."""
    app = Flask("stock")
    server = SocketIO(app, async_mode=async_mode, max_http_buffer_size=MOST_BYTES)

    @server.on("connect", namespace="/teacher")
    def on_teacher() -> None:
        join_room("teachers")

    @server.on("connect", namespace="/student")
    def on_student() -> None:
        pass

    @server.on("frame", namespace="/student")
    def on_frame(seq: int, at: int, jpeg: bytes) -> dict[str, bool]:
        told = (request.sid, seq, at, jpeg)  # type: ignore[attr-defined]
        emit("frame", told, to="teachers", namespace="/teacher")
        return {"ok": True}

    return app


def serve_eventlet() -> None:
    """Stock Flask-SocketIO on eventlet."""
    app = stock_app("eventlet")
    listener = eventlet.listen(("127.0.0.1", 0))
    announce(listener.getsockname()[1])
    wsgi.server(listener, app, log_output=False)


def serve_threading() -> None:
    """Stock Flask-SocketIO on threads, with the server that comes with Flask."""
    app, port = stock_app("threading"), free_port()
    announce(port)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app.extensions["socketio"].run(app, "127.0.0.1", port, allow_unsafe_werkzeug=True)


class Gunicorn(BaseApplication):
    """Stock Flask-SocketIO under gunicorn with one worker of many threads."""

    def __init__(self, port: int) -> None:
        self._port = port
        super().__init__()

    def load_config(self) -> None:
        """Set what the command line would."""
        told = {"bind": f"127.0.0.1:{self._port}", "worker_class": "gthread", "workers": 1, "threads": 200}
        for key, value in {**told, "loglevel": "error", "keepalive": 2}.items():
            self.cfg.set(key, value)

    def load(self) -> Flask:
        """Return the application."""
        return stock_app("threading")


def serve_gthread() -> None:
    """Start gunicorn."""
    port = free_port()
    announce(port)
    Gunicorn(port).run()


# ------------------------------------------------------------------------------------ raw WebSockets, the ceiling


def serve_websockets() -> None:
    """A relay without Socket.IO on the websockets library."""
    teachers: set[Any] = set()

    async def talk(connection: Any) -> None:
        if connection.request.path == "/teacher":
            teachers.add(connection)
            await connection.wait_closed()
            teachers.discard(connection)
            return
        with suppress(websockets.ConnectionClosed):
            async for message in connection:
                websockets_server.broadcast(teachers, message)
                await connection.send("ok")

    async def main() -> None:
        options: dict[str, Any] = {"compression": None, "max_size": MOST_BYTES}
        async with websockets_server.serve(talk, "127.0.0.1", 0, **options) as server:
            announce(next(iter(server.sockets)).getsockname()[1])
            await server.serve_forever()

    asyncio.run(main())


class PicowsPeer(picows.WSListener):
    """One connection of the picows relay."""

    def __init__(self, teachers: set[picows.WSTransport], is_teacher: bool) -> None:
        super().__init__()
        self._teachers = teachers
        self._is_teacher = is_teacher

    def on_ws_connected(self, transport: picows.WSTransport) -> None:
        """Remember teachers."""
        if self._is_teacher:
            self._teachers.add(transport)

    def on_ws_disconnected(self, transport: picows.WSTransport) -> None:
        """Forget teachers."""
        self._teachers.discard(transport)

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        """Relay a picture and acknowledge it."""
        if frame.msg_type == picows.WSMsgType.BINARY:
            picture = frame.get_payload_as_memoryview()
            for teacher in self._teachers:
                teacher.send(picows.WSMsgType.BINARY, picture)
            transport.send(picows.WSMsgType.TEXT, b"ok")


def serve_picows() -> None:
    """A relay without Socket.IO on picows."""
    teachers: set[picows.WSTransport] = set()

    def listener_for(upgrade: Any) -> picows.WSListener:
        return PicowsPeer(teachers, upgrade.path == b"/teacher")

    async def main() -> None:
        server = await picows.ws_create_server(listener_for, "127.0.0.1", 0)
        announce(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


# ------------------------------------------------------------------------------------ ours


def our_server(async_mode: str = "eventlet") -> socketio_library.Server:
    """Return a Socket.IO server on the seam, as app.py sets one up."""
    install(LOGGER, async_mode=async_mode)
    return socketio_library.Server(
        async_mode=async_mode,
        client_manager=ClientRooms(),
        async_handlers=False,
        transports=["websocket"],
        max_http_buffer_size=MOST_BYTES,
        namespaces=["/student", "/teacher"],
    )


def run_ours(server: socketio_library.Server) -> None:
    """Serve on a socket of our own."""
    listener = eventlet.listen(("127.0.0.1", 0))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # inherited by every connection
    announce(listener.getsockname()[1])
    wsgi.server(listener, socketio_library.WSGIApp(server), log_output=False)


def run_threads(server: socketio_library.Server) -> None:
    """Serve as the product does in threading mode."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    places = Connections(MOST_CONNECTIONS, MOST_CONNECTIONS, SystemClock(), EventLog(LOGGER))
    announce(listener.getsockname()[1])
    threaded_server(socketio_library.WSGIApp(server), listener, None, places).serve_forever()


def serve_ours() -> None:
    """The product's grid relay on eventlet."""
    server = our_server()
    relay_ticks(server)
    run_ours(server)


def serve_threads() -> None:
    """The product's grid relay on threads, with the same protocol core."""
    server = our_server("threading")
    relay_ticks(server)
    run_threads(server)


def relay_ticks(server: socketio_library.Server) -> None:
    """Have a server relay as the product does: one tick for each teacher, credit by acknowledgement."""
    broadcaster = Broadcaster(SimpleNamespace(server=server))
    relay = GridRelay(broadcaster, server.start_background_task, server.sleep, SystemClock())
    students: set[str] = set()
    teachers: set[str] = set()

    def on_teacher(sid: str, _environ: Any, _auth: Any) -> None:
        teachers.add(sid)
        broadcaster.enter(sid, map(watchers_of, students))
        relay.open(sid)

    def off_teacher(sid: str, _reason: Any) -> None:
        teachers.discard(sid)
        relay.close(sid)

    def on_student(sid: str, _environ: Any, _auth: Any) -> None:
        def take(seq: int, at: int, jpeg: bytes) -> dict[str, bool]:
            relay.offer(Tile(sid, seq, at / 1e6, jpeg))
            return {"ok": True}

        students.add(sid)
        for teacher in teachers:
            broadcaster.enter(teacher, [watchers_of(sid)])
        open_fast_path(server, sid, "/student", "frame", take)

    server.on("connect", on_teacher, namespace="/teacher")
    server.on("disconnect", off_teacher, namespace="/teacher")
    server.on("connect", on_student, namespace="/student")


def serve_direct() -> None:
    """Our seam without ticks on eventlet: each picture goes out at once, as the peers do it."""
    server = our_server()
    relay_directly(server)
    run_ours(server)


def serve_threads_direct() -> None:
    """The same on threads."""
    server = our_server("threading")
    relay_directly(server)
    run_threads(server)


def relay_directly(server: socketio_library.Server) -> None:
    """Have a server send each picture to every teacher at once."""
    teachers: set[str] = set()

    def on_student(sid: str, _environ: Any, _auth: Any) -> None:
        def take(seq: int, at: int, jpeg: bytes) -> dict[str, bool]:
            index = {"tiles": [[sid, seq, at, len(jpeg)]]}
            for teacher in tuple(teachers):
                send_binary_event(server, teacher, "/teacher", "tiles", index, [jpeg])
            return {"ok": True}

        open_fast_path(server, sid, "/student", "frame", take)

    server.on("connect", lambda sid, _environ, _auth: teachers.add(sid), namespace="/teacher")
    server.on("disconnect", lambda sid, _reason: teachers.discard(sid), namespace="/teacher")
    server.on("connect", on_student, namespace="/student")


def serve_emit() -> None:
    """Eventlet's own WebSocket with nothing but its unmasking mended, and one emit for each picture.

    What the grid tick is compared with: the best that can be had without the frame lane and gathered writes.
    """
    stock = driver._async["websocket"]
    server = our_server()
    driver._async["websocket"] = stock

    def on_frame(sid: str, seq: int, at: int, jpeg: bytes) -> dict[str, bool]:
        server.emit("frame", (sid, seq, at, jpeg), to="teachers", namespace="/teacher")
        return {"ok": True}

    def on_teacher(sid: str, _environ: Any, _auth: Any) -> None:
        server.enter_room(sid, "teachers", namespace="/teacher")

    server.on("connect", on_teacher, namespace="/teacher")
    server.on("connect", lambda _sid, _environ, _auth: None, namespace="/student")
    server.on("frame", on_frame, namespace="/student")
    run_ours(server)


SERVERS: dict[str, Callable[[], None]] = {
    "ours": serve_ours,
    "threads": serve_threads,
    "direct": serve_direct,
    "threads-direct": serve_threads_direct,
    "emit": serve_emit,
    "eventlet": serve_eventlet,
    "threading": serve_threading,
    "gthread": serve_gthread,
    "picows": serve_picows,
    "websockets": serve_websockets,
}


def command(name: str) -> list[str]:
    """Return the command that runs one of the servers; eventlet wants to be first to import anything."""
    first = "import eventlet; eventlet.monkey_patch(); " if name in {"ours", "direct", "emit", "eventlet"} else ""
    return [
        sys.executable,
        "-W",
        "ignore",
        "-c",
        f"{first}from bench.relay import servers; servers.SERVERS['{name}']()",
    ]

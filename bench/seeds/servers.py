"""The two simple monitors that bench.seeds lets students meet, each in a process of its own; all code here is ours.

`python -m bench.seeds.servers thread_per_picture|everything_on_every_picture FOLDER` serves on a free port of this
machine and tells in FOLDER/facts.json what it has looked at.

thread_per_picture            Flask-SocketIO on threads; pictures as data URIs in JSON, passed on to the room's teacher,
                              each looked at in a new thread by one face detector behind one lock
everything_on_every_picture   a plain WebSocket for each student; each picture passed on as it came, then YOLO and the
                              Face Landmarker on it before the student's next one is read
"""

import asyncio
import base64
import json
import logging
import os
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import websockets
import websockets.asyncio.server as websockets_server
from flask import Flask
from flask_socketio import SocketIO, emit, join_room

from detection.frames.decode import decode, use_one_thread
from detection.models.shelf import ModelShelf
from evaluation.systems.ours import Clock
from evaluation.systems.plain_models import face_counters, phone_finders, stock_landmarker
from settings import load_settings
from simulation.cameras import MARK, STAMP

NAMESPACE = "/exam"
MOST_BYTES = 262_144
COOLDOWN_S, EVERY_S, MOST_THREADS = 2.0, 0.5, 2000
CORES = os.cpu_count() or 1

Sees = Callable[[bytes], bool]
"""Looks at a JPEG, and says whether there is a face."""


def taken_ns(jpeg: bytes) -> int:
    """Return the moment (CLOCK_MONOTONIC) that a simulated camera put into its picture."""
    return int(STAMP.unpack_from(jpeg, len(MARK))[0])


class Books:
    """What the monitor has looked at, and who was missed when; filled from many threads."""

    def __init__(self) -> None:
        self._looks: Counter[str] = Counter()
        self._missed: dict[str, float] = {}
        self._lock = threading.Lock()

    def looked(self, student: str, is_there: bool) -> bool:
        """Count a look; True when the teacher is to be told, which happens once in a while for each student."""
        now = time.monotonic()
        with self._lock:
            self._looks[student] += 1
            if is_there or now - self._missed.get(student, -COOLDOWN_S) < COOLDOWN_S:
                return False
            self._missed[student] = now
            return True

    def keep(self, place: Path, port: int) -> None:
        """Write down how things are, again and again."""
        while True:
            with self._lock:
                looks = dict(self._looks)
            facts = {"port": port, "pid": os.getpid(), "at": time.time(), "looks": looks}
            part = place / "facts.part"
            part.write_text(json.dumps(facts), encoding="utf-8")
            part.replace(place / "facts.json")
            time.sleep(EVERY_S)

    def open(self, place: Path, port: int) -> None:
        """Begin to write."""
        threading.Thread(target=self.keep, args=(place, port), daemon=True).start()


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


# ------------------------------------------------------------------------------------ one thread for each picture


class ThreadPerPicture:
    """Starts a thread for each picture; one detector, one lock."""

    def __init__(self, sees: Sees, books: Books, server: SocketIO) -> None:
        self._sees, self._books, self._server = sees, books, server
        self._lock = threading.Lock()

    def take(self, told: dict[str, str]) -> None:
        """Pass a picture on and look at it, as long as the machine gives us threads."""
        emit("frame", told, to=told["room"], namespace=NAMESPACE)
        if threading.active_count() < MOST_THREADS:
            threading.Thread(target=self._look, args=(told,), daemon=True).start()

    def _look(self, told: dict[str, str]) -> None:
        jpeg = base64.b64decode(told["image"].partition(",")[2])
        with self._lock:
            is_there = self._sees(jpeg)
        if self._books.looked(told["sender"], is_there):
            alert = {"sender": told["sender"], "taken": taken_ns(jpeg)}
            self._server.emit("alert", alert, to=told["room"], namespace=NAMESPACE)


def serve_thread_per_picture(place: Path, shelf: ModelShelf) -> None:
    """Serve with the server that comes with Flask, as `socketio.run` does where nothing else is installed."""
    port, books = free_port(), Books()
    app, server = thread_app(face_finder(shelf), books)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    books.open(place, port)
    server.run(app, "127.0.0.1", port, allow_unsafe_werkzeug=True)


def thread_app(sees: Sees, books: Books) -> tuple[Flask, SocketIO]:
    """Return the monitor with a way to look at pictures."""
    app = Flask("thread_per_picture")
    server = SocketIO(app, async_mode="threading", max_http_buffer_size=MOST_BYTES)
    looker = ThreadPerPicture(sees, books, server)

    @server.on("join", namespace=NAMESPACE)
    def on_join(told: dict[str, str]) -> None:
        if told["role"] == "teacher":
            join_room(told["room"])

    server.on_event("frame", looker.take, namespace=NAMESPACE)
    return app, server


def face_finder(shelf: ModelShelf) -> Sees:
    """Return MediaPipe's short-range detector, sure from 0.2."""
    count = face_counters(shelf, Clock())["MediaPipe short range, 0.2"]
    return lambda jpeg: count(decode(jpeg)) > 0


# ------------------------------------------------------------------------------------ everything on every picture


class EverythingOnEveryPicture:
    """Reads a student's next picture when everything has looked at the last one."""

    def __init__(self, make: Callable[[], Sees], books: Books) -> None:
        self._books, self._models = books, threading.local()
        self._hands = ThreadPoolExecutor(CORES, initializer=lambda: setattr(self._models, "sees", make()))
        self._teachers: dict[str, set[Any]] = {}

    async def talk(self, connection: Any) -> None:
        """Serve one page, which says who it is first."""
        with suppress(websockets.ConnectionClosed):
            hello = json.loads(await connection.recv())
            teachers = self._teachers.setdefault(hello["room"], set())
            if hello["role"] == "teacher":
                teachers.add(connection)
                await connection.wait_closed()
                teachers.discard(connection)
                return
            async for jpeg in connection:
                websockets_server.broadcast(teachers, jpeg)
                await self._look(hello["name"], jpeg, teachers)

    def close(self) -> None:
        """Let the threads go."""
        self._hands.shutdown()

    async def _look(self, name: str, jpeg: bytes, teachers: set[Any]) -> None:
        is_there = await asyncio.get_running_loop().run_in_executor(self._hands, lambda: self._models.sees(jpeg))
        if self._books.looked(name, is_there):
            websockets_server.broadcast(teachers, json.dumps({"sender": name, "taken": taken_ns(jpeg)}))


def serve_everything_on_every_picture(place: Path, shelf: ModelShelf) -> None:
    """Serve with the websockets library, and a set of models for each core."""
    use_one_thread()
    books = Books()
    monitor = EverythingOnEveryPicture(lambda: everything(shelf), books)

    async def main() -> None:
        options: dict[str, Any] = {"compression": None, "max_size": MOST_BYTES}
        async with websockets_server.serve(monitor.talk, "127.0.0.1", 0, **options) as server:
            books.open(place, next(iter(server.sockets)).getsockname()[1])
            await server.serve_forever()

    asyncio.run(main())


def everything(shelf: ModelShelf) -> Sees:
    """Return YOLO at 640 and the Face Landmarker as they come; KeyError where a model is missing."""
    clock = Clock()
    phones, pose = phone_finders(shelf, clock)["YOLO11n INT8, plain 640"], stock_landmarker(shelf, clock)

    def sees(jpeg: bytes) -> bool:
        picture = decode(jpeg)
        phones(picture)
        return pose is not None and pose(picture) is not None

    return sees


SERVERS: dict[str, Callable[[Path, ModelShelf], None]] = {
    "thread_per_picture": serve_thread_per_picture,
    "everything_on_every_picture": serve_everything_on_every_picture,
}


def main() -> int:
    """Serve until stopped."""
    settings = load_settings()
    SERVERS[sys.argv[1]](Path(sys.argv[2]), ModelShelf(settings.model_cache(), settings.model_folders()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

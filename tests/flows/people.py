"""Teachers and students of a test: independent Socket.IO clients that remember what they were sent."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, Request, build_opener

import engineio
import socketio
from socketio.exceptions import ConnectionError as NotConnected

from rooms.setup.room_settings import RoomSettings
from simulation.example_room import ExampleRoom, seed_room
from tests.flows.live_server import DEADLINE_S, LiveServer

ANSWER_S = 20.0


class _InOrder(engineio.Client):
    """Takes messages as they came: the library starts a thread for each, and a picture may overtake its packet."""

    def _trigger_event(self, event: str, *arguments: Any, **options: Any) -> Any:
        return super()._trigger_event(event, *arguments, **{**options, "run_async": False})


class InOrderClient(socketio.Client):
    """A Socket.IO client for tests that are sent pictures."""

    def _engineio_client_class(self) -> type[engineio.Client]:
        return _InOrder


class User:
    """One connection to one namespace."""

    def __init__(self, url: str, namespace: str, auth: Any) -> None:
        self.url, self.namespace, self.auth = url, namespace, auth
        self.client = self._new_client()
        self._heard: list[tuple[str, tuple[Any, ...]]] = []
        self._changed = threading.Condition()
        self._sockets: list[socket.socket] = []

    def connect(self) -> User:
        """Connect, or raise what the server said."""
        options = {"namespaces": [self.namespace], "transports": ["websocket"], "wait_timeout": ANSWER_S}
        try:
            self.client.connect(self.url, auth=self.auth, **options)
        finally:
            # The client forgets its socket when the server hangs up first, and never closes it then.
            held = getattr(self.client.eio, "ws", None)
            self._sockets += [held.sock] if held is not None and held.sock is not None else []
        return self

    def try_again(self) -> User:
        """Connect as a page does after a restart: again and again until the server is there."""
        end = time.monotonic() + DEADLINE_S
        while True:
            self.client = self._new_client()
            try:
                return self.connect()
            except NotConnected:
                if time.monotonic() > end:
                    raise

    def try_once(self) -> User:
        """Connect afresh, as a page does that was closed."""
        self.client = self._new_client()
        return self.connect()

    def ask(self, event: str, *arguments: Any) -> dict[str, Any]:
        """Send an event and return its acknowledgement."""
        data = arguments if len(arguments) != 1 else arguments[0]
        return self.client.call(event, data, namespace=self.namespace, timeout=ANSWER_S)

    def tell(self, event: str, *arguments: Any) -> None:
        """Send an event and do not ask for an answer."""
        data = arguments if len(arguments) != 1 else arguments[0]
        self.client.emit(event, data, namespace=self.namespace)

    def heard(self, event: str) -> list[Any]:
        """What came under this name so far; the arguments of an event with several as a tuple."""
        with self._changed:
            return [args[0] if len(args) == 1 else args for name, args in self._heard if name == event]

    def wait_for(self, event: str, fits: Callable[[Any], object] = lambda _told: True) -> Any:
        """Return the first event of this name that fits, now or by the deadline."""
        found: list[Any] = []

        def is_there() -> bool:
            found[:] = [told for told in self.heard(event) if fits(told)]
            return bool(found)

        with self._changed:
            if not self._changed.wait_for(is_there, DEADLINE_S):
                names = [name for name, _ in self._heard][-30:]
                raise AssertionError(f"no {event} that fits; heard {names}, of this name {self.heard(event)[-5:]}")
        return found[0]

    def forget(self) -> None:
        """Start to listen afresh."""
        with self._changed:
            self._heard.clear()

    def cut(self) -> None:
        """Break the connection below every protocol, as a pulled cable that is noticed would."""
        self._sockets[-1].shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Leave as a closed window does; a polite departures makes the client wait three seconds for its answer."""
        for held in self._sockets:
            with contextlib.suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)
        self.client.disconnect()
        for held in self._sockets:
            held.close()

    def _new_client(self) -> socketio.Client:
        client = InOrderClient(reconnection=False)
        client.on("*", self._hear, namespace=self.namespace)
        for reserved in ("disconnect", "connect_error"):
            client.on(reserved, partial(self._hear, reserved), namespace=self.namespace)
        return client

    def _hear(self, event: str, *arguments: Any) -> bool:
        with self._changed:
            self._heard.append((event, arguments))
            self._changed.notify_all()
        return True


class Student(User):
    """A student's browser without a camera of its own."""

    def __init__(self, url: str, id: str, name: str, ticket: str) -> None:
        super().__init__(url, "/student", {"ticket": ticket})
        self.id, self.name = id, name
        self._sequence = itertools.count(1)

    def send(self, jpeg: object) -> dict[str, Any]:
        """Send a frame and return its acknowledgement."""
        return self.ask("frame", next(self._sequence), time.time() * 1000, jpeg)

    def enter(self) -> Student:
        """Pass the system check."""
        assert self.ask("camera", {"state": "on"}) == {"ok": True}
        answer = self.ask("ready", {})
        assert answer.get("ok"), answer
        return self

    def pair(self, role: str) -> dict[str, Any]:
        """Ask for a link and a code for a phone."""
        answer = self.ask("pair", {"role": role})
        assert answer.get("ok"), answer
        return answer

    def connect_phone(self, role: str) -> Phone:
        """Pair a phone by its link and let it say that it is well."""
        browser = PhoneBrowser(self.url)
        browser.scan(self.pair(role)["link"])
        phone = browser.phone()
        phone.connect().wait_for("welcome")
        assert phone.tell_health() == {"ok": True}
        return phone


class Phone(User):
    """A phone's page, once its browser was let in."""

    def __init__(self, url: str, ticket: str, role: str) -> None:
        super().__init__(url, "/phone", {"ticket": ticket})
        self.role = role
        self._sequence = itertools.count(1)

    def send(self, jpeg: object) -> dict[str, Any]:
        """Send a frame and return its acknowledgement."""
        return self.ask("frame", next(self._sequence), time.time() * 1000, jpeg)

    def move(self, *rows: tuple[float, float, float, float]) -> dict[str, Any]:
        """Send a batch of movement (ms, x, y, z) that begins now and return its acknowledgement."""
        data = b"".join(struct.pack("<4f", *row) for row in rows)
        return self.ask("motion", {"seq": next(self._sequence), "at": time.time() * 1000, "data": data})

    def tell_health(self, **changed: Any) -> dict[str, Any]:
        """Say that all is well, but for what is changed."""
        well = {"battery": 0.8, "charging": False, "awake": "kept", "visible": True, "orientation": "portrait"}
        sensors = {"network": "4g", "camera": "on", "motion": "on", "microphone": "on"}
        return self.ask("health", {**well, **sensors, **changed})


class PhoneBrowser:
    """The browser of a phone: it scans links, types codes and keeps its cookie."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cookies = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self.cookies))

    def scan(self, link: str) -> str:
        """Open a pairing link, press its button, and return the page that this leads to."""
        asked = self.get(link)
        return self.post("/phone/join", ticket=link.partition("?t=")[2], csrf_token=_token_of(asked))

    def type_code(self, code: str) -> str:
        """Type a short code and return the page that this leads to."""
        return self.post("/phone/join", code=code, csrf_token=_token_of(self.get("/phone")))

    def get(self, address: str) -> str:
        """Open a page, whatever its status, and return its text."""
        return self._open(Request(urljoin(self.url, address)))

    def post(self, path: str, **fields: str) -> str:
        """Send a form and return the page that it leads to."""
        headers = {"Referer": self.url}
        return self._open(Request(urljoin(self.url, path), urlencode(fields).encode(), headers))

    def phone(self) -> Phone:
        """Return the connection that the phone's own page would make."""
        found = PAGE_DATA.search(self.get("/phone"))
        assert found, "this browser has no phone"
        told = json.loads(found[1])
        return Phone(self.url, told["ticket"], told["role"])

    def _open(self, request: Request) -> str:
        try:
            with self._opener.open(request, timeout=ANSWER_S) as answer:
                return str(answer.read().decode())
        except HTTPError as error:
            with error:
                return error.read().decode()


PAGE_DATA = re.compile(r'id="page-data">(.*?)</script>', re.DOTALL)


def _token_of(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]*)"', page)
    return found[1] if found else ""


class ExamRoom:
    """A running exam on a live server."""

    def __init__(self, server: LiveServer, seeded: ExampleRoom) -> None:
        self.server, self.seeded = server, seeded
        self.students = [
            Student(server.url, participant.id, participant.name, participant.ticket) for participant in seeded.students
        ]
        self.teachers = [User(server.url, "/teacher", {"ticket": t.ticket}) for t in seeded.teachers]

    @property
    def teacher(self) -> User:
        """The owner's page."""
        return self.teachers[0]

    def begin(self) -> ExamRoom:
        """Let everybody connect, start the exam, let the students in and put them on the teachers' screens."""
        for person in [*self.teachers, *self.students]:
            person.connect().wait_for("welcome")
        assert self.teacher.ask("room", {"state": "running"})["ok"]
        for student in self.students:
            student.enter()
        for teacher in self.teachers:
            assert teacher.ask("watch", {"participants": [s.id for s in self.students], "focus": None}) == {"ok": True}
        return self

    def end(self) -> None:
        """Let everybody go."""
        for person in [*self.students, *self.teachers]:
            person.close()


def open_room(
    server: LiveServer,
    students: Sequence[str] = ("Ada", "Ben"),
    teachers: int = 1,
    settings: RoomSettings | None = None,
) -> ExamRoom:
    """Make a room on a server that runs; it is live once its teacher has come."""
    return ExamRoom(server, seed_room(server.settings, students, teachers, room=settings, state="open"))


def alert_of(kind: str, student: Student) -> Callable[[Any], bool]:
    """Fits an alert of this kind about this student."""
    return lambda told: told["kind"] == kind and told["participant"] == student.id

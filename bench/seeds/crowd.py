"""Students and teachers of the two simple monitors of bench.seeds.servers, and those monitors as measured servers."""

import asyncio
import base64
import contextlib
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self
from urllib.parse import urlsplit

import cv2
import numpy as np
import psutil

from bench.capacity.school import CLASS_SIZE, MEASURE_S
from bench.capacity.steps import Step
from bench.load import Span, busy_s, jain, looks_of, make_cameras, percentile
from bench.seeds.servers import NAMESPACE
from bench.served import START_S, Cost, Started, cost_of
from settings import REPOSITORY
from simulation.cameras import Absentee, Album, age_s
from simulation.client import ANSWER_S, BINARY, MOST_UNSENT, TEXT, Client, WebSocket
from simulation.crowd import PER_SECOND
from simulation.pictures import encode

DATA_URI = "data:image/jpeg;base64,"
STAMPED = slice(len(DATA_URI), len(DATA_URI) + 20)  # base64 of 15 bytes, the stamp among them


@dataclass
class Seen:
    """What the teachers of one monitor saw since `forget`; seconds."""

    tile_ages: list[float] = field(default_factory=list)
    alert_delays: list[float] = field(default_factory=list)
    """From a picture without a face to the teacher's page."""

    def forget(self) -> None:
        """Begin anew; the pages share this object."""
        self.tile_ages.clear()
        self.alert_delays.clear()

    def take_tile(self, jpeg: bytes) -> None:
        """Note a picture, of which the beginning is enough."""
        age = age_s(jpeg)
        if age is not None:
            self.tile_ages.append(age)

    def take_alert(self, told: dict[str, Any]) -> None:
        """Note an alert."""
        self.alert_delays.append((time.monotonic_ns() - told["taken"]) / 1e9)


class Page(Protocol):
    """A connected page of a student or a teacher."""

    def show(self, name: str, room: str, jpeg: bytes) -> bool:
        """Send a picture; False when so much waits already that a page drops it."""
        ...

    def close(self) -> None:
        """Go."""
        ...


class DataUriPage:
    """Talks Socket.IO with pictures as data URIs, as the page of such a monitor does, without acknowledgements."""

    def __init__(self, seen: Seen) -> None:
        self._client, self._seen = Client(NAMESPACE, self._hear), seen

    async def connect(self, url: str, hello: dict[str, str]) -> "DataUriPage":
        """Connect and say who it is."""
        await self._client.connect(url, "")
        self._client.tell("join", hello)
        return self

    def show(self, name: str, room: str, jpeg: bytes) -> bool:
        """Send a picture."""
        if self._client.is_choked() or self._client.closed.is_set():
            return False
        image = DATA_URI + base64.b64encode(jpeg).decode()
        self._client.tell("frame", {"sender": name, "room": room, "image": image})
        return True

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def _hear(self, event: str, arguments: list[Any]) -> None:
        told = arguments[0]
        if event == "frame":
            self._seen.take_tile(base64.b64decode(told["image"][STAMPED]))
        elif event == "alert":
            self._seen.take_alert(told)


class PlainPage:
    """Talks plain WebSocket: a line about itself, then pictures as they are."""

    def __init__(self, seen: Seen) -> None:
        self._seen, self._closed = seen, False
        self._socket: WebSocket | None = None

    async def connect(self, url: str, hello: dict[str, str]) -> "PlainPage":
        """Connect and say who it is."""
        place = urlsplit(url)
        loop = asyncio.get_running_loop()
        _, self._socket = await loop.create_connection(
            lambda: WebSocket(place.netloc, self._take, self._lost), place.hostname or "127.0.0.1", place.port or 80
        )
        await asyncio.wait_for(self._socket.opened, ANSWER_S)
        self._socket.send(TEXT, json.dumps(hello).encode())
        return self

    def show(self, name: str, room: str, jpeg: bytes) -> bool:
        """Send a picture."""
        if self._socket is None or self._closed or self._socket.unsent() > MOST_UNSENT:
            return False
        self._socket.send(BINARY, jpeg)
        return True

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == BINARY:
            self._seen.take_tile(payload)
        else:
            self._seen.take_alert(json.loads(payload))

    def _lost(self) -> None:
        self._closed = True


PAGES: dict[str, Callable[[Seen], Any]] = {
    "thread_per_picture": DataUriPage,
    "everything_on_every_picture": PlainPage,
}


def enlarged(jpeg: bytes) -> bytes:
    """Return the picture as a whole camera frame of 640x480, softer and so smaller than one would be."""
    small = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    return encode(cv2.resize(small, (640, 480), interpolation=cv2.INTER_CUBIC), 0.5)  # type: ignore[arg-type]  # 8 bits


class Monitor(Started):
    """One of the monitors as a running server, with what bench.load.measure wants to know of it."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def __enter__(self) -> Self:
        command = [sys.executable, "-W", "ignore", "-m", "bench.seeds.servers", self.kind, str(self.place)]
        with (self.place / "output.txt").open("wb") as output:
            self._process = subprocess.Popen(command, cwd=REPOSITORY, stdout=output, stderr=output, env=os.environ)
        end = time.monotonic() + START_S
        while not self.facts():
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError((self.place / "output.txt").read_text(errors="replace")[-2000:])
            time.sleep(0.1)
        return self

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.facts()['port']}"

    def costs(self) -> dict[str, Cost]:
        """Return what the monitor, which does everything in one process, and this process have used."""
        return {
            "web": cost_of(psutil.Process(self.facts()["pid"])),
            "workers": Cost(0.0, 0),
            "load": cost_of(psutil.Process()),
        }


class MonitoredSchool:
    """Classes of 30 with a teacher each, who gets every picture of theirs; the same students as in bench.capacity."""

    def __init__(self, monitor: Monitor, pictures: Sequence[bytes], fps: float) -> None:
        self.seen = Seen()
        self._monitor, self._pictures, self._fps = monitor, pictures, fps
        self._pages: list[Page] = []
        self._filming: list[asyncio.Task[None]] = []

    async def grow(self, students: int) -> None:
        """Let students come until there are so many."""
        cameras = make_cameras(students - len(self._filming), self._pictures, len(self._filming))
        for camera in cameras:
            number = len(self._filming)
            room = f"room {number // CLASS_SIZE}"
            if number % CLASS_SIZE == 0:
                await self._come({"role": "teacher", "name": "teacher", "room": room})
            page = await self._come({"role": "student", "name": f"student {number}", "room": room})
            self._filming.append(asyncio.ensure_future(film(page, f"student {number}", room, camera, self._fps)))
            await asyncio.sleep(1 / PER_SECOND)

    async def measure(self) -> Step:
        """Watch for a while."""
        span = await self._span()
        looks = looks_of(span, [f"student {number}" for number in range(len(self._filming))])
        return step_of(self.seen, looks, span)

    async def close(self) -> None:
        """Send everybody home."""
        for task in self._filming:
            task.cancel()
        for task in self._filming:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        for page in self._pages:
            page.close()

    async def _span(self) -> Span:
        self.seen.forget()
        before, used = self._monitor.facts(), self._monitor.costs()
        started, busy = time.monotonic(), busy_s()
        await asyncio.sleep(MEASURE_S)
        spent, now = time.monotonic() - started, self._monitor.costs()
        costs = {name: Cost(now[name].cpu_s - used[name].cpu_s, now[name].rss) for name in now}
        others = busy_s() - busy - sum(cost.cpu_s for cost in costs.values())
        return Span(before, self._monitor.facts(), costs, spent, max(0.0, others))

    async def _come(self, hello: dict[str, str]) -> Page:
        made: Awaitable[Page] = PAGES[self._monitor.kind](self.seen).connect(self._monitor.url, hello)
        self._pages.append(await made)
        return self._pages[-1]


def step_of(seen: Seen, looks: Sequence[float], span: Span) -> Step:
    """Return the figures that bench.capacity judges; nothing arrived counts as late."""
    return Step(
        len(looks),
        percentile(seen.tile_ages or [MEASURE_S], 0.95),
        percentile(seen.alert_delays, 0.95) if seen.alert_delays else 0.0,
        sum(looks) / len(looks),
        jain(looks),
        100 * span.others_s / span.seconds,
        {name: 100 * cost.cpu_s / span.seconds for name, cost in span.costs.items()},
        {name: cost.rss / 2**20 for name, cost in span.costs.items()},
    )


async def film(page: Page, name: str, room: str, camera: Album | Absentee, fps: float) -> None:
    """Send pictures at a rate until cancelled; one that finds no way out is dropped."""
    due = time.monotonic() + random.random() / fps
    while True:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        page.show(name, room, camera.jpeg(time.monotonic(), 320, 0.6))
        due = max(due + 1 / fps, time.monotonic() - 1.0)

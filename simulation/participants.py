"""Simulated students and teachers that keep to docs/protocol.md: ticket, welcome, capture obeyed, ack before next."""

import asyncio
import itertools
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from simulation.client import Client, Gone, Refused

RETRY_S = 1.0, 3.0
"""A page that lost the server tries again after about so long, not all pages at the same moment."""
THUMBNAIL = 176, 0.5
"""Width in pixels and quality."""
LOOK_S = 0.25
"""So often a page that sends no thumbnails looks whether it shall."""
FINAL = frozenset({"ticket_invalid", "ticket_expired", "not_allowed", "removed", "left", "room_ended"})
"""Refusals after which a page does not try again."""


class Camera(Protocol):
    """What a simulated student shows."""

    def jpeg(self, now: float, width: int, quality: float) -> bytes:
        """Return the picture of this moment (seconds), so wide and so good."""
        ...


@dataclass
class Tally:
    """What people counted, together or each for themselves."""

    sent: int = 0
    acknowledged: int = 0
    thumbnails: int = 0
    skipped: int = 0
    """Pictures that were due while the last one was not acknowledged."""
    connects: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    answers_s: list[float] = field(default_factory=list)
    """Seconds from sending a picture to its acknowledgement."""


class Student:
    """One student's page; `run` until cancelled."""

    def __init__(self, url: str, ticket: str, camera: Camera, tally: Tally, fps: float | None = None) -> None:
        self.state = "new"
        self.offline = False
        """Set to stay away from the network: the page goes on trying once it is unset."""
        self.is_filming = True
        """Unset where there is no camera to take a picture with."""
        self.client: Client | None = None
        self.heard: list[tuple[str, Any]] = []
        self._url, self._ticket, self._camera, self._tally, self._fixed = url, ticket, camera, tally, fps
        self._capture: Mapping[str, Any] = {"fps": 0, "width": 320, "quality": 0.6}
        self._changed = asyncio.Event()
        self._sequence = 0

    async def run(self) -> None:
        """Connect, pass the check, send pictures as asked, and connect again whenever the connection ends."""
        while not await self._visit():
            await asyncio.sleep(random.uniform(*RETRY_S))
            while self.offline:
                await asyncio.sleep(0.1)

    async def say(self, text: str) -> None:
        """Write to the teachers."""
        await self._ask("chat", {"client_id": f"sim-{random.getrandbits(64):x}", "text": text})

    async def tell_page(self, state: str) -> None:
        """Report the page as visible, hidden or blurred."""
        await self._ask("page", {"state": state})

    async def tell_camera(self, state: str) -> None:
        """Report the camera as on, denied, unplugged, muted or none."""
        await self._ask("camera", {"state": state})

    async def _visit(self) -> bool:
        """Be connected once; True when there is no use in trying again."""
        self.client = Client("/student", self._hear)
        self._capture = {**self._capture, "fps": 0}
        self.state = "connecting"
        try:
            await self.client.connect(self._url, self._ticket)
            self._tally.connects += 1
            self.state = "connected"
            await self._ask("camera", {"state": "on"})
            await self._ask("ready", {})
            await asyncio.gather(self._film(), self._film_small())
        except Refused as refused:
            self._tally.refusals[refused.code] += 1
            return refused.code in FINAL
        except (TimeoutError, OSError):
            pass
        finally:
            self.client.close()
        is_over = self.state == "replaced"
        self.state = "over" if is_over else "away"
        return is_over

    async def _film(self) -> None:
        due = time.monotonic() + random.random() * self._period()
        while self.client is not None and not self.client.closed.is_set() and not self.offline:
            await self._pause(due - time.monotonic())
            now = time.monotonic()
            if now < due:
                due = min(due, now + self._period())
                continue
            await self._send_picture()
            late = time.monotonic() - due
            self._tally.skipped += int(late / self._period())
            due += self._period() * (1 + int(late / self._period()))

    async def _film_small(self) -> None:
        """Send thumbnails beside the frames, where they are wanted."""
        for sequence in itertools.count(1):
            if self.client is None or self.client.closed.is_set() or self.offline:
                return
            rate = self._capture.get("thumbnails") or 0.0
            if rate and self.is_filming:
                jpeg = self._camera.jpeg(time.monotonic(), *THUMBNAIL)
                await self.client.ask("thumbnail", sequence, round(time.time() * 1000), attachment=jpeg)
                self._tally.thumbnails += 1
            await asyncio.sleep(1 / rate if rate else LOOK_S)

    async def _pause(self, seconds: float) -> None:
        """Wait, or less when the server asks for another rate or the connection ends."""
        self._changed.clear()
        waits = [asyncio.ensure_future(self._changed.wait())]
        if self.client is not None:
            waits.append(asyncio.ensure_future(self.client.closed.wait()))
        _, pending = await asyncio.wait(waits, timeout=max(0.0, seconds), return_when=asyncio.FIRST_COMPLETED)
        for wait in pending:
            wait.cancel()

    async def _send_picture(self) -> None:
        if self.client is None:
            return
        fps, width, quality = (self._capture[name] for name in ("fps", "width", "quality"))
        if not (self._fixed or fps) or not self.is_filming:
            return
        self._sequence += 1
        started = time.monotonic()
        jpeg = self._camera.jpeg(started, width, quality)
        self._tally.sent += 1
        answer = await self.client.ask("frame", self._sequence, round(time.time() * 1000), attachment=jpeg)
        self._tally.answers_s.append(time.monotonic() - started)
        if "error" in answer:
            self._tally.refusals[answer["error"]["code"]] += 1
            await asyncio.sleep(min(5.0, answer["error"].get("retry_after", 0)))
        else:
            self._tally.acknowledged += 1

    def _period(self) -> float:
        # Asked for nothing, a page looks again each second whether that has changed.
        return 1 / (self._fixed or self._capture["fps"] or 1.0)

    def _hear(self, event: str, arguments: list[Any]) -> None:
        told: Any = arguments[0] if arguments else None
        if event == "welcome":
            self._take_capture(told["capture"])
        elif event == "capture":
            self._take_capture(told)
        elif event == "replaced":
            self.state = "replaced"
        else:
            self.heard.append((event, told))

    def _take_capture(self, told: Mapping[str, Any]) -> None:
        self._capture = told
        self._changed.set()

    async def _ask(self, event: str, payload: dict[str, Any]) -> Any:
        if self.client is None:
            raise Gone("not connected")
        answer = await self.client.ask(event, payload)
        if isinstance(answer, dict) and "error" in answer:
            self._tally.refusals[answer["error"]["code"]] += 1
        return answer


OnTile = Callable[[str, bytes, int], None]
"""Called for each tile with participant, JPEG and the age in ms that the server told."""


class Teacher:
    """One teacher's page that shows everybody it is told to watch."""

    def __init__(self, url: str, ticket: str, on_tile: OnTile, on_event: Callable[[str, Any], None]) -> None:
        self.client = Client("/teacher", self._hear)
        self.welcome: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._url, self._ticket, self._on_tile, self._on_event = url, ticket, on_tile, on_event

    async def connect(self) -> "Teacher":
        """Connect and wait for the welcome."""
        await self.client.connect(self._url, self._ticket)
        await asyncio.wait_for(self.welcome, 20)
        return self

    async def watch(self, participants: Sequence[str], focus: str | None = None) -> None:
        """Put students on screen."""
        await self.ask("watch", {"participants": list(participants), "focus": focus})

    async def ask(self, event: str, payload: dict[str, Any]) -> Any:
        """Send an event and return its acknowledgement."""
        return await self.client.ask(event, payload)

    def _hear(self, event: str, arguments: list[Any]) -> bool | None:
        if event == "tiles":
            index, data = arguments
            at = 0
            for participant, _sequence, age_ms, size in index["tiles"]:
                self._on_tile(participant, data[at : at + size], age_ms)
                at += size
            return True
        if event == "welcome" and not self.welcome.done():
            self.welcome.set_result(arguments[0])
        self._on_event(event, arguments[0] if arguments else None)
        return None

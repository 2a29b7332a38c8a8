"""Simulated phones that keep to docs/protocol.md: an arm that moves, one that stands still, cameras that obey."""

import asyncio
import math
import random
import struct
import time
from collections.abc import Mapping, Sequence
from typing import Any

from core.phone_roles import CAMERA_ROLES, MOTION_ROLES
from core.types import Role
from simulation.client import Client, Refused
from simulation.participants import FINAL, RETRY_S, Camera, Tally

HZ, BATCH_S, HEALTH_S = 50, 0.25, 15.0
GRAVITY = 9.81  # m/s2
TREMBLE, LEANING = 0.02, 0.3  # m/s2; radians
ROW = struct.Struct("<4f")
HEALTH: Mapping[str, Any] = {
    "battery": 0.8,
    "charging": False,
    "awake": "kept",
    "visible": True,
    "orientation": "portrait",
    "network": "wifi",
    "motion": "on",
    "microphone": "off",
}


class Arm:
    """A wrist that types, with a hand that goes to the face for three seconds of every twenty."""

    def __init__(self, seed: int) -> None:
        self._random, self._phase = random.Random(seed), 20.0 * random.Random(seed).random()

    def rows(self, start: float, count: int) -> bytes:
        """Return readings from `start` (seconds) on as the `motion` event has them."""
        return b"".join(ROW.pack(1000.0 * n / HZ, *self._at(start + n / HZ)) for n in range(count))

    def _at(self, now: float) -> tuple[float, float, float]:
        lifted = (now + self._phase) % 20.0 < 3.0
        tilt = 1.2 if lifted else 0.1
        shake = 1.5 if lifted else 0.25
        noise = [self._random.gauss(0.0, shake) for _axis in range(3)]
        return GRAVITY * math.sin(tilt) + noise[0], noise[1], GRAVITY * math.cos(tilt) + noise[2]


class Standing:
    """A phone that leans against something on a desk at which somebody types."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def rows(self, start: float, count: int) -> bytes:
        """Return readings as the `motion` event has them."""
        return b"".join(ROW.pack(1000.0 * n / HZ, *self._at()) for n in range(count))

    def _at(self) -> tuple[float, float, float]:
        x, y, z = (self._random.gauss(0.0, TREMBLE) for _axis in range(3))
        return x, GRAVITY * math.cos(LEANING) + y, GRAVITY * math.sin(LEANING) + z


class SimulatedPhone:
    """One phone's page; `run` until cancelled."""

    def __init__(self, url: str, ticket: str, role: str, camera: Camera | None, tally: Tally, seed: int) -> None:
        self.state = "new"
        self._url, self._ticket, self._role, self._camera, self._tally = url, ticket, role, camera, tally
        self._sensor: Arm | Standing = Arm(seed) if role == Role.ARM else Standing(seed)
        self._capture: Mapping[str, Any] = {"fps": 0, "width": 480, "quality": 0.6}
        self._sequence = 0

    async def run(self) -> None:
        """Connect, say how the phone is, and send what its role measures; again whenever the connection ends."""
        while not await self._visit():
            await asyncio.sleep(random.uniform(*RETRY_S))

    async def _visit(self) -> bool:
        client = Client("/phone", self._hear)
        try:
            await client.connect(self._url, self._ticket)
            self._tally.connects += 1
            self.state = "connected"
            camera = "on" if self._camera is not None else "none"
            parts = [self._say_health(client, {**HEALTH, "camera": camera})]
            if self._role in CAMERA_ROLES:
                parts.append(self._film(client))
            if self._role in MOTION_ROLES:
                parts.append(self._move(client))
            await asyncio.gather(*parts)
        except Refused as refused:
            self._tally.refusals[refused.code] += 1
            return refused.code in FINAL
        except (TimeoutError, OSError):
            pass
        finally:
            client.close()
            self.state = "away"
        return False

    async def _say_health(self, client: Client, health: Mapping[str, Any]) -> None:
        while not client.closed.is_set():
            self._count(await client.ask("health", dict(health)))
            await asyncio.sleep(HEALTH_S)

    async def _move(self, client: Client) -> None:
        due, count = time.monotonic(), round(HZ * BATCH_S)
        while not client.closed.is_set():
            self._sequence += 1
            batch = {"seq": self._sequence, "at": (time.time() - BATCH_S) * 1000}
            self._count(await client.ask("motion", batch, attachment=self._sensor.rows(due, count), held_as="data"))
            due += BATCH_S
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def _film(self, client: Client) -> None:
        while not client.closed.is_set():
            fps = float(self._capture["fps"])
            await asyncio.sleep(1 / fps if fps else 0.5)
            if not fps or self._camera is None:
                continue
            self._sequence += 1
            jpeg = self._camera.jpeg(time.monotonic(), self._capture["width"], self._capture["quality"])
            self._count(await client.ask("frame", self._sequence, round(time.time() * 1000), attachment=jpeg))

    def _count(self, answer: Any) -> None:
        if isinstance(answer, dict) and "error" in answer:
            self._tally.refusals[answer["error"]["code"]] += 1
        else:
            self._tally.acknowledged += 1

    def _hear(self, event: str, arguments: Sequence[Any]) -> None:
        if event == "welcome":
            self._capture = arguments[0]["capture"]
        elif event == "capture":
            self._capture = arguments[0]

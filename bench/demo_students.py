"""`python -m bench.demo_students`: the demonstration's students, a process of their own that ends with its parent.

Reads one line of JSON from its input, {"url", "seats": [[ticket, {role: ticket of a phone}], ...]}, and goes on until
the input is closed.
"""

import asyncio
import contextlib
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence

from bench.demo_acts import CAST, QUIET, ROUND_S, Act, Part, Word
from bench.pictures import Camera, Scene
from bench.simulated import Student, Tally
from bench.simulated_phones import SimulatedPhone
from bench.wire import Gone
from core.types import CAMERA_ROLES

STEP_S = 0.25
NICENESS = 10
"""The server and its analysis go first."""


class Webcam:
    """A drawn camera whose scene can change."""

    def __init__(self, number: int, name: str) -> None:
        self._camera = Camera(number, name)
        self._scene, self._since = Scene.PRESENT, 0.0

    def show(self, scene: Scene) -> None:
        """Begin another scene."""
        if scene is not self._scene:
            self._scene, self._since = scene, time.monotonic()

    def jpeg(self, now: float, width: int, quality: float) -> bytes:
        """Return the picture of this moment."""
        return self._camera.jpeg(self._scene, now, now - self._since, width, quality)


class Actor:
    """One student who plays a part."""

    def __init__(self, url: str, ticket: str, camera: Webcam, part: Part) -> None:
        self._camera = camera
        self._student = Student(url, ticket, camera, Tally())
        self._part = part
        self._act = QUIET
        self._said: set[Word] = set()

    async def play(self) -> None:
        """Play until cancelled."""
        page = asyncio.ensure_future(self._student.run())
        started = time.monotonic()
        try:
            while True:
                await asyncio.sleep(STEP_S)
                with contextlib.suppress(Gone):  # the page connects again by itself, and is told again then
                    await self._go_on(time.monotonic() - started)
        finally:
            page.cancel()

    async def _go_on(self, spent: float) -> None:
        act = self._part.act_at(spent % ROUND_S)
        self._camera.show(act.scene)
        self._student.offline = act.offline
        if self._student.state != "connected":
            self._act = QUIET
            return
        for word in self._part.words:
            if word not in self._said and spent >= word.at:
                self._said.add(word)
                await self._student.say(word.text)
        if act != self._act:
            await self._tell(act)
            self._act = act

    async def _tell(self, act: Act) -> None:
        if act.page != self._act.page:
            await self._student.tell_page(act.page)
        if act.camera != self._act.camera:
            self._student.is_filming = act.camera == "on"
            await self._student.tell_camera(act.camera)


async def play_all(url: str, seats: Sequence[tuple[str, Mapping[str, str]]], cameras: Sequence[Webcam]) -> None:
    """Let everybody play until the input is closed."""
    cast = zip(seats, cameras, CAST, strict=True)
    actors = [Actor(url, ticket, camera, part) for (ticket, _phones), camera, part in cast]
    playing = [asyncio.ensure_future(actor.play()) for actor in actors]
    for number, ((_ticket, phones), camera) in enumerate(zip(seats, cameras, strict=True)):
        for role, ticket in phones.items():
            films = camera if role in CAMERA_ROLES else None
            playing.append(asyncio.ensure_future(SimulatedPhone(url, ticket, role, films, Tally(), number).run()))
    await asyncio.to_thread(sys.stdin.read)
    for one in playing:
        one.cancel()
    await asyncio.gather(*playing, return_exceptions=True)


def main() -> int:
    """Read whom to play, and play."""
    os.nice(NICENESS)
    try:
        cameras = [Webcam(number, part.name) for number, part in enumerate(CAST)]
        line = sys.stdin.readline()
        if line:
            plan = json.loads(line)
            asyncio.run(play_all(plan["url"], plan["seats"], cameras))
    except KeyboardInterrupt:  # the terminal's Ctrl-C goes to all of its processes
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())

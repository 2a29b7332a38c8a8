"""`python -m simulation.demo_students`: the demonstration's students, a process of their own that ends with its parent.

Reads one line of JSON, {"url", "participants": [[ticket, {role: ticket of a phone}], ...], "words", "link"},
and goes on until the input is closed. Once every student was seen it says the words, and opens the link where there is
one: whoever comes earlier sees empty tiles.
"""

import asyncio
import contextlib
import json
import os
import sys
import time
import webbrowser
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from core.phone_roles import CAMERA_ROLES
from simulation.client import Gone
from simulation.demo_acts import CAST, QUIET, ROUND_S, Act, Part, Word
from simulation.participants import Student, Tally
from simulation.phones import SimulatedPhone
from simulation.pictures import Camera, Scene
from simulation.room_pictures import RoomCamera

STEP_S = 0.25
NICENESS = 10
"""The server and its analysis go first, once everybody was seen: while models are loaded the students would starve."""
SEEN_WITHIN_S = 30.0
"""After so long the teacher may come in any case."""


class Webcam:
    """A drawn camera whose scene can change."""

    def __init__(self, number: int, name: str) -> None:
        self._camera = Camera(number, name)
        self._scene, self._since = Scene.PRESENT, 0.0

    @property
    def scene(self) -> Scene:
        """What happens."""
        return self._scene

    def show(self, scene: Scene) -> None:
        """Begin another scene."""
        if scene is not self._scene:
            self._scene, self._since = scene, time.monotonic()

    def jpeg(self, now: float, width: int, quality: float) -> bytes:
        """Return the picture of this moment."""
        return self._camera.jpeg(self._scene, now, now - self._since, width, quality)


class RoomPhone:
    """The camera of the phone in a student's room: another one, of the same scene."""

    def __init__(self, number: int, webcam: Webcam) -> None:
        self._camera, self._webcam = RoomCamera(number), webcam

    def jpeg(self, now: float, width: int, quality: float) -> bytes:
        """Return the picture of this moment."""
        return self._camera.jpeg(self._webcam.scene, now, width, quality)


class Seen(Protocol):
    """Who is seen by now, or not yet."""

    @property
    def is_seen(self) -> bool: ...


class Actor:
    """One student who plays a part."""

    def __init__(self, url: str, ticket: str, camera: Webcam, part: Part) -> None:
        self._camera = camera
        self._tally = Tally()
        self._student = Student(url, ticket, camera, self._tally)
        self._part = part
        self._act = QUIET
        self._said: set[Word] = set()

    @property
    def is_seen(self) -> bool:
        """Say whether the server has a picture of this student."""
        return self._tally.acknowledged > 0

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


async def announce(admitted: Sequence[Seen], words: str, link: str, within: float = SEEN_WITHIN_S) -> None:
    """Call the teacher once all who were let in are seen, or it has taken too long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(within):
            while not all(actor.is_seen for actor in admitted):
                await asyncio.sleep(STEP_S)
    print(words, flush=True)
    if link:
        webbrowser.open(link)
    os.nice(NICENESS)


async def play_all(plan: Mapping[str, Any], cameras: Sequence[Webcam]) -> None:
    """Let everybody play until the input is closed."""
    url: str = plan["url"]
    participants: Sequence[tuple[str, Mapping[str, str]]] = plan["participants"]
    cast = zip(participants, cameras, CAST, strict=True)
    actors = [Actor(url, ticket, camera, part) for (ticket, _phones), camera, part in cast]
    playing = [asyncio.ensure_future(actor.play()) for actor in actors]
    for number, ((_ticket, phones), camera) in enumerate(zip(participants, cameras, strict=True)):
        for role, ticket in phones.items():
            films = RoomPhone(number, camera) if role in CAMERA_ROLES else None
            playing.append(asyncio.ensure_future(SimulatedPhone(url, ticket, role, films, Tally(), number).run()))
    # the last one waits to be let in
    playing.append(asyncio.ensure_future(announce(actors[:-1], plan["words"], plan["link"])))
    await asyncio.to_thread(sys.stdin.read)
    for one in playing:
        one.cancel()
    await asyncio.gather(*playing, return_exceptions=True)


def main() -> int:
    """Read whom to play, and play."""
    try:
        cameras = [Webcam(number, part.name) for number, part in enumerate(CAST)]
        line = sys.stdin.readline()
        if line:
            asyncio.run(play_all(json.loads(line), cameras))
    except KeyboardInterrupt:  # the terminal's Ctrl-C goes to all of its processes
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())

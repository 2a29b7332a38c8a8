"""Simulated people keep to the protocol: the benches' and the demonstration's students against a real server."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest

from settings import REPOSITORY
from simulation.cameras import Album, drawn_album
from simulation.client import Client, Gone, Refused
from simulation.crowd import Crowd
from simulation.example_room import seed_room
from simulation.participants import Student, Tally, Teacher
from simulation.pictures import Scene
from tests.flows.live_server import DEADLINE_S, LiveServer, server_environment, wait_until

LINK = re.compile(r"http://127\.0\.0\.1:\d+/demo/\S+")


async def until(condition: Callable[[], object], what: str) -> None:
    """Wait until something has come true."""
    async with asyncio.timeout(DEADLINE_S):
        while not condition():
            await asyncio.sleep(0.02)
    assert condition(), what


@pytest.fixture(scope="module")
def album() -> Album:
    return Album(drawn_album(1, count=3)[Scene.PRESENT])


def test_students_send_what_the_server_asks_for_and_teachers_see_it(server: LiveServer, album: Album) -> None:
    room = seed_room(server.settings, ["Ada", "Ben"], teachers=2, state="open")

    async def exam() -> Crowd:
        crowd = Crowd(server.url, room, None)
        await crowd.open()
        await crowd.join([album, album])
        await crowd.settle()
        crowd.start()
        await until(lambda: crowd.seen.tiles >= 20, "tiles come")
        await crowd.close()
        return crowd

    crowd = asyncio.run(exam())
    assert crowd.tally.acknowledged >= 10
    assert not crowd.tally.refusals
    assert all(0 <= age < DEADLINE_S for age in crowd.seen.tile_ages)
    assert len(server.lines("took_over=False", room.code, "student=")) == 2


def test_a_student_obeys_and_comes_back_with_the_same_participant(server: LiveServer, album: Album) -> None:
    room = seed_room(server.settings, ["Ada"], state="open")
    told: list[tuple[str, Any]] = []

    async def exam() -> Tally:
        teacher = Teacher(server.url, room.teachers[0].ticket, lambda *_tile: None, lambda *what: told.append(what))
        await teacher.connect()
        tally = Tally()
        student = Student(server.url, room.students[0].ticket, album, tally)
        page = asyncio.ensure_future(student.run())
        await until(lambda: student.state == "connected", "the student came")
        await student.say("hello")
        await until(lambda: any(event == "chat" and what["text"] == "hello" for event, what in told), "chat came")
        assert student.client is not None
        student.client.close()
        await until(lambda: tally.connects == 2, "the student came back")
        await teacher.ask("remove", {"participant": room.students[0].id})
        await asyncio.wait_for(page, DEADLINE_S)
        teacher.client.close()
        return tally

    assert asyncio.run(exam()).refusals["removed"] == 1
    assert {what["id"] for event, what in told if event == "participant"} == {room.students[0].id}


def test_a_bad_ticket_and_a_missing_server_are_told_apart(server: LiveServer) -> None:
    async def knock(url: str) -> None:
        client = Client("/student", lambda *_heard: None)
        await client.connect(url, "no ticket")

    with pytest.raises(Refused) as refused:
        asyncio.run(knock(server.url))
    assert refused.value.code == "ticket_invalid"
    with pytest.raises(OSError):
        asyncio.run(knock("http://127.0.0.1:9"))
    assert issubclass(Gone, OSError)


def test_an_ordinary_server_has_no_demonstration(server: LiveServer) -> None:
    with pytest.raises(urllib.error.HTTPError) as missing:
        urllib.request.urlopen(f"{server.url}/demo/anything", timeout=DEADLINE_S)
    assert missing.value.code == 404
    missing.value.close()


class Demo:
    """`python app.py demo` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        command = [sys.executable, "app.py", "demo", "--port", "0", "--data-dir", str(folder)]
        self.said = folder / "said.txt"
        folder.mkdir(exist_ok=True)
        with self.said.open("wb") as output:
            self.process = subprocess.Popen(
                command, cwd=REPOSITORY, env=server_environment(), stdout=output, stderr=subprocess.STDOUT
            )

    def text(self) -> str:
        """What it printed so far."""
        return self.said.read_text(encoding="utf-8")

    def stop(self) -> int:
        """Press Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(DEADLINE_S)


@pytest.fixture
def demo(tmp_path: Path) -> Any:
    running = Demo(tmp_path / "var")
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.wait()


def page(opener: urllib.request.OpenerDirector, address: str) -> tuple[str, str]:
    """Open a page and return where it ended and its text."""
    with opener.open(address, timeout=DEADLINE_S) as answer:
        return answer.geturl(), answer.read().decode()


def test_the_demonstration_signs_its_teacher_in_once_and_ends_cleanly(demo: Demo) -> None:
    wait_until(lambda: LINK.search(demo.text()), "the link is printed", 60)
    assert demo.text().count("took_over=False") >= 8, "the teacher is called when the students can be seen"
    link = LINK.findall(demo.text())[0]
    teacher = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    address, shown = page(teacher, link)
    assert re.search(r"/rooms/[0-9a-f]{32}$", address)
    assert json.loads(shown.split('id="page-data">')[1].split("</script>")[0])
    stranger = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    assert "/login" in page(stranger, link)[0]
    wait_until(lambda: demo.text().count("took_over=False") >= 9, "nine students came", 60)
    wait_until(lambda: 'sender="Inès Dubois"' in demo.text(), "one of them writes")
    wait_until(lambda: "kind=PAGE_HIDDEN" in demo.text(), "one of them misbehaves", 60)
    assert demo.stop() == 0
    assert "server-stop" in demo.text()
    assert "Traceback" not in demo.text()

"""Fixtures of the tests in a real browser: a server process, Chromium with fake webcams, teachers and students."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, ViewportSize, sync_playwright

from rooms.setup.room_settings import RoomSettings
from tests import media
from tests.browser.cameras import make_camera
from tests.browser.live_class import THREE, Begin, LiveClass
from tests.browser.people import Student, Teacher
from tests.browser.phones import ANDROID, PHONE_GRANTS, Phone
from tests.flows.live_server import LiveServer, wait_until
from tools.programs import BROWSERS

FLAGS = ("--disable-gpu", "--disable-background-networking", "--use-fake-device-for-media-stream")
OPEN = {"EXAM_REGISTRATION": "open"}
"""Each test's teachers make accounts of their own."""
BLIND = {"EXAM_DETECTION": "off"}
"""The detectors take more than half the processor, and most pages are the same without them."""
WIDE: ViewportSize = {"width": 1366, "height": 768}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder, so that `-m "not browser"` leaves it out."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program; without one the tests are skipped, or fail where CI=true."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("no Chromium; see make programs")
    return str(found)


class Server(LiveServer):
    """A server whose output is closed with it, so that no warning about it reaches a later test."""

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout:
            super()._listen(process)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """One server for all tests: each opens a room of its own."""
    running = Server(tmp_path_factory.mktemp("server"), "eventlet", **OPEN).start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def blind_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """One that looks at nothing and alerts of nothing, which a file takes for its `server` where that is no matter."""
    running = Server(tmp_path_factory.mktemp("blind"), "eventlet", **OPEN, **BLIND).start()
    yield running
    running.stop()


@pytest.fixture
def watching(server: LiveServer) -> LiveServer:
    """The server, once all its detectors look; the test is skipped, or fails, where it lacks one."""
    return all_detectors(server)


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[LiveServer]:
    """A server for one test, which may kill it and start it again; it looks at nothing."""
    running = Server(tmp_path, "eventlet", **OPEN, **BLIND).start()
    yield running
    running.stop()


@pytest.fixture
def own_seeing_server(tmp_path: Path) -> Iterator[LiveServer]:
    """The same with its detectors."""
    running = Server(tmp_path, "eventlet", **OPEN).start()
    yield running
    running.stop()


def all_detectors(server: LiveServer) -> LiveServer:
    """Wait for a server's detectors, for tests that need every one of them."""
    wait_until(lambda: server.lines("analysis-1 ready"), "the analysis is ready")
    ready = server.lines("analysis-1 ready")[-1]
    if not ready.endswith("off: none"):
        media.absent(ready, os.environ)
    return server


@pytest.fixture(scope="session")
def fake_camera(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Make the file of a fake camera: one_face, another_face, several, nobody, dark and more."""
    folder = tmp_path_factory.mktemp("cameras")
    return lambda name: make_camera(name, folder, dict(os.environ))


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver of all browsers."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(
    playwright: Playwright, chromium: str, fake_camera: Callable[[str], Path]
) -> Iterator[Callable[..., Browser]]:
    """Give a Chromium whose only camera is the named one, and its microphone a file; each is started once."""
    running: dict[tuple[str, Path | None], Browser] = {}

    def with_camera(name: str = "one_face", sound: Path | None = None) -> Browser:
        if (name, sound) not in running:
            flags = [*FLAGS, f"--use-file-for-fake-video-capture={fake_camera(name)}"]
            heard = [f"--use-file-for-fake-audio-capture={sound}"] if sound else []
            sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
            running[name, sound] = playwright.chromium.launch(executable_path=chromium, args=[*flags, *heard, *sandbox])
        return running[name, sound]

    yield with_camera
    for one in running.values():
        one.close()


@pytest.fixture
def new_teacher(server: LiveServer, browser: Callable[..., Browser]) -> Iterator[Callable[..., Teacher]]:
    """Give a teacher with a new account; a name is taken once for each server."""
    made: list[Teacher] = []

    def register(name: str = "", at: LiveServer = server) -> Teacher:
        name = name or f"Teacher {os.urandom(4).hex()}"
        context = browser("one_face").new_context(viewport=WIDE, locale="en-GB")
        made.append(Teacher(context, at.url, name))
        return made[-1].register()

    yield register
    for teacher in made:
        teacher.close()


@pytest.fixture
def new_student(server: LiveServer, browser: Callable[..., Browser]) -> Iterator[Callable[..., Student]]:
    """Give a student at a computer with the named camera, allowed or not."""
    made: list[Student] = []

    def sit_down(
        name: str = "Ana Ruiz",
        camera: str = "one_face",
        allowed: bool = True,
        at: LiveServer = server,
        sound: Path | None = None,
    ) -> Student:
        context = browser(camera, sound).new_context(viewport=WIDE, locale="en-GB")
        if allowed:
            context.grant_permissions(["camera", *(["microphone"] if sound else [])], origin=at.url)
        made.append(Student(context, at.url, name))
        return made[-1]

    yield sit_down
    for student in made:
        student.close()


@pytest.fixture
def new_phone(server: LiveServer, browser: Callable[..., Browser]) -> Iterator[Callable[..., Phone]]:
    """Give somebody's phone with a rear camera that shows the named picture."""
    made: list[Phone] = []

    def unlock(camera: str = "nobody", at: LiveServer = server) -> Phone:
        context = browser(camera).new_context(**ANDROID)
        context.grant_permissions(PHONE_GRANTS, origin=at.url)
        made.append(Phone(context, at.url))
        return made[-1]

    yield unlock
    for phone in made:
        phone.close()


@pytest.fixture
def begin(server: LiveServer, browser: Callable[[str], Browser]) -> Iterator[Begin]:
    """Open a teacher's page on a room with these students, who have not come yet."""
    begun: list[LiveClass] = []
    pages: list[Page] = []

    def start(
        names: Sequence[str] = THREE,
        admit_by_hand: bool = False,
        at: LiveServer = server,
        settings: RoomSettings | None = None,
    ) -> LiveClass:
        pages.append(browser("one_face").new_page(viewport=WIDE, locale="en-GB"))
        begun.append(LiveClass(at, pages[-1], names, settings or RoomSettings(admit_by_hand=admit_by_hand)))
        return begun[-1].open()

    yield start
    for one in begun:
        one.close()
    for page in pages:
        page.close()

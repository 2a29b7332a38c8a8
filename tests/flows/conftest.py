"""Real servers, real sockets: a server that many tests share, and servers to be killed.

Tests marked `both_modes` run in each async mode: those in which sockets, threads or timers matter (who may connect,
what breaks, what floods, what is encrypted, what blocks). The others are about rules that stand above the transport and
are the same code in both, so they run in the default mode alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from rooms.setup.room_settings import RoomSettings
from settings import ASYNC_MODES
from simulation.pictures import Camera, Scene
from tests.flows.live_server import LiveServer
from tests.flows.people import ExamRoom, open_room

Begin = Callable[..., ExamRoom]


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server that no test may break."""
    live = LiveServer(tmp_path_factory.mktemp(f"shared-{request.param}"), request.param)
    try:
        yield live.start()
    finally:
        assert live.stop() == 0


@pytest.fixture
def own_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server of the test's own, to be killed."""
    live = LiveServer(tmp_path_factory.mktemp(f"own-{request.param}"), request.param)
    try:
        yield live.start()
    finally:
        live.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder, so that `-m "not slow"` leaves it out."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("slow")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give the servers of this folder their async modes."""
    is_short = metafunc.definition.get_closest_marker("both_modes") is None
    modes = ASYNC_MODES[:1] if is_short else ASYNC_MODES
    for fixture, scope in (("server", "session"), ("own_server", "function"), ("mode", "function")):
        if fixture in metafunc.fixturenames:
            metafunc.parametrize(fixture, modes, indirect=True, scope=scope)  # type: ignore[arg-type]


@pytest.fixture
def mode(request: pytest.FixtureRequest) -> str:
    """The async mode of a server that a test makes in its own way."""
    return str(request.param)


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Begins an exam on a server; everybody goes home at the end of the test."""
    begun: list[ExamRoom] = []

    def start(
        server: LiveServer,
        students: Sequence[str] = ("Ada", "Ben"),
        teachers: int = 1,
        settings: RoomSettings | None = None,
    ) -> ExamRoom:
        room = open_room(server, students, teachers, settings)
        begun.append(room)
        return room.begin()

    yield start
    for room in begun:
        room.end()


@pytest.fixture(scope="session")
def pictures() -> Mapping[Scene, bytes]:
    """What a student's camera may show."""
    camera = Camera(1, "Ada")
    return {scene: camera.jpeg(scene, 1.0) for scene in Scene}

"""Real servers, real sockets: one server for each async mode that many tests share, and servers to be killed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest

from rooms.setup.room_settings import RoomSettings
from settings import ASYNC_MODES
from simulation.pictures import Camera, Scene
from tests.flows.live_server import LiveServer
from tests.flows.people import ExamRoom, open_room

Begin = Callable[..., ExamRoom]


@pytest.fixture(scope="session", params=ASYNC_MODES)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server that no test may break."""
    live = LiveServer(tmp_path_factory.mktemp(f"shared-{request.param}"), request.param)
    try:
        yield live.start()
    finally:
        assert live.stop() == 0


@pytest.fixture(params=ASYNC_MODES)
def own_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server of the test's own, to be killed."""
    live = LiveServer(tmp_path_factory.mktemp(f"own-{request.param}"), request.param)
    try:
        yield live.start()
    finally:
        live.stop()


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

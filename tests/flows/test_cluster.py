"""Two web nodes, two analysis workers, Redis and PostgreSQL on one machine: each room's teacher hears of their own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from core.types import AlertKind
from detection.models.shelf import ModelShelf
from settings import load_settings
from simulation.pictures import Scene
from tests.detection.cluster import Cluster
from tests.flows.conftest import Begin
from tests.flows.live_server import LiveServer, wait_until
from tests.flows.people import alert_of
from tests.flows.test_faults import QUICK, Camera
from tests.store import postgres

SECRET = "the same sentence on every web node"


@pytest.fixture
def database_url() -> Iterator[str]:
    """PostgreSQL, for all web nodes."""
    with postgres.running(postgres.present(os.environ)) as address:
        yield address


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Redis and two analysis workers, with the models that a server on this machine uses."""
    own = load_settings({})
    extra = [Path(os.environ["EXAM_MODELS_DIR"])] if os.environ.get("EXAM_MODELS_DIR") else []
    shelf = ModelShelf(own.model_cache(), [*extra, *own.model_folders()])
    cluster = Cluster(tmp_path, shelf, ["face", "picture"])
    try:
        yield cluster.start(workers=2)
    finally:
        cluster.stop()


@pytest.fixture
def node(cluster: Cluster, database_url: str, tmp_path: Path) -> Iterator[Callable[[str], LiveServer]]:
    """Starts a web node."""
    started: list[LiveServer] = []

    def start(name: str) -> LiveServer:
        shared = {"database_url": database_url, "secret_key": SECRET}
        told = {f"EXAM_{key.upper()}": value for key, value in shared.items()}
        live = LiveServer(tmp_path / name, "eventlet", EXAM_ENGINE="celery", EXAM_REDIS_URL=cluster.redis.url, **told)
        live.folder.mkdir()
        live.settings = load_settings({}, data_dir=live.folder, **shared)
        started.append(live)
        return live.start()

    yield start
    for live in started:
        live.stop()


def test_two_rooms_on_two_nodes_share_workers_and_database(
    cluster: Cluster, node: Callable[[str], LiveServer], begin: Begin, pictures: Mapping[Scene, bytes]
) -> None:
    nodes = [node("first"), node("second")]
    rooms = [begin(live, names, settings=QUICK) for live, names in zip(nodes, (["Ada"], ["Ben"]), strict=True)]
    students = [room.students[0] for room in rooms]
    for live in nodes:
        wait_until(partial(knows_workers, live, 2), "both workers are there for this node")
        assert not live.workers(), "a web node of a cluster has no analysis process of its own"
    absent = pictures[Scene.ABSENT]
    with Camera(students[0], absent) as first, Camera(students[1], absent) as second:
        for room, student in zip(rooms, students, strict=True):
            alert = room.teacher.wait_for("alert", alert_of(AlertKind.FACE_NOT_FOUND, student))
            assert alert["evidence"]
        cluster.workers[0].kill()
        first.jpeg = second.jpeg = pictures[Scene.PRESENT]
        for room, student in zip(rooms, students, strict=True):
            room.teacher.wait_for("participant", partial(has_one_face, student.id))
    for room, student in zip(rooms, students, strict=True):
        assert {told["participant"] for told in room.teacher.heard("alert")} == {student.id}


def knows_workers(live: LiveServer, count: int) -> bool:
    return len(live.lines("analysis worker", "is there")) == count


def has_one_face(student: str, told: dict[str, Any]) -> bool:
    return bool(told["id"] == student and told["faces"] == 1)

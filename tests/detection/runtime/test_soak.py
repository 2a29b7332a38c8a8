"""A worker that runs for long stays as large as it was, and is not large with everything on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil
import pytest

from detection.analysis.schedule import Plan
from detection.detectors import DETECTORS
from detection.engines.child import Timeouts
from detection.engines.local import LocalEngine
from detection.models.shelf import ModelShelf
from tests.detection import pictures
from tests.detection.fakes import FakeListener, eventually

pytestmark = pytest.mark.slow

MEGABYTE = 1_000_000
MOST = 600 * MEGABYTE  # with every detector on
MOST_GROWTH = 24 * MEGABYTE
WARM, LONG = 400, 2400  # looks
SHAPES = ((1, 160), (1, 320), (2, 320), (1, 640), (3, 480), (1, 33), (2, 900))  # faces beside each other, and width


class Mill:
    """One worker that is fed as fast as it takes frames."""

    def __init__(self, engine: LocalEngine, listener: FakeListener) -> None:
        self._engine, self._listener = engine, listener
        self._fed = 0

    def feed(self, frames: Sequence[bytes], until: int, fresh: Sequence[str] = ()) -> None:
        """Have it look until it has done so many looks; each participant stays for a while and is gone then."""
        while self._fed < until:
            self._listener.changes.until(lambda: self._engine.free() > 0)
            data, name = frames[self._fed % len(frames)], f"s{self._fed // 100}-{self._fed % 10}"
            frame = pictures.frame(data, name, at=self._fed / 10)
            self._fed += self._engine.submit(frame, Plan(fresh=tuple(fresh)))
        self._listener.changes.until(lambda: len(self._listener.outcomes) == until)
        assert not any(outcome.error for outcome in self._listener.outcomes)

    def memory(self) -> int:
        """How large the worker is, in bytes."""
        return int(psutil.Process(self._engine.health()[0]["pid"]).memory_info().rss)


def running(names: Sequence[str], shelf: ModelShelf) -> Iterator[Mill]:
    listener = FakeListener()
    engine = LocalEngine(1, shelf.cache, shelf.folders, names, Timeouts(poll=0.05))
    engine.start(listener)
    eventually(lambda: engine.free() > 0)
    yield Mill(engine, listener)
    engine.stop()


@pytest.fixture
def mill(face_models: ModelShelf) -> Iterator[Mill]:
    yield from running(["face", "picture"], face_models)


@pytest.fixture
def full_mill(face_models: ModelShelf, models_dir: Path) -> Iterator[Mill]:
    yield from running(list(DETECTORS), ModelShelf(face_models.cache, [*face_models.folders, models_dir]))


def frames() -> list[bytes]:
    """Pictures of many sizes, from a strip to more than a webcam gives."""
    faces = {1: pictures.one_face(), 2: pictures.two_faces(), 3: pictures.no_face()}
    return [pictures.jpeg(faces[number], width) for number, width in SHAPES]


def test_a_worker_does_not_grow(mill: Mill) -> None:
    shown = frames()
    mill.feed(shown, WARM)
    before = mill.memory()
    mill.feed(shown, LONG)
    assert mill.memory() - before < MOST_GROWTH


def test_a_worker_with_everything_on_stays_below_its_limit(full_mill: Mill) -> None:
    full_mill.feed(frames(), 3 * len(SHAPES), list(DETECTORS))
    assert full_mill.memory() < MOST

"""What every engine promises, with real processes: one answer for each frame, whatever happens to who looks at it."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

import pytest

from detection import engines
from detection.analysis.schedule import Plan
from detection.engines.base import Engine
from detection.engines.celery import CeleryEngine
from detection.engines.celery_peer import Terms
from detection.engines.child import Timeouts
from detection.engines.local import LocalEngine
from detection.models.shelf import ModelShelf
from tests.detection import pictures
from tests.detection.cluster import Cluster
from tests.detection.fakes import FakeListener, eventually

pytestmark = pytest.mark.slow

FRAME = pictures.jpeg(pictures.one_face())
QUICK = Terms(answer=4.0, tick=0.001, poll=0.05, retry=0.05)


class Site(Protocol):
    """Somewhere an engine works; `engine` is what the server of a test uses."""

    def engine(self, workers: int, shelf: ModelShelf, detectors: Sequence[str]) -> Engine:
        """Set everything up and return the engine, not started."""
        ...

    def stop(self) -> None:
        """Take everything down but the engine."""
        ...


class LocalSite:
    """This machine."""

    def __init__(self, _folder: Path) -> None:
        pass

    def engine(self, workers: int, shelf: ModelShelf, detectors: Sequence[str]) -> Engine:
        return LocalEngine(workers, shelf.cache, shelf.folders, detectors, Timeouts(poll=0.05))

    def stop(self) -> None:
        pass


class CelerySite:
    """A cluster on this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cluster: Cluster | None = None

    def engine(self, workers: int, shelf: ModelShelf, detectors: Sequence[str]) -> Engine:
        self._cluster = Cluster(self._folder, shelf, detectors).start(workers)
        return CeleryEngine(self._cluster.redis.url, detectors, terms=QUICK)

    def stop(self) -> None:
        if self._cluster is not None:
            self._cluster.stop()


SITES: Mapping[str, Callable[[Path], Site]] = {"local": LocalSite, "celery": CelerySite}
Start = Callable[..., Engine]


def test_every_engine_keeps_the_contract() -> None:
    assert set(SITES) == set(engines.ENGINES)


@pytest.fixture
def listener() -> FakeListener:
    return FakeListener()


@pytest.fixture(params=list(engines.ENGINES))
def start(request: pytest.FixtureRequest, tmp_path: Path, listener: FakeListener) -> Iterator[Start]:
    """Starts an engine of each kind and waits until its workers are ready."""
    site = SITES[request.param](tmp_path)
    started: list[Engine] = []

    def run(workers: int = 1, models: ModelShelf | None = None, watcher: str = "face") -> Engine:
        shelf = models or ModelShelf(tmp_path)
        engine = site.engine(workers, shelf, [watcher, "picture"] if models else ["picture"])
        started.append(engine)
        engine.start(listener)
        eventually(partial(is_ready, engine, workers))
        return engine

    yield run
    for engine in started:
        engine.stop()
    site.stop()


def states(engine: Engine) -> Counter[str]:
    return Counter(line["state"] for line in engine.health())


def is_ready(engine: Engine, workers: int) -> bool:
    return states(engine) == {"ready": workers} and engine.free() > 0


def pid(engine: Engine) -> int:
    return int(engine.health()[0]["pid"])


def total(engine: Engine, what: str) -> int:
    return sum(int(line[what]) for line in engine.health())


def look(
    engine: Engine, listener: FakeListener, participant: str = "ana", at: float = 0.0, plan: Plan | None = None
) -> None:
    before = len(listener.outcomes)
    assert engine.submit(pictures.frame(FRAME, participant, at=at), plan or Plan())
    listener.changes.until(lambda: len(listener.outcomes) > before)


def fill(engine: Engine) -> list[int]:
    """Submit until there is no room; return the sequences that were taken."""
    taken: list[int] = []
    while engine.free():
        frame = pictures.frame(FRAME, f"s{len(taken)}")
        if engine.submit(frame):
            taken.append(frame.sequence)
    assert not engine.submit(pictures.frame(FRAME, "late"))
    return taken


# ------------------------------------------------------------------------------------ work


def test_frames_are_looked_at_and_counted(start: Start, listener: FakeListener, face_models: ModelShelf) -> None:
    engine = start(models=face_models)
    assert engine.detectors() == {"face": None, "picture": None}
    assert engine.every() == {"face": 0.0, "picture": 0.0}
    look(engine, listener)
    (outcome,) = listener.outcomes
    assert [seen.values.get("count") for seen in outcome.observations] == [1, None]
    line = engine.health()[0]
    assert (line["state"], line["analysed"], line["restarts"], line["in_flight"]) == ("ready", 1, 0, 0)
    assert line["mean_ms"] > 0 and line["rss"] > 1_000_000 and listener.rooms > 0


def test_only_what_is_due_looks(start: Start, listener: FakeListener, face_models: ModelShelf) -> None:
    engine = start(models=face_models)
    look(engine, listener, plan=Plan(due=("picture",)))
    assert [seen.kind for seen in listener.outcomes[0].observations] == ["picture"]


def test_a_broken_frame_is_refused_alone(start: Start, listener: FakeListener) -> None:
    engine = start()
    assert engine.submit(pictures.frame(b"no picture", "ben"))
    listener.changes.until(lambda: listener.outcomes)
    look(engine, listener)
    assert listener.outcomes[0].error and not listener.outcomes[0].lost
    assert (total(engine, "refused"), total(engine, "analysed"), total(engine, "restarts")) == (1, 1, 0)


def test_workers_share_the_participants_and_each_keeps_its_own(start: Start, listener: FakeListener) -> None:
    engine = start(workers=2)
    for turn in range(3):
        for number in range(8):
            look(engine, listener, f"s{number}", at=float(turn))
    reused = [outcome.observations[0].values.get("reused", False) for outcome in listener.outcomes]
    assert reused == [False] * 8 + [True] * 16
    assert all(line["analysed"] > 0 for line in engine.health())


def test_without_room_a_frame_is_not_taken_and_each_taken_one_is_answered_once(
    start: Start, listener: FakeListener
) -> None:
    engine = start()
    os.kill(pid(engine), signal.SIGSTOP)
    taken = fill(engine)
    os.kill(pid(engine), signal.SIGCONT)
    listener.changes.until(lambda: len(listener.outcomes) >= len(taken))
    eventually(partial(is_ready, engine, 1))
    look(engine, listener)
    assert sorted(outcome.frame.sequence for outcome in listener.outcomes[:-1]) == taken
    assert total(engine, "in_flight") == 0


@pytest.mark.parametrize("how", ["renew", "recheck"])
def test_a_model_that_comes_later_is_used_without_a_restart(
    start: Start, listener: FakeListener, face_models: ModelShelf, tmp_path: Path, how: str
) -> None:
    late = ModelShelf(tmp_path / "late")
    late.cache.mkdir()
    engine = start(models=late)
    first = pid(engine)
    assert engine.detectors()["face"]
    for name in ("face_full_range", "face_short_range"):
        source = face_models.locate(name)
        assert source is not None
        shutil.copy(source, late.cache)
    getattr(engine, how)()
    eventually(partial(is_ready, engine, 1))
    assert engine.detectors() == {"face": None, "picture": None} and pid(engine) == first
    look(engine, listener)
    assert listener.outcomes[0].observations[0].values["count"] == 1


def test_a_model_that_comes_later_makes_a_reduced_detector_whole(
    start: Start, listener: FakeListener, models_dir: Path, tmp_path: Path
) -> None:
    late = ModelShelf(tmp_path / "late")
    late.cache.mkdir()
    engine = start(models=late, watcher="landmarks")
    first = pid(engine)
    assert engine.detectors() == {"landmarks": None, "picture": None}
    assert "coarse" in engine.health()[0]["reduced"]["landmarks"]
    shutil.copy(models_dir / "face_landmarker.task", late.cache)
    engine.recheck()
    eventually(lambda: is_ready(engine, 1) and not engine.health()[0]["reduced"])
    assert pid(engine) == first
    look(engine, listener)
    assert not listener.outcomes[0].error


def test_a_worker_with_every_detector_on_is_left_alone(start: Start) -> None:
    engine = start()
    room = engine.free()
    engine.recheck()
    assert engine.free() == room


# ------------------------------------------------------------------------------------ death


def test_a_killed_worker_is_replaced_and_what_it_had_is_answered_once(start: Start, listener: FakeListener) -> None:
    engine = start()
    look(engine, listener)
    first = pid(engine)
    os.kill(first, signal.SIGSTOP)
    taken = fill(engine)
    os.kill(first, signal.SIGKILL)
    eventually(lambda: is_ready(engine, 1) and pid(engine) != first)
    listener.changes.until(lambda: len(listener.outcomes) > len(taken))
    assert sorted(outcome.frame.sequence for outcome in listener.outcomes[1:]) == taken
    # what the dead worker had not taken yet goes to the next one; what it had taken is told as lost
    assert all(outcome.lost or outcome.error is None for outcome in listener.outcomes)
    assert total(engine, "restarts") == 1
    look(engine, listener)
    assert listener.outcomes[-1].error is None


# ------------------------------------------------------------------------------------ the end


def test_stopping_leaves_no_thread_and_answers_for_everything(start: Start, listener: FakeListener) -> None:
    before = threading.active_count()
    engine = start()
    stopped = pid(engine)
    os.kill(stopped, signal.SIGSTOP)
    taken = fill(engine)
    engine.stop()
    assert threading.active_count() == before
    assert sorted(outcome.frame.sequence for outcome in listener.outcomes) == taken
    assert all(outcome.lost for outcome in listener.outcomes)

"""The local engine with real processes: work, death, silence, and an end without remains."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from core.types import Frame
from detection import engines
from detection.detectors.second_stage import FILE
from detection.engines.base import Engine
from detection.engines.child import DEPTH, Timeouts, worker_command
from detection.engines.local import LocalEngine
from detection.models.shelf import ModelShelf
from tests.detection import pictures
from tests.detection.fakes import FakeListener, eventually

pytestmark = pytest.mark.slow

SHORT = Timeouts(start=30.0, stuck=1.0, idle=0.2, poll=0.05)
CALM = Timeouts(poll=0.05)
FRAME = pictures.jpeg(pictures.one_face())

Start = Callable[..., LocalEngine]


@pytest.fixture
def listener() -> FakeListener:
    return FakeListener()


@pytest.fixture
def start(tmp_path: Path, listener: FakeListener) -> Iterator[Start]:
    started: list[LocalEngine] = []

    def run(
        workers: int = 1,
        timeouts: Timeouts = CALM,
        command: Callable[[int], list[str]] = worker_command,
        models: ModelShelf | None = None,
    ) -> LocalEngine:
        names = ["face", "picture"] if models else ["picture"]
        shelf = models or ModelShelf(tmp_path)
        engine = LocalEngine(workers, shelf.cache, shelf.folders, names, timeouts, command)
        started.append(engine)
        engine.start(listener)
        return engine

    yield run
    for engine in started:
        engine.stop()


def ready(engine: Engine, workers: int = 1) -> LocalEngine:
    eventually(lambda: engine.free() == DEPTH * workers)
    assert isinstance(engine, LocalEngine)
    return engine


def pid(engine: Engine, number: int = 0) -> int:
    return int(engine.health()[number]["pid"])


def is_replaced(engine: Engine, first: int) -> bool:
    return engine.free() == DEPTH and pid(engine) != first


def look(engine: Engine, listener: FakeListener, expected: int = 1, frame: Frame | None = None) -> None:
    assert engine.submit(frame or pictures.frame(FRAME))
    listener.changes.until(lambda: len(listener.outcomes) >= expected)


# ------------------------------------------------------------------------------------ work


def test_every_engine_is_registered_by_its_class() -> None:
    for name, where in engines.ENGINES.items():
        assert where.startswith(f"detection.engines.{name}:")


def test_frames_are_looked_at_and_counted(start: Start, listener: FakeListener, face_models: ModelShelf) -> None:
    engine = ready(start(models=face_models))
    assert engine.detectors() == {"face": None, "picture": None}
    look(engine, listener)
    (outcome,) = listener.outcomes
    assert [seen.values.get("count") for seen in outcome.observations] == [1, None]
    line = engine.health()[0]
    assert (line["state"], line["analysed"], line["restarts"], line["in_flight"]) == ("ready", 1, 0, 0)
    assert line["mean_ms"] > 0 and line["rss"] > 1_000_000


def test_workers_share_the_frames(start: Start, listener: FakeListener) -> None:
    engine = ready(start(workers=2), workers=2)
    sent = [pictures.frame(FRAME) for _ in range(40)]
    for frame in sent:
        eventually(engine.free)
        assert engine.submit(frame)
    listener.changes.until(lambda: len(listener.outcomes) == len(sent))
    assert {outcome.frame.sequence for outcome in listener.outcomes} == {frame.sequence for frame in sent}
    assert min(line["analysed"] for line in engine.health()) > 5


def test_a_participant_stays_with_the_process_that_knows_the_picture(start: Start, listener: FakeListener) -> None:
    engine = ready(start(workers=2), workers=2)
    names = [f"s{number}" for number in range(8)]
    for done in range(40):
        look(engine, listener, done + 1, pictures.frame(FRAME, names[done % 8], at=float(done // 8)))
    reused = [outcome.observations[0].values.get("reused", False) for outcome in listener.outcomes]
    assert reused == [False] * 8 + [True] * 24 + reused[32:], "five seconds later some looks are too old"
    assert all(line["analysed"] > 0 for line in engine.health())


def test_a_process_with_every_detector_on_is_left_alone(start: Start) -> None:
    engine = ready(start())
    engine.recheck()
    assert engine.free() == DEPTH


def test_without_room_a_frame_is_not_taken(start: Start, listener: FakeListener) -> None:
    engine = ready(start())
    os.kill(pid(engine), signal.SIGSTOP)
    assert [engine.submit(pictures.frame(FRAME)) for _ in range(DEPTH + 1)] == [True] * DEPTH + [False]
    assert engine.free() == 0
    os.kill(pid(engine), signal.SIGCONT)
    listener.changes.until(lambda: len(listener.outcomes) == DEPTH)


def test_a_broken_frame_is_refused_alone(start: Start, listener: FakeListener) -> None:
    engine = ready(start())
    assert engine.submit(pictures.frame(b"no picture"))
    look(engine, listener, expected=2)
    assert listener.outcomes[0].error and not listener.outcomes[0].lost
    assert engine.health()[0]["refused"] == 1 and engine.health()[0]["restarts"] == 0


def test_each_process_keeps_to_one_thread_per_library_and_steps_back(start: Start) -> None:
    process = psutil.Process(pid(ready(start())))
    assert process.environ()["OMP_NUM_THREADS"] == "1"
    assert process.nice() > psutil.Process().nice() or process.nice() == 19


@pytest.mark.parametrize("how", ["renew", "recheck"])
def test_a_model_that_comes_later_is_used_without_a_restart(
    start: Start, listener: FakeListener, face_models: ModelShelf, tmp_path: Path, how: str
) -> None:
    late = ModelShelf(tmp_path / "late")
    late.cache.mkdir()
    engine = ready(start(models=late))
    first = pid(engine)
    assert engine.detectors()["face"]
    for name in ("face_full_range", "face_short_range"):
        source = face_models.locate(name)
        assert source is not None
        shutil.copy(source, late.cache)
    getattr(engine, how)()
    ready(engine)
    assert engine.detectors() == {"face": None, "picture": None} and pid(engine) == first
    assert engine.every() == {"face": 0.0, "picture": 0.0}
    look(engine, listener)
    assert listener.outcomes[0].observations[0].values["count"] == 1


# ------------------------------------------------------------------------------------ death and silence


def test_a_killed_worker_is_replaced(start: Start, listener: FakeListener) -> None:
    engine = ready(start())
    look(engine, listener)
    first = pid(engine)
    os.kill(first, signal.SIGKILL)
    eventually(partial(is_replaced, engine, first))
    assert engine.health()[0]["restarts"] == 1
    look(engine, listener, expected=2)
    assert listener.outcomes[-1].error is None


def test_what_was_in_flight_is_lost_and_answered_once(start: Start, listener: FakeListener) -> None:
    engine = ready(start())
    os.kill(pid(engine), signal.SIGSTOP)
    sent = [pictures.frame(FRAME) for _ in range(DEPTH)]
    assert all(engine.submit(frame) for frame in sent)
    os.kill(pid(engine), signal.SIGKILL)
    listener.changes.until(lambda: len(listener.outcomes) == DEPTH)
    assert [(outcome.frame, outcome.lost) for outcome in listener.outcomes] == [(frame, True) for frame in sent]
    look(ready(engine), listener, expected=DEPTH + 1)
    assert engine.health()[0]["lost"] == DEPTH and engine.health()[0]["analysed"] == 1


def test_one_death_does_not_disturb_the_others(start: Start, listener: FakeListener) -> None:
    engine = ready(start(workers=2), workers=2)
    survivor = pid(engine, 1)
    os.kill(pid(engine, 0), signal.SIGKILL)
    eventually(lambda: engine.health()[0]["restarts"] == 1)
    for expected in range(1, 11):
        look(engine, listener, expected)
    ready(engine, workers=2)
    assert not any(outcome.lost for outcome in listener.outcomes) and pid(engine, 1) == survivor


def test_a_stuck_worker_is_killed_and_replaced(start: Start, listener: FakeListener) -> None:
    engine = ready(start(timeouts=SHORT))
    first = pid(engine)
    os.kill(first, signal.SIGSTOP)
    assert engine.submit(pictures.frame(FRAME))
    listener.changes.until(lambda: listener.outcomes)
    assert listener.outcomes[0].lost
    look(ready(engine), listener, expected=2)
    assert not psutil.pid_exists(first)


def test_an_idle_worker_that_is_silent_is_replaced(start: Start) -> None:
    engine = ready(start(timeouts=SHORT))
    first = pid(engine)
    os.kill(first, signal.SIGSTOP)
    eventually(partial(is_replaced, engine, first))


def test_an_idle_worker_that_answers_is_left_alone(start: Start) -> None:
    engine = ready(start(timeouts=Timeouts(start=30.0, stuck=1.0, idle=0.01, poll=0.01)))
    first = pid(engine)
    threading.Event().wait(1.5)  # longer than it may be stuck
    assert pid(engine) == first and engine.health()[0]["restarts"] == 0


def test_a_worker_that_does_not_read_blocks_nobody(start: Start, listener: FakeListener) -> None:
    engine = ready(start(workers=2, timeouts=SHORT), workers=2)
    os.kill(pid(engine, 0), signal.SIGSTOP)
    large = FRAME[:-2] + bytes(250_000) + FRAME[-2:]
    taken = sum(engine.submit(pictures.frame(large)) for _ in range(2 * DEPTH))
    listener.changes.until(lambda: len(listener.outcomes) == taken)
    ready(engine, workers=2)


def python(code: str) -> Callable[[int], list[str]]:
    return lambda descriptor: [sys.executable, "-c", f"fd = {descriptor}\n{code}"]


def test_a_worker_that_cannot_start_says_why(start: Start) -> None:
    engine = start(command=python("raise SystemExit(3)"))
    eventually(lambda: engine.health()[0]["restarts"] >= 2)
    assert engine.free() == 0 and "code 3" in engine.health()[0]["reason"]


def test_a_worker_that_talks_nonsense_is_replaced(start: Start) -> None:
    engine = start(command=python("import os; os.write(fd, b'x' * 100); os.read(fd, 1)"))
    eventually(lambda: engine.health()[0]["restarts"] >= 1)


def test_a_worker_that_never_gets_ready_is_replaced(start: Start) -> None:
    timeouts = Timeouts(start=0.3, poll=0.05)
    engine = start(timeouts=timeouts, command=python("import threading; threading.Event().wait()"))
    eventually(lambda: engine.health()[0]["restarts"] >= 1)
    assert "signal 9" in engine.health()[0]["reason"]


def test_a_command_that_does_not_exist_is_told(start: Start) -> None:
    engine = start(command=lambda descriptor: ["no-such-program"])
    eventually(lambda: "127" in engine.health()[0]["reason"])


# ------------------------------------------------------------------------------------ the end


def test_stopping_leaves_no_process_and_no_thread(start: Start) -> None:
    before = threading.active_count()
    engine = ready(start(workers=2), workers=2)
    processes = [pid(engine, 0), pid(engine, 1)]
    engine.stop()
    assert not any(psutil.pid_exists(process) for process in processes)
    assert threading.active_count() == before


def test_stopping_before_anything_is_ready_is_an_end_too(start: Start) -> None:
    before = threading.active_count()
    start(workers=2).stop()
    assert threading.active_count() == before
    assert not [
        child for child in psutil.Process().children() if "detection.analysis.worker" in " ".join(child.cmdline())
    ]


def test_descriptors_are_given_back(start: Start, listener: FakeListener) -> None:
    engine = ready(start())
    before = psutil.Process().num_fds()
    for _ in range(3):
        first = pid(engine)
        os.kill(first, signal.SIGKILL)
        eventually(partial(is_replaced, engine, first))
        look(engine, listener, len(listener.outcomes) + 1)
    assert psutil.Process().num_fds() == before


# ------------------------------------------------------------------------------------ what was learned


def test_a_second_stage_that_cannot_be_used_is_one_line_in_the_log(
    tmp_path: Path, listener: FakeListener, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / FILE).write_text("{")
    engine = LocalEngine(1, tmp_path, [], ["objects"], CALM, learned=str(tmp_path))
    try:
        engine.start(listener)
        ready(engine)
    finally:
        engine.stop()
    assert engine.detectors() == {"objects": None}
    (line,) = [record.getMessage() for record in caplog.records if "works less well" in record.getMessage()]
    assert "objects" in line and f"{tmp_path / FILE} cannot be read" in line

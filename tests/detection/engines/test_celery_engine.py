"""What only a cluster can do: newest picture wins, nothing stale is looked at, and Redis or workers go and come."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from detection import engines
from detection.analysis.messages import Look, Setup
from detection.engines.celery import CeleryEngine
from detection.engines.celery_claims import STALE
from detection.engines.celery_peer import Terms
from detection.engines.celery_state import NOBODY
from detection.engines.celery_worker import PunctualAnalyst
from detection.models.shelf import ModelShelf
from tests.detection import pictures
from tests.detection.cluster import ROOT, Cluster
from tests.detection.engines.test_engine_contract import QUICK, is_ready, look, pid, total
from tests.detection.fakes import FakeListener, eventually

pytestmark = pytest.mark.slow

FRAME = pictures.jpeg(pictures.one_face())
HASTY = Terms(age=0.3, answer=1.0, tick=0.001, poll=0.05, retry=0.05)

Connect = Callable[..., CeleryEngine]


@pytest.fixture
def listener() -> FakeListener:
    return FakeListener()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Redis, and no worker yet."""
    cluster = Cluster(tmp_path, ModelShelf(tmp_path), ["picture"])
    yield cluster
    cluster.stop()


@pytest.fixture
def connect(cluster: Cluster, listener: FakeListener) -> Iterator[Connect]:
    """Starts engines on the cluster, and ends them."""
    started: list[CeleryEngine] = []

    def run(terms: Terms = QUICK) -> CeleryEngine:
        engine = CeleryEngine(cluster.redis.url, ["picture"], terms=terms)
        started.append(engine)
        engine.start(listener)
        return engine

    yield run
    for engine in started:
        engine.stop()


def frames_in(cluster: Cluster) -> list[bytes]:
    with cluster.redis.client() as client:
        return list(client.scan_iter("exam:frame:*"))


def newest(cluster: Cluster) -> bytes:
    with cluster.redis.client() as client:
        return b"".join(bytes(client.get(key) or b"") for key in frames_in(cluster))


# ------------------------------------------------------------------------------------ the newest, and nothing stale


def test_the_newest_picture_is_looked_at_once_and_nothing_of_it_stays(
    cluster: Cluster, connect: Connect, listener: FakeListener
) -> None:
    cluster.start()
    engine = connect()
    eventually(partial(is_ready, engine, 1))
    os.kill(pid(engine), signal.SIGSTOP)
    first, second, third = (pictures.frame(FRAME, "ana") for _ in range(3))
    assert engine.submit(first)
    eventually(lambda: frames_in(cluster))  # the first is on its way, and overwritten there
    assert engine.submit(second) and engine.submit(third)
    eventually(lambda: f'"sequence":{third.sequence},'.encode() in newest(cluster))
    os.kill(pid(engine), signal.SIGCONT)
    listener.changes.until(lambda: len(listener.outcomes) == 3)
    assert {o.frame.sequence: o.lost for o in listener.outcomes} == {
        first.sequence: True,
        second.sequence: True,
        third.sequence: False,
    }
    assert (total(engine, "analysed"), total(engine, "in_flight"), frames_in(cluster)) == (1, 0, [])


def test_what_is_too_old_when_its_turn_comes_is_not_looked_at(
    cluster: Cluster, connect: Connect, listener: FakeListener
) -> None:
    cluster.start()
    engine = connect(HASTY)
    eventually(partial(is_ready, engine, 1))
    worker = pid(engine)
    os.kill(worker, signal.SIGSTOP)
    assert engine.submit(pictures.frame(FRAME))
    eventually(lambda: not frames_in(cluster))
    listener.changes.until(lambda: listener.outcomes)
    os.kill(worker, signal.SIGCONT)
    assert listener.outcomes[0].lost and "no answer" in str(listener.outcomes[0].error)
    eventually(partial(is_ready_again, engine, listener))
    assert total(engine, "analysed") == len([o for o in listener.outcomes if o.error is None]) == 1


def is_ready_again(engine: CeleryEngine, listener: FakeListener) -> bool:
    """Say whether a worker that lost frames has earned its trust back, by one that it is given."""
    if any(outcome.error is None for outcome in listener.outcomes):
        return is_ready(engine, 1)
    engine.submit(pictures.frame(FRAME))
    return False


def test_a_picture_that_grows_old_between_two_detectors_ends_its_look(tmp_path: Path) -> None:
    analyst = PunctualAnalyst()
    analyst.answer(Setup(["picture"], str(tmp_path), []))
    seen = Look(1, pictures.frame(FRAME))
    assert analyst.look_until(seen, float("inf")).found
    late = analyst.look_until(Look(2, pictures.frame(FRAME, "ben")), 0.0)
    assert (late.job, late.error, late.found) == (2, STALE, {})
    analyst.close()


# ------------------------------------------------------------------------------------ who is there


def test_without_redis_the_engine_waits_for_it_and_says_so(
    cluster: Cluster, connect: Connect, listener: FakeListener
) -> None:
    engine = connect()
    eventually(lambda: "cannot be reached" in engine.health()[0]["reason"])
    assert engine.free() == 0 and not engine.submit(pictures.frame(FRAME))
    assert engine.detectors() == {"picture": NOBODY}
    cluster.redis.start()
    eventually(lambda: engine.health()[0]["reason"] == NOBODY)
    assert engine.free() == 0 and listener.rooms == 0
    cluster.add()
    eventually(partial(is_ready, engine, 1))
    look(engine, listener)


def test_when_redis_ends_and_comes_back_only_frames_are_lost(
    cluster: Cluster, connect: Connect, listener: FakeListener
) -> None:
    cluster.start()
    engine = connect()
    eventually(partial(is_ready, engine, 1))
    look(engine, listener)
    worker = pid(engine)
    os.kill(worker, signal.SIGSTOP)
    assert engine.submit(pictures.frame(FRAME))
    eventually(lambda: frames_in(cluster))
    cluster.redis.kill()
    os.kill(worker, signal.SIGCONT)
    eventually(lambda: engine.health()[0]["name"] == "redis")
    assert engine.free() == 0 and not engine.submit(pictures.frame(FRAME))
    assert [line["state"] for line in engine.health()] == ["down", "unreachable"]
    listener.changes.until(lambda: len(listener.outcomes) == 2)
    assert listener.outcomes[1].lost
    cluster.redis.start()
    eventually(partial(answers_again, engine, listener))
    assert pid(engine) == worker, "the same process goes on"


def answers_again(engine: CeleryEngine, listener: FakeListener) -> bool:
    """Offer frames, as a server does all the time, until one is looked at."""
    before = len(listener.outcomes)
    if engine.free() and engine.submit(pictures.frame(FRAME)):
        listener.changes.until(lambda: len(listener.outcomes) > before)
        return listener.outcomes[-1].error is None
    return False


def test_when_a_worker_ends_the_others_take_over_and_a_new_one_is_welcome(
    cluster: Cluster, connect: Connect, listener: FakeListener
) -> None:
    cluster.start(workers=2)
    engine = connect()
    eventually(partial(is_ready, engine, 2))
    cluster.workers[0].kill()
    eventually(lambda: sorted(line["state"] for line in engine.health()) == ["down", "ready"])
    for number in range(8):
        look(engine, listener, f"s{number}")
    assert not any(outcome.lost for outcome in listener.outcomes)
    cluster.workers[0].start()
    eventually(partial(is_ready, engine, 2))
    assert total(engine, "restarts") == 1


def test_two_servers_share_the_workers_and_each_hears_of_its_own_alone(
    cluster: Cluster, connect: Connect, listener: FakeListener
) -> None:
    cluster.start()
    engine, own = connect(), FakeListener()
    other = CeleryEngine(cluster.redis.url, ["picture"], terms=QUICK)
    other.start(own)
    for one in (engine, other):
        eventually(partial(is_ready, one, 1))
    look(engine, listener, "ana")
    look(other, own, "ben")
    other.stop()
    assert [o.frame.participant for o in listener.outcomes + own.outcomes] == ["ana", "ben"]


# ------------------------------------------------------------------------------------ the process around it

GREEN = """
import eventlet
eventlet.monkey_patch()
import itertools, json, os, signal, sys, time
from detection import engines
from tests.detection import pictures
from tests.detection.fakes import FakeListener, eventually

def beat(ticks):
    while True:
        ticks.append(time.monotonic())
        time.sleep(0.005)

ticks, listener = [], FakeListener()
eventlet.spawn(beat, ticks)
engine = engines.make("celery", redis_url=sys.argv[1])
engine.start(listener)
jpeg = pictures.jpeg(pictures.one_face())
for turn in range(2):
    for number in range(20):
        eventually(engine.free)
        assert engine.submit(pictures.frame(jpeg, f"s{number}", at=100.0 * turn))
    listener.changes.until(lambda: len(listener.outcomes) == 20 * (turn + 1))
    first = engine.health()[0]["pid"]
    os.kill(first, signal.SIGKILL)
    eventually(lambda: engine.health()[0]["pid"] != first and engine.free())
engine.stop()
gaps = [after - before for before, after in itertools.pairwise(ticks)]
seen = sum(outcome.error is None for outcome in listener.outcomes)
print(json.dumps({"seen": seen, "restarts": engine.health()[0]["restarts"], "longest_gap": max(gaps)}))
"""


def test_it_works_and_recovers_under_eventlet(cluster: Cluster) -> None:
    cluster.start()
    command = [sys.executable, "-c", GREEN, cluster.redis.url]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["seen"], told["restarts"]) == (40, 2)
    assert told["longest_gap"] < 5.0, "nothing in the process waited in a way that stops all else"


WITHOUT = """
import sys
sys.modules.update(celery=None, redis=None, kombu=None)
import app
from detection import engines
from pathlib import Path
engines.make("local", workers=1, cache=Path("none"), folders=[], detectors=[])
try:
    engines.make("celery", redis_url="redis://127.0.0.1:1")
except ModuleNotFoundError as error:
    print(*error.__notes__)
"""


def test_a_server_without_a_cluster_needs_no_package_of_it() -> None:
    command = [sys.executable, "-c", WITHOUT]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "[cluster]" in done.stdout


def test_stopping_before_anything_is_there_is_an_end_too(cluster: Cluster, connect: Connect) -> None:
    before = threading.active_count()
    connect().stop()
    assert threading.active_count() == before
    with pytest.raises(KeyError):
        engines.make("abacus")

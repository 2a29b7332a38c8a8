"""Sensing with a real process: work, death, silence, floods, and an end without remains."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest

from core.types import Observation, ObservationKind, Reading, ReadingKind
from detection.processes.supervised_process import Timeouts
from detection.processes.wire import Cutter, MessageError
from detection.sensing.engine import LocalSenses, sensing_command
from detection.sensing.messages import Batch, Message, Ping, Pong, Ready, Sensed, Setup, Tell, decode, encode
from detection.sensing.process import Sensing, Server
from detection.sensing.registry import Route
from detection.sensing.waiting import MOST_OF_ONE
from tests.detection import sounds
from tests.detection.fakes import Changes, eventually

CALM = Timeouts(poll=0.05)
SHORT = Timeouts(start=30.0, stuck=1.0, idle=0.2, poll=0.05)
TONE = sounds.tone(0.25)


class Listening:
    """Who the engine reports to."""

    def __init__(self) -> None:
        self.changes = Changes()
        self.heard: list[tuple[Reading, Sequence[Observation]]] = []

    def sensed(self, reading: Reading, observations: Sequence[Observation]) -> None:
        self.heard.append((reading, observations))
        self.changes.changed()

    def until(self, number: int) -> None:
        self.changes.until(lambda: len(self.heard) >= number)


@pytest.fixture
def listening() -> Listening:
    return Listening()


@pytest.fixture
def start(tmp_path: Path, listening: Listening) -> Iterator[Callable[..., LocalSenses]]:
    started: list[LocalSenses] = []

    def run(timeouts: Timeouts = CALM, command: Callable[[int], list[str]] = sensing_command) -> LocalSenses:
        engine = LocalSenses(tmp_path, (), timeouts, command)
        started.append(engine)
        engine.start(listening)
        return engine

    yield run
    for engine in started:
        engine.stop()


def ready(engine: LocalSenses) -> LocalSenses:
    eventually(lambda: engine.health()["state"] == "ready")
    return engine


def pid(engine: LocalSenses) -> int:
    return int(engine.health()["pid"])


# ------------------------------------------------------------------------------------ with a process


def test_what_comes_before_the_process_is_ready_is_heard_too(
    start: Callable[..., LocalSenses], listening: Listening
) -> None:
    engine = start()
    assert engine.submit(sounds.reading(TONE, at=5.0, who="ben", channel="head"))
    listening.until(1)
    reading, (seen,) = listening.heard[0]
    assert (reading.participant, seen.kind, seen.channel, seen.at) == ("ben", ObservationKind.SOUND, "head", 5.25)
    health = engine.health()
    assert (health["senses"]["sound"], health["sensed"], health["restarts"]) == (None, 1, 0)
    assert health["mean_ms"] > 0 and health["rss"] > 1_000_000


def test_each_channel_is_heard_in_order(start: Callable[..., LocalSenses], listening: Listening) -> None:
    engine = ready(start())
    for number in range(10):
        for who in ("ana", "ben", "cleo"):
            engine.submit(sounds.reading(TONE, at=number / 4, who=who))
    listening.until(30)
    for who in ("ana", "ben", "cleo"):
        times = [reading.at for reading, _ in listening.heard if reading.participant == who]
        assert times == sorted(times) and len(times) == 10


def test_a_killed_process_is_replaced_and_told_again(start: Callable[..., LocalSenses], listening: Listening) -> None:
    engine = ready(start())
    engine.give_context("ana", "sound", {"transcribe": False})
    engine.give_context("ana", "identity", {"embeddings": []})
    first = pid(engine)
    os.kill(first, signal.SIGKILL)
    eventually(lambda: engine.health()["restarts"] == 1 and engine.health()["state"] == "ready")
    assert pid(engine) != first
    engine.submit(sounds.reading(TONE))
    listening.until(1)


@pytest.mark.slow
def test_a_flood_into_a_process_that_stands_still_is_bounded_counted_and_never_waits(
    start: Callable[..., LocalSenses], listening: Listening
) -> None:
    engine = ready(start())
    os.kill(pid(engine), signal.SIGSTOP)
    large = sounds.tone(1.0)
    for number in range(500):
        engine.submit(sounds.reading(large, at=float(number)))
    health = engine.health()
    assert health["waiting"] <= MOST_OF_ONE and health["dropped"]["replaced"] > 400
    os.kill(pid(engine), signal.SIGCONT)
    listening.changes.until(lambda: any(reading.at == 499.0 for reading, _ in listening.heard))


@pytest.mark.slow
def test_a_stuck_process_is_killed_and_what_it_had_is_lost(
    start: Callable[..., LocalSenses], listening: Listening
) -> None:
    engine = ready(start(SHORT))
    first = pid(engine)
    os.kill(first, signal.SIGSTOP)
    engine.submit(sounds.reading(TONE))
    eventually(lambda: engine.health()["restarts"] == 1 and engine.health()["state"] == "ready")
    assert engine.health()["lost"] == 1 and not psutil.pid_exists(first)
    engine.submit(sounds.reading(TONE, who="ben"))
    listening.until(1)
    assert listening.heard[0][0].participant == "ben"


def test_nothing_comes_back_of_who_left(start: Callable[..., LocalSenses], listening: Listening) -> None:
    engine = ready(start())
    os.kill(pid(engine), signal.SIGSTOP)
    for who in ("ana", "ben"):
        for _ in range(5):
            engine.submit(sounds.reading(TONE, who=who))
    engine.forget("ana")
    os.kill(pid(engine), signal.SIGCONT)
    listening.until(5)
    assert {reading.participant for reading, _ in listening.heard} == {"ben"}


def test_a_process_that_cannot_start_says_why(start: Callable[..., LocalSenses]) -> None:
    engine = start(command=lambda _descriptor: ["false"])
    eventually(lambda: engine.health()["restarts"] >= 2)
    assert "code 1" in engine.health()["reason"] and engine.health()["senses"]["sound"]


def test_stopping_leaves_no_process_and_no_thread(start: Callable[..., LocalSenses]) -> None:
    before = threading.active_count()
    engine = ready(start())
    process = pid(engine)
    engine.stop()
    assert not psutil.pid_exists(process) and threading.active_count() == before


def test_stopping_before_anything_is_ready_is_an_end_too(start: Callable[..., LocalSenses]) -> None:
    before = threading.active_count()
    start().stop()
    assert threading.active_count() == before


# ------------------------------------------------------------------------------------ inside the process


class Moody:
    """A sense that fails at each second batch."""

    def __init__(self) -> None:
        self.number = 0

    def take(self, reading: Reading) -> list[Observation]:
        self.number += 1
        if self.number % 2 == 0:
            raise ValueError("not today")
        return [Observation("room", reading.participant, ObservationKind.ARM, 1.0, {"n": self.number}, "arm")]

    def tell(self, participant: str, context: Mapping[str, Any]) -> None:
        raise KeyError(participant)

    def forget(self, participant: str) -> None:
        pass


MOODY = Route("arm", ReadingKind.MOTION, "tests.detection.sensing.test_sensing_process:Moody")
ABSENT = Route("gone", ReadingKind.SOUND, "detection.sensing.nowhere:Nobody")


def motion() -> Reading:
    return Reading("room", "ana", "arm", ReadingKind.MOTION, 0.0, bytes(16))


def test_a_sense_that_fails_is_counted_and_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    sensing = Sensing(lambda _reading, _found: None, [MOODY, ABSENT])
    states = sensing.answer(Setup("cache", []))
    assert isinstance(states, Ready) and states.senses["arm"] is None and "nowhere" in str(states.senses["gone"])
    assert sensing.answer(Tell("ana", "arm", {})) is None
    answer = sensing.answer(Batch(1, [motion(), motion(), motion(), sounds.reading(TONE)]))
    assert isinstance(answer, Sensed) and [len(one) for one in answer.found] == [1, 0, 1, 0]
    assert answer.failures == {"arm": 2}


def test_what_only_the_process_sends_is_refused() -> None:
    with pytest.raises(MessageError):
        Sensing(lambda _reading, _found: None).answer(Pong())


def test_a_server_answers_and_ends_when_the_line_does() -> None:
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=Server(theirs, [MOODY]).run)
    thread.start()
    with ours, theirs:
        ours.sendall(encode(Ping()))
        answers: list[Message] = []
        cutter = Cutter(decode)
        while not answers:
            answers += cutter.feed(ours.recv(4096))
        assert answers == [Pong({})]
        ours.close()
        thread.join(20.0)
    assert not thread.is_alive()

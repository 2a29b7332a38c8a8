"""The analysis process, spoken to over a socket as the server does."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from detection.analysis.messages import Inbox, Look, Message, Ping, Pong, Ready, Recheck, Seen, Setup, encode
from detection.analysis.worker import Worker
from detection.detectors.face_runtimes import FACE_RUNTIMES
from detection.detectors.second_stage import FILE
from detection.models.shelf import ModelShelf
from detection.processes.wire import MessageError
from tests.detection import pictures

FACE_MODELS = ("face_full_range", "face_short_range")


class Talk:
    """The server's end of the socket."""

    def __init__(self, ours: socket.socket) -> None:
        self._ours, self._inbox = ours, Inbox()

    def ask(self, message: Message) -> Message:
        self._ours.sendall(encode(message))
        while True:
            for answer in self._inbox.feed(self._ours.recv(1 << 16)):
                return answer


@pytest.fixture
def talk() -> Iterator[Talk]:
    ours, theirs = socket.socketpair()
    worker = Worker(theirs)
    thread = threading.Thread(target=worker.run)
    thread.start()
    with ours, theirs:
        yield Talk(ours)
        ours.close()
        thread.join(20.0)
        worker.close()
    assert not thread.is_alive(), "it ends when the server hangs up"


def setup(models: ModelShelf, *names: str) -> Setup:
    return Setup(list(names), str(models.cache), [str(folder) for folder in models.folders])


@pytest.mark.slow
@pytest.mark.parametrize("runtime", list(FACE_RUNTIMES))
def test_it_looks_at_frames_when_it_is_ready(talk: Talk, face_models: ModelShelf, runtime: str) -> None:
    ready = talk.ask(replace(setup(face_models, "picture", "face"), face_runtime=runtime))
    assert isinstance(ready, Ready) and ready.detectors == {"face": None, "picture": None}
    seen = talk.ask(Look(5, pictures.frame(pictures.jpeg(pictures.two_faces()))))
    assert isinstance(seen, Seen) and seen.job == 5 and seen.error is None and seen.ms > 0
    assert seen.found["faces"]["count"] == 2
    assert seen.found["picture"]["state"] == "ok"


def test_a_runtime_that_nobody_knows_switches_one_detector_off(talk: Talk, face_models: ModelShelf) -> None:
    ready = talk.ask(replace(setup(face_models, "picture", "face"), face_runtime="abacus"))
    assert isinstance(ready, Ready) and ready.detectors["picture"] is None
    assert "abacus" in str(ready.detectors["face"])


def test_a_missing_model_switches_one_detector_off(talk: Talk, tmp_path: Path) -> None:
    ready = talk.ask(Setup(["face", "picture"], str(tmp_path), []))
    assert isinstance(ready, Ready) and ready.detectors["picture"] is None
    assert "face_full_range" in str(ready.detectors["face"])
    seen = talk.ask(Look(1, pictures.frame(pictures.jpeg(pictures.no_face()))))
    assert isinstance(seen, Seen) and set(seen.found) == {"picture"}


def test_a_broken_model_switches_one_detector_off(talk: Talk, face_models: ModelShelf, tmp_path: Path) -> None:
    for status in face_models.status():
        file = tmp_path / status.model.file
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"x" * status.model.size)
    ready = talk.ask(Setup(["face", "picture"], str(tmp_path), []))
    assert isinstance(ready, Ready) and ready.detectors["face"] and ready.detectors["picture"] is None


def test_a_model_that_came_meanwhile_switches_its_detector_on(
    talk: Talk, face_models: ModelShelf, tmp_path: Path
) -> None:
    ready = talk.ask(Setup(["face", "picture"], str(tmp_path), []))
    assert isinstance(ready, Ready) and list(ready.every) == ["picture"]
    assert talk.ask(Recheck()) == ready
    for name in FACE_MODELS:
        source = face_models.locate(name)
        assert source is not None
        shutil.copy(source, tmp_path)
    again = talk.ask(Recheck())
    assert isinstance(again, Ready) and again.detectors == {"face": None, "picture": None}
    assert again.every == {"face": 0.0, "picture": 0.0}
    seen = talk.ask(Look(1, pictures.frame(pictures.jpeg(pictures.one_face()))))
    assert isinstance(seen, Seen) and list(seen.found) == ["faces", "picture"]


def test_a_detector_that_missed_one_of_its_models_is_made_whole(talk: Talk, tmp_path: Path, models_dir: Path) -> None:
    ready = talk.ask(Setup(["landmarks", "picture"], str(tmp_path), []))
    assert isinstance(ready, Ready) and ready.detectors["landmarks"] is None
    assert "coarse" in ready.reduced["landmarks"]
    assert talk.ask(Recheck()) == ready
    shutil.copy(models_dir / "face_landmarker.task", tmp_path)
    again = talk.ask(Recheck())
    assert isinstance(again, Ready) and again.reduced == {} and again.every == ready.every
    assert isinstance(talk.ask(Look(1, pictures.frame(pictures.jpeg(pictures.one_face())))), Seen)


@pytest.mark.slow
def test_a_damaged_second_stage_is_told_and_the_stock_detector_looks(talk: Talk, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{")
    told = Setup(["objects"], str(tmp_path), [], learned=str(tmp_path))
    ready = talk.ask(told)
    assert isinstance(ready, Ready) and ready.detectors["objects"] is None
    assert f"{tmp_path / FILE} cannot be read" in ready.reduced["objects"]
    (tmp_path / FILE).unlink()
    again = talk.ask(Recheck())
    assert isinstance(again, Ready) and again.reduced == {}


def test_only_what_is_due_is_done_and_a_calm_picture_is_said_again(talk: Talk, tmp_path: Path) -> None:
    talk.ask(Setup(["picture"], str(tmp_path), []))
    frame = pictures.frame(pictures.jpeg(pictures.no_face()))
    answers = [talk.ask(Look(1, frame, due, fresh)) for due, fresh in (([], []), (None, []), (["picture"], []))]
    answers.append(talk.ask(Look(1, frame, ["picture"], ["picture"])))
    found = [answer.found for answer in answers if isinstance(answer, Seen)]
    assert [list(one) for one in found] == [[], ["picture"], ["picture"], ["picture"]]
    assert [one["picture"].get("reused", False) for one in found[1:]] == [False, True, False]


def test_a_broken_frame_is_an_answer_and_not_an_end(talk: Talk, tmp_path: Path) -> None:
    talk.ask(Setup(["picture"], str(tmp_path), []))
    refused = talk.ask(Look(1, pictures.frame(b"no picture")))
    assert isinstance(refused, Seen) and refused.error and not refused.found
    assert talk.ask(Ping(8)) == Pong(8)


def test_what_only_a_worker_sends_is_refused() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(MessageError):
        Worker(theirs).answer(Pong(1))

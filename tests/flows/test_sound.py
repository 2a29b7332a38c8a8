"""Real sound over real sockets: speech is an alert, keys are none, listening is announced, phrases are heard."""

from __future__ import annotations

import importlib.util
import itertools
import signal
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from rooms.setup.room_settings import RoomSettings
from tests.detection import sounds
from tests.flows.conftest import Begin
from tests.flows.live_server import LiveServer, wait_until
from tests.flows.people import Phone, Student, User, alert_of

LOUD = RoomSettings(sound=True, phones_allowed=("head",))
LISTENED = RoomSettings(sound=True, listening=True)
PHRASES = RoomSettings(sound=True, transcribe=True, keep_sound=True, phrases=("Danger trail",))

pytestmark = pytest.mark.media


@pytest.fixture
def audio(media_dir: Path) -> Path:
    return media_dir / "audio"


class Microphone:
    """Sends a recording as a page does that hears it now; what lies back is a little late, as pages send it."""

    def __init__(self, person: User) -> None:
        self._person = person
        self._numbers = itertools.count(1)

    def send(self, sound: sounds.Sound, at: float | None = None, why: str = "activity") -> dict[str, Any]:
        """Send one piece that ends now, or begins at `at` (seconds), and return its acknowledgement."""
        began = time.time() - len(sound) / sounds.RATE if at is None else at
        payload = {"seq": next(self._numbers), "at": began * 1000, "level": -25.0, "floor": -60.0, "why": why}
        return self._person.ask("sound", {**payload, "data": sounds.pcm(sound)})

    def play(self, sound: sounds.Sound, seconds: int) -> None:
        """Send that many seconds, as fast as they are taken."""
        for number in range(seconds):
            piece = sound[number * sounds.RATE : (number + 1) * sounds.RATE]
            assert self.send(piece) == {"ok": True}

    def play_in_order(self, sound: sounds.Sound) -> None:
        """Send a whole sound that has just ended, each piece with its own time."""
        ended = time.time()
        assert self.send(sounds.silence(0.02), ended) == {"ok": True}, "so the server knows this clock"
        begin = ended - len(sound) / sounds.RATE
        for start in range(0, len(sound), sounds.RATE):
            piece = sound[start : start + sounds.RATE]
            assert self.send(piece, begin + start / sounds.RATE) == {"ok": True}


def was_heard(student: Student) -> Any:
    """Fits a `sensors` event with a sound of the student that was looked at."""
    return lambda told: any(row[0] == student.id and row[4] is not None for row in told["sounds"])


def sensing(server: LiveServer) -> list[psutil.Process]:
    """The server's sensing processes."""
    found = []
    for child in server.process.children():
        try:
            if "detection.sensing.process" in " ".join(child.cmdline()):
                found.append(child)
        except psutil.Error:  # it ended just now
            continue
    return found


def test_speech_is_one_alert_and_keys_are_none(server: LiveServer, begin: Begin, audio: Path) -> None:
    room = begin(server, settings=LOUD)
    ada, ben = room.students
    phone: Phone = ada.connect_phone("head")
    assert ben.ask("input", {"keys": 9, "pointer": 0}) == {"ok": True}
    keys = Microphone(ben)
    keys.play(sounds.load(audio / sounds.TYPING), 8)
    room.teacher.wait_for("sensors", was_heard(ben))
    speech, far = sounds.load(audio / sounds.SPEECH), sounds.load(audio / sounds.SPEECH) * np.float32(0.2)
    near = Microphone(ada), Microphone(phone)
    for number in range(6):
        for microphone, sound in zip(near, (speech, far), strict=True):
            piece = sound[number * sounds.RATE : (number + 1) * sounds.RATE]
            assert microphone.send(piece) == {"ok": True}
    alert = room.teacher.wait_for("alert", alert_of("SPEECH_DETECTED", ada))
    assert alert["severity"] == "warning" and alert["numbers"]["speech"] >= 2.0 and alert["ended_at"] is None
    assert ada.wait_for("hint", lambda told: told["kind"] == "SPEECH_DETECTED")
    keys.play(sounds.load(audio / sounds.TYPING), 1)
    raised = [told for told in room.teacher.heard("alert") if told["kind"] == "SPEECH_DETECTED"]
    assert {told["id"] for told in raised} == {alert["id"]}, "two microphones heard it, and keys are no speech"
    phone.close()


def test_listening_is_announced_heard_by_one_and_over_with_the_page(server: LiveServer, begin: Begin) -> None:
    room = begin(server, settings=LISTENED, teachers=2)
    ada = room.students[0]
    wanted = {"participant": ada.id, "channel": "webcam"}
    assert room.teacher.ask("listen", {**wanted, "on": True}) == {"ok": True}
    told = ada.wait_for("listening")
    assert (told["on"], told["channel"]) == (True, "webcam") and told["by"]
    room.teachers[1].wait_for("participant", lambda view: view["id"] == ada.id and view["listened"])
    microphone = Microphone(ada)
    for number in range(6):
        assert microphone.send(sounds.tone(0.25, 300.0 + number), why="listening") == {"ok": True}
    room.teacher.wait_for("heard", lambda piece: piece["seq"] == 6)
    (first, *_) = room.teacher.heard("heard")
    assert (first["participant"], first["channel"], first["data"]) == (
        ada.id,
        "webcam",
        sounds.pcm(sounds.tone(0.25, 300.0)),
    )
    assert room.teachers[1].heard("heard") == []
    room.teacher.close()
    ada.wait_for("listening", lambda news: not news["on"])
    wait_until(lambda: server.lines("listening-ended", "Ada"), "the log keeps who listened")
    assert room.teachers[1].ask("listen", {**wanted, "channel": "arm", "on": True})["error"]["code"] == "not_wanted"


def test_a_room_without_it_lets_nobody_listen(server: LiveServer, begin: Begin) -> None:
    room = begin(server, settings=LOUD)
    wanted = {"participant": room.students[0].id, "channel": "webcam", "on": True}
    assert room.teacher.ask("listen", wanted)["error"]["code"] == "not_allowed"
    assert room.teacher.ask("listen", {**wanted, "channel": "cellar"})["error"]["code"] == "bad_message"
    assert room.students[0].heard("listening") == []


@pytest.mark.both_modes
def test_a_sensing_process_that_dies_is_replaced_while_the_exam_goes_on(
    own_server: LiveServer, begin: Begin, audio: Path
) -> None:
    room = begin(own_server, settings=LOUD)
    ada, ben = room.students
    speech = sounds.load(audio / sounds.SPEECH)
    Microphone(ben).play(speech, 2)
    room.teacher.wait_for("sensors", was_heard(ben))
    (first,) = sensing(own_server)
    first.send_signal(signal.SIGKILL)
    wait_until(lambda: [one.pid for one in sensing(own_server)] not in ([], [first.pid]), "another one runs")
    Microphone(ada).play(speech, 6)
    room.teacher.wait_for("alert", alert_of("SPEECH_DETECTED", ada))


@pytest.mark.skipif(importlib.util.find_spec("pocketsphinx") is None, reason="pocketsphinx is not installed")
def test_a_phrase_is_heard_and_its_sound_and_words_are_kept(server: LiveServer, begin: Begin, audio: Path) -> None:
    room = begin(server, settings=PHRASES)
    ada = room.students[0]
    said = np.concatenate([sounds.load(audio / "audio_p009.wav"), sounds.silence(1.0)])
    Microphone(ada).play_in_order(np.asarray(said, dtype=np.float32))
    alert = room.teacher.wait_for("alert", alert_of("KEYWORD_HEARD", ada))
    assert alert["severity"] in {"warning", "critical"} and alert["numbers"]["phrases"] == "Danger trail"
    assert alert["sound"] and alert["words"]
    folder = server.folder / "evidence"
    wait_until(lambda: [*folder.rglob(f"{alert['id']}.txt")], "what was heard is kept")
    (kept,) = folder.rglob(f"{alert['id']}.wav")
    assert 3.0 <= len(sounds.load(kept)) / sounds.RATE <= 10.0

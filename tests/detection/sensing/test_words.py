"""Speech into words: who listens, what waits, and that nobody waits for it."""

from __future__ import annotations

import importlib.util
import json
import sys
import threading
import types
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.types import Observation, Reading
from detection.models.shelf import ModelShelf
from detection.sensing.sound import words, words_sphinx, words_vosk
from detection.sensing.sound.phrases import Understood
from detection.sensing.sound.speech import SpeechDetector
from detection.sensing.sound.utterance import AFTER, BEFORE, LEAST, MOST, Utterance
from detection.sensing.sound.words import MOST_WAITING, Listener, Stretch, Words
from tests.detection import sounds
from tests.detection.fakes import Changes, eventually

FRAME = np.full(512, 0.5, dtype=np.float32)
NEEDS_SPHINX = pytest.mark.skipif(
    importlib.util.find_spec("pocketsphinx") is None, reason="pocketsphinx is not installed"
)


class Parrot:
    """Understands what it is told to, once it may."""

    def __init__(self, *answers: Understood, rough: bool = False, name: str = "parrot") -> None:
        self.name, self.rough = name, rough
        self.answers, self.heard = list(answers), list[bytes]()
        self.may = threading.Event()
        self.may.set()

    def understand(self, sound: bytes, phrases: Sequence[str]) -> Understood:
        self.may.wait(60.0)
        self.heard.append(sound)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer.text == "fail":
            raise ValueError("not today")
        return answer


class Said:
    """Where Words says what was understood."""

    def __init__(self) -> None:
        self.changes = Changes()
        self.found: list[Observation] = []

    def __call__(self, _reading: Reading, found: Sequence[Observation]) -> None:
        self.found += found
        self.changes.changed()

    def until(self, number: int) -> None:
        self.changes.until(lambda: len(self.found) >= number)


def stretch(who: str = "ana", sound: bytes = bytes(32_000)) -> Stretch:
    return Stretch(sounds.reading(b"", who=who), sound, ("ok google",))


def made(said: Said, *listeners: Listener) -> Words:
    return Words(ModelShelf(Path("nowhere")), said, lambda _shelf: (list(listeners), "parrots"))


# ------------------------------------------------------------------------------------ stretches


def test_a_stretch_has_a_little_before_and_after() -> None:
    utterance = Utterance()
    assert [utterance.add(FRAME, False) for _ in range(50)] == [None] * 50
    assert [utterance.add(FRAME, True) for _ in range(20)] == [None] * 20
    ended = [utterance.add(FRAME, False) for _ in range(AFTER)]
    assert ended[:-1] == [None] * (AFTER - 1) and len(ended[-1] or b"") == (BEFORE + 20 + AFTER) * 1024


def test_a_click_is_no_stretch_and_a_speech_is_cut_into_several() -> None:
    utterance = Utterance()
    clicks = [utterance.add(FRAME, number < LEAST - 1) for number in range(100)]
    assert clicks == [None] * 100
    parts = [part for _ in range(3 * MOST) if (part := utterance.add(FRAME, True))]
    assert len(parts) >= 2 and all(len(part) <= MOST * 1024 for part in parts)
    assert Utterance().end() is None


# ------------------------------------------------------------------------------------ what waits


def test_words_come_with_engine_and_phrases() -> None:
    said, parrot = Said(), Parrot(Understood("ok google now", ["ok google"], 0.9, 0.85, 0.8))
    made_words = made(said, parrot)
    assert made_words.offer(stretch())
    said.until(1)
    assert said.found[0].values == {
        "text": "ok google now",
        "phrases": ["ok google"],
        "engine": "parrot",
        "rough": False,
        "alike": 0.9,
        "alike_limit": 0.85,
        "seconds": 1.0,
    }
    notes = made_words.notes()
    assert (notes["words"], notes["stretches"], notes["dropped"]) == ("parrots", 1, 0) and notes["cost"] is not None
    made_words.close()


def test_who_heard_a_phrase_speaks_and_else_who_is_surest() -> None:
    said = Said()
    english = Parrot(Understood("dee seery", [], sure=0.9), Understood("hello", [], sure=0.9), name="en")
    french = Parrot(Understood("dis siri", ["dis siri"], 1.0, 0.85, 0.5), Understood("allo", [], sure=0.4), name="fr")
    made_words = made(said, english, french)
    for number in (1, 2):
        made_words.offer(stretch())
        said.until(number)
    assert [one.values["engine"] for one in said.found] == ["fr", "en"]
    made_words.close()


def test_a_flood_drops_the_oldest_and_never_waits() -> None:
    said, slow = Said(), Parrot(Understood("x", []))
    slow.may.clear()
    made_words = made(said, slow)
    made_words.offer(stretch("first"))
    eventually(lambda: not made_words._waiting)
    taken = [made_words.offer(stretch(f"s{number}")) for number in range(100)]
    assert taken == [True] * MOST_WAITING + [False] * (100 - MOST_WAITING)
    assert made_words.notes()["dropped"] == 100 - MOST_WAITING
    made_words.forget("s99")
    slow.may.set()
    said.until(MOST_WAITING)
    assert [one.participant for one in said.found] == ["first", *(f"s{number}" for number in range(92, 99))]
    made_words.close()


def test_who_talks_without_end_pushes_nobody_out() -> None:
    said, slow = Said(), Parrot(Understood("x", []))
    slow.may.clear()
    made_words = made(said, slow)
    made_words.offer(stretch("loud"))
    eventually(lambda: not made_words._waiting)
    for number in range(3 * MOST_WAITING):
        if number == MOST_WAITING:
            assert not made_words.offer(stretch("quiet")), "one of the loud ones went"
        made_words.offer(stretch("loud"))
    slow.may.set()
    said.until(MOST_WAITING + 1)
    assert [one.participant for one in said.found] == ["loud", "quiet", *["loud"] * (MOST_WAITING - 1)]
    made_words.close()


def test_a_failure_and_silence_say_nothing_and_stop_nothing() -> None:
    said = Said()
    parrot = Parrot(Understood("fail", []), Understood("", []), Understood("well", []))
    made_words = made(said, parrot)
    for _ in range(3):
        made_words.offer(stretch())
    said.until(1)
    assert [one.values["text"] for one in said.found] == ["well"]
    made_words.close()


def test_without_a_listener_nothing_is_said_and_it_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words_sphinx, "listener", lambda: None)
    found, told = words.find_listeners(ModelShelf(tmp_path))
    assert found == [] and "none" in told


# ------------------------------------------------------------------------------------ through the ear


@pytest.mark.media
def test_the_ear_cuts_stretches_only_where_the_room_asks_for_words(
    media_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parrot, said = Parrot(Understood("something", [])), Said()
    monkeypatch.setattr("detection.sensing.sound.speech.Words", lambda shelf, say: made(say, parrot))
    ear = SpeechDetector()
    ear.open(ModelShelf(Path("nowhere")), said)
    ear.tell("ana", {"transcribe": True, "phrases": ["ok google"]})
    speech = sounds.load(media_dir / "audio" / sounds.SPEECH)
    for who in ("ana", "ben"):
        for batch in sounds.batches(np.concatenate([speech, sounds.silence(1.0)]), who=who):
            ear.take(batch)
    said.until(1)
    assert {one.participant for one in said.found} == {"ana"} and all(len(one) > 16_000 for one in parrot.heard)
    for batch in sounds.batches(speech[: 2 * sounds.RATE], at=500.0):
        ear.take(batch)
    monkeypatch.setattr("detection.sensing.sound.speech.PAUSE", -1.0)
    before = len(parrot.heard)
    ear.idle()
    eventually(lambda: len(parrot.heard) > before)
    ear.tell("ana", {})
    ear.close()


# ------------------------------------------------------------------------------------ listeners


@NEEDS_SPHINX
@pytest.mark.media
def test_the_rough_listener_hears_a_phrase_that_was_said_and_not_another(media_dir: Path) -> None:
    rough = words_sphinx.listener()
    assert rough is not None and rough.rough
    said = sounds.pcm(sounds.load(media_dir / "audio" / "audio_p009.wav"))  # "Author of the danger trail, ..."
    phrases = ["Danger trail!", "ok google", "zzyzx", "alexa", "quelle est la réponse"]
    assert rough.understand(said, phrases) == Understood("", ["Danger trail!"])
    assert rough.understand(said, ["ok google", "hey siri"]) == Understood("", [])
    assert rough.understand(said, ["zzyzx"]) == Understood("", []) == rough.understand(said, [])
    typing = sounds.pcm(sounds.load(media_dir / "audio" / sounds.TYPING))
    assert rough.understand(typing, phrases).phrases == []


def test_vosk_is_asked_as_its_interface_wants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fed: list[int] = []

    class Recognizer:
        def __init__(self, model: Any, rate: int) -> None:
            assert (model, rate) == (str(tmp_path), 16_000)

        def SetWords(self, on: bool) -> None:
            assert on

        def AcceptWaveform(self, data: bytes) -> bool:
            fed.append(len(data))
            return len(fed) == 5

        def Result(self) -> str:
            return json.dumps({"text": "okay google", "result": [{"word": "okay", "conf": 0.5}, {"conf": 0.7}]})

        def FinalResult(self) -> str:
            return json.dumps({"text": "tell me"})

    fake: Any = types.ModuleType("vosk")
    fake.KaldiRecognizer, fake.Model, fake.SetLogLevel = Recognizer, str, lambda _level: None
    monkeypatch.setitem(sys.modules, "vosk", fake)
    listener = words_vosk.VoskListener("en", tmp_path)
    understood = listener.understand(bytes(32_001), ["ok google", "hey siri"])
    assert (understood.text, list(understood.phrases)) == ("okay google tell me", ["ok google"])
    assert understood.sure == pytest.approx(0.6) and sum(fed) == 32_001 and max(fed) <= 3200
    assert (listener.name, listener.rough) == ("Vosk (en)", False)


NEEDS_VOSK = pytest.mark.skipif(importlib.util.find_spec("vosk") is None, reason="vosk is not installed")


def voices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelShelf:
    """A shelf on which the English model is a folder of the right shape that Vosk itself cannot load."""
    folder = tmp_path / "vosk-model-small-en-us-0.15"
    for name, content in {"am/final.mdl": bytes(64), "conf/mfcc.conf": b"", "conf/model.conf": b""}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    shelf = ModelShelf(tmp_path)
    monkeypatch.setattr(shelf, "locate", lambda name: folder if name == "vosk-en" else None)
    return shelf


@NEEDS_VOSK
def test_vosks_own_answer_to_a_broken_model_is_understood_and_kept_off_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (listener,) = words_vosk.listeners(voices(tmp_path, monkeypatch))
    with pytest.raises(words_vosk.UnusableModel, match=r"Vosk \(en\) cannot be loaded from .*0\.15: Failed to create"):
        listener.load()
    with pytest.raises(words_vosk.UnusableModel):
        listener.understand(bytes(3200), ["ok google"])
    assert capfd.readouterr() == ("", "")


@NEEDS_VOSK
def test_a_broken_model_leaves_the_rough_listener_and_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    rough = Parrot(Understood("", ["ok google"]), rough=True, name="rough")
    monkeypatch.setattr(words_sphinx, "listener", lambda: rough)
    monkeypatch.setattr(words, "LOOK_AGAIN", -1.0)
    said = Said()
    made_words = Words(voices(tmp_path, monkeypatch), said)
    for _ in range(3):
        made_words.offer(stretch())
    said.until(3)
    assert [one.values["engine"] for one in said.found] == ["rough"] * 3
    assert "Failed to create a model" in made_words.notes()["words"]
    assert len([line for line in caplog.messages if "Failed to create a model" in line]) == 1
    made_words.close()


@NEEDS_VOSK
def test_a_broken_model_and_no_other_listener_say_why_nobody_listens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words_sphinx, "listener", lambda: None)
    found, told = words.find_listeners(voices(tmp_path, monkeypatch))
    assert found == [] and told.startswith("none: Vosk (en) cannot be loaded")


def test_vosk_listens_in_each_language_whose_model_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(words_vosk.listeners(ModelShelf(tmp_path))) == []
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: object())
    shelf = ModelShelf(tmp_path)
    monkeypatch.setattr(shelf, "locate", lambda name: tmp_path if name == "vosk-fr" else None)
    assert [one.name for one in words_vosk.listeners(shelf)] == ["Vosk (fr)"]
    monkeypatch.setattr(words_vosk.VoskListener, "load", lambda _self: None)
    assert words.find_listeners(shelf)[1] == "Vosk (fr)"

"""Sound and words beside an alert: only where the room keeps them, ten seconds at most, gone with the room."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.types import AlertKind, Observation, ObservationKind
from rooms.intake.sound_clips import LASTS, MOST_SECONDS, RATE
from rooms.live.participant import Student
from rooms.protocol.incoming import SoundPiece
from rooms.setup.room_settings import RoomSettings
from tests.rooms.stage import Stage

KEEPS = RoomSettings(sound=True, transcribe=True, keep_sound=True, phrases=("ok google",))
SECOND = b"\x01\x00" * RATE


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A running room that keeps sound and words."""
    made = Stage(tmp_path, KEEPS)
    yield made
    made.database.close()


def running(stage: Stage) -> Student:
    participant = stage.admitted()
    stage.lifecycle.set_state("r1", "running", "Ana")
    return participant


def sound(stage: Stage, participant: Student, seconds: int = 1, why: str = "activity", data: bytes = SECOND) -> None:
    for _ in range(seconds):
        seq = participant.uplink.sequences.get("sound", 0) + 1
        payload: SoundPiece = {"seq": seq, "at": 1000.0 * seq, "level": -30.0, "floor": -60.0, "data": data, "why": why}
        stage.readings.sound(participant, payload)
        stage.clock.advance(1.0)


def words(
    stage: Stage, participant: Student, text: str, *phrases: str, rough: bool = False, judged: bool = True
) -> None:
    values = {"text": text, "phrases": list(phrases), "engine": "Vosk (en)", "rough": rough}
    seen = Observation("r1", participant.id, ObservationKind.WORDS, stage.clock.now(), values)
    stage.alert_service.sensed([seen], judged)


def alert(
    stage: Stage, participant: Student, kind: AlertKind = AlertKind.SPEECH_DETECTED, name: str = "a1"
) -> dict[str, Any]:
    stage.teacher()
    stage.alert_service.alert_raised(stage.alert(participant, id=name, kind=kind, evidence=None))
    told: dict[str, Any] = stage.told("t1", "alert")[-1]
    return told


def kept_seconds(stage: Stage, name: str = "a1") -> float:
    with wave.open(io.BytesIO(stage.evidence.path("r1", f"{name}.wav").read_bytes())) as kept:
        assert (kept.getframerate(), kept.getnchannels(), kept.getsampwidth()) == (RATE, 1, 2)
        return kept.getnframes() / RATE


def understood(stage: Stage, name: str = "a1") -> str:
    return stage.evidence.path("r1", f"{name}.txt").read_text(encoding="utf-8")


# ------------------------------------------------------------------------------------ what is kept


def test_the_last_ten_seconds_are_kept_with_an_alert_of_sound(stage: Stage) -> None:
    participant = running(stage)
    sound(stage, participant, 14)
    view = alert(stage, participant)
    assert view["sound"] == "/rooms/r1/evidence/a1.wav" and view["words"] == "/rooms/r1/evidence/a1.txt"
    assert kept_seconds(stage) == MOST_SECONDS


def test_old_sound_and_sound_of_another_microphone_are_not(stage: Stage) -> None:
    participant = running(stage)
    sound(stage, participant, 3)
    stage.clock.advance(LASTS)
    sound(stage, participant, 2)
    stage.keeper.look_around()
    alert(stage, participant)
    assert kept_seconds(stage) == 2.0
    stage.alert_service.alert_raised(
        replace(stage.alert(participant, id="a2", kind=AlertKind.SPEECH_DETECTED, evidence=None), channel="head")
    )
    assert not stage.evidence.path("r1", "a2.wav").exists()


def test_other_alerts_keep_no_sound(stage: Stage) -> None:
    participant = running(stage)
    sound(stage, participant, 3)
    view = alert(stage, participant, AlertKind.TALKING)
    assert view["sound"] is None and view["words"] is None
    assert not stage.evidence.path("r1", "a1.wav").exists()


def test_live_listening_and_the_system_check_are_never_kept(stage: Stage) -> None:
    participant = stage.admitted()
    sound(stage, participant, 3)
    stage.lifecycle.set_state("r1", "running", "Ana")
    sound(stage, participant, 3, why="listening")
    assert alert(stage, participant)["sound"] is None


def test_a_room_that_keeps_none_writes_nothing(tmp_path: Path) -> None:
    stage = Stage(tmp_path, KEEPS.but(keep_sound=False, transcribe=False))
    participant = running(stage)
    sound(stage, participant, 5)
    words(stage, participant, "hello")
    view = alert(stage, participant)
    assert view["sound"] is None and view["words"] is None
    assert not (tmp_path / "evidence" / "r1").exists()
    assert (participant.id, "sound") not in stage.monitor.contexts
    stage.database.close()


def test_a_full_disk_costs_the_sound_and_not_the_alert(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    participant = running(stage)
    sound(stage, participant, 2)

    def full(*_arguments: object) -> str:
        raise OSError(28, "full")

    monkeypatch.setattr(stage.evidence, "keep", full)
    monkeypatch.setattr(stage.evidence, "add_line", full)
    words(stage, participant, "hello")
    view = alert(stage, participant)
    assert view["id"] == "a1" and view["sound"] is None


# ------------------------------------------------------------------------------------ words


def test_words_before_and_soon_after_belong_to_an_alert(stage: Stage) -> None:
    participant = running(stage)
    words(stage, participant, "long ago")
    stage.clock.advance(LASTS + 1)
    words(stage, participant, "what is the answer", "what is the answer")
    alert(stage, participant)
    stage.clock.advance(5.0)
    words(stage, participant, "", "ok google", rough=True)
    words(stage, participant, "during the check", judged=False)
    stage.clock.advance(LASTS)
    words(stage, participant, "much later")
    assert understood(stage) == (
        "[Vosk (en)] what is the answer · “what is the answer”\n[Vosk (en), rough] “ok google”\n"
    )


@pytest.mark.parametrize(("pause", "is_kept"), [(15.0, True), (15.1, False)])
def test_sound_and_words_of_the_last_fifteen_seconds_belong_to_an_alert(
    stage: Stage, pause: float, is_kept: bool
) -> None:
    participant = running(stage)
    words(stage, participant, "before")
    sound(stage, participant, 1)
    stage.clock.advance(pause - 1.0)
    view = alert(stage, participant)
    assert bool(view["sound"]) is stage.evidence.path("r1", "a1.txt").exists() is is_kept
    stage.clock.advance(pause)
    words(stage, participant, "after")
    path = stage.evidence.path("r1", "a1.txt")
    assert ("after" in understood(stage) if path.exists() else False) is is_kept


def test_words_alone_are_offered_where_nothing_was_heard(stage: Stage) -> None:
    view = alert(stage, running(stage))
    assert (view["sound"], view["words"]) == (None, "/rooms/r1/evidence/a1.txt")


def test_a_stretch_of_speech_is_cut_after_five_hundred_characters(stage: Stage) -> None:
    participant = running(stage)
    words(stage, participant, "x" * 501)
    alert(stage, participant)
    assert understood(stage) == f"[Vosk (en)] {'x' * 500}\n"


def test_a_long_phrase_is_listened_for_by_its_beginning(tmp_path: Path) -> None:
    stage = Stage(tmp_path, KEEPS.but(phrases=("y" * 101,)))
    participant = running(stage)
    sound(stage, participant)
    assert stage.monitor.contexts[participant.id, "sound"]["phrases"] == ["y" * 100]
    stage.database.close()


def test_the_listener_is_told_again_what_to_listen_for_when_that_changed(stage: Stage) -> None:
    participant = running(stage)
    sound(stage, participant)
    stage.monitor.contexts.clear()
    sound(stage, participant)
    assert stage.monitor.contexts == {}, "it knows"
    stage.change(KEEPS.but(phrases=("hey siri",)))
    sound(stage, participant)
    assert stage.monitor.contexts[participant.id, "sound"]["phrases"] == ["hey siri"]


def test_the_listener_is_told_the_phrases_before_the_first_sound(stage: Stage) -> None:
    participant = running(stage)
    sound(stage, participant, 2)
    assert stage.monitor.contexts == {(participant.id, "sound"): {"transcribe": True, "phrases": ["ok google"]}}


# ------------------------------------------------------------------------------------ the end


def test_it_goes_with_the_room_and_memory_with_the_student(stage: Stage) -> None:
    participant = running(stage)
    sound(stage, participant, 2)
    alert(stage, participant)
    words(stage, participant, "hello")
    folder = stage.evidence.path("r1", "a1.wav").parent
    assert sorted(path.name for path in folder.iterdir()) == ["a1.txt", "a1.wav"]
    stage.evidence.drop_room("r1")
    assert not folder.exists()
    stage.admission.leave(participant)
    stage.keeper.look_around()
    assert stage.keeper._memories == {}

"""The ear: speech is heard in any loudness, and nothing else is; whatever a page sends, nothing breaks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.types import ObservationKind
from detection.sensing import registry
from detection.sensing.sound.speech import QUIET, SpeechDetector
from tests.detection import sounds
from tests.detection.sounds import Sound


def heard(sound: Sound, ear: SpeechDetector | None = None) -> float:
    ear = ear or SpeechDetector()
    return sounds.speech_seconds([one for batch in sounds.batches(sound) for one in ear.take(batch)])


@pytest.fixture
def audio(media_dir: Path) -> Path:
    return media_dir / "audio"


# ------------------------------------------------------------------------------------ what is speech


@pytest.mark.media
@pytest.mark.parametrize("gain", [-30.0, -10.0, 0.0, 20.0])
def test_speech_is_heard_whether_soft_or_clipped(audio: Path, gain: float) -> None:
    sound = sounds.load(audio / sounds.SPEECH)
    assert heard(sound * np.float32(10 ** (gain / 20))) > 5.0


@pytest.mark.media
@pytest.mark.parametrize("name", [sounds.TYPING, sounds.QUIET, sounds.DISHES])
@pytest.mark.parametrize("gain", [-20.0, 0.0, 10.0])
def test_keys_rooms_and_dishes_are_none(audio: Path, name: str, gain: float) -> None:
    assert heard(sounds.load(audio / name) * np.float32(10 ** (gain / 20))) < 1.0


@pytest.mark.parametrize(
    "sound",
    [sounds.silence(3.0), sounds.tone(3.0), sounds.tone(3.0, 150.0, 5.0), sounds.noise(3.0), sounds.silence(3.0) + 0.5],
    ids=["silence", "tone", "clipped", "noise", "offset"],
)
def test_no_made_sound_is_speech(sound: Sound) -> None:
    assert heard(sound) == 0.0


@pytest.mark.media
def test_a_microphone_does_not_hear_another_ones_speech(audio: Path) -> None:
    ear, speech = SpeechDetector(), sounds.load(audio / sounds.SPEECH)
    both = sounds.in_turn(sounds.batches(speech), sounds.batches(sounds.noise(9.0), channel="arm"))
    found = [one for batch in both for one in ear.take(batch)]
    assert sounds.speech_seconds([one for one in found if one.channel == "webcam"]) > 5.0
    assert sounds.speech_seconds([one for one in found if one.channel == "arm"]) == 0.0


# ------------------------------------------------------------------------------------ what an observation says


def test_levels_are_in_decibels_of_full_scale() -> None:
    loud, quiet = (
        SpeechDetector().take(sounds.reading(one))[0].values for one in (sounds.tone(1.0, size=1.0), sounds.silence(1))
    )
    assert (loud["level"], quiet["level"]) == (pytest.approx(-3.0, abs=0.05), QUIET)
    assert (loud["length"], loud["floor"]) == (1.0, None)


def test_an_observation_is_of_the_end_of_its_batch() -> None:
    (seen,) = SpeechDetector().take(sounds.reading(sounds.tone(0.5), at=100.0, who="ben", channel="head"))
    assert (seen.kind, seen.at, seen.participant, seen.channel) == (ObservationKind.SOUND, 100.5, "ben", "head")


@pytest.mark.media
def test_a_gap_starts_afresh_and_pieces_of_any_size_do_not(audio: Path) -> None:
    speech = sounds.load(audio / sounds.SPEECH)
    chance = np.random.default_rng(3)
    ear, start, seconds = SpeechDetector(), 0, 0.0
    while start < len(speech):
        size = int(chance.integers(1, 4000))
        seconds += sounds.speech_seconds(ear.take(sounds.reading(speech[start : start + size], start / sounds.RATE)))
        start += size
    assert seconds == pytest.approx(heard(speech), abs=0.3)
    torn = SpeechDetector()
    pieces = [sounds.reading(speech[16000:17600], at=at) for at in (0.0, 5.0, 3.0, 1e9, -1e9)]
    assert sounds.speech_seconds([one for piece in pieces for one in torn.take(piece)]) == 0.0, "0.1 s is never speech"


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x01\x02\x03", bytes(2), b"\xff" * 999, bytes(16000 * 2 * 60)])
def test_any_number_of_bytes_is_taken(data: bytes) -> None:
    found = SpeechDetector().take(sounds.reading(data))
    assert len(found) == (len(data) > 1) and all(one.values["length"] <= 10.0 for one in found)


@pytest.mark.parametrize("floor", [float("nan"), float("inf"), "x", None, True])
def test_an_absurd_floor_is_none(floor: object) -> None:
    batch = sounds.reading(sounds.tone(0.1))
    odd = type(batch)(batch.room, batch.participant, batch.channel, batch.kind, batch.at, batch.data, {"floor": floor})
    assert SpeechDetector().take(odd)[0].values["floor"] in (None, 0.0)


def test_what_is_remembered_goes_with_the_participant_and_with_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    ear = SpeechDetector()
    for number in range(20):
        ear.take(sounds.reading(sounds.tone(0.1), who=f"s{number}"))
    assert ear.notes()["microphones"] == 20
    ear.forget("s3")
    assert ear.notes()["microphones"] == 19
    monkeypatch.setattr("detection.sensing.sound.speech.KEEP", -1.0)
    ear.idle()
    ear.take(sounds.reading(sounds.tone(0.1)))
    assert ear.notes() == {"microphones": 1, "most": 20}, "detectors are used again"


# ------------------------------------------------------------------------------------ every sense


@pytest.mark.parametrize("route", registry.SENSES, ids=lambda route: route.sensor)
def test_every_sense_takes_what_it_is_sent_and_forgets(route: registry.Route) -> None:
    sense = route.make()
    channel = next(iter(route.channels or {"webcam"}))
    batch = sounds.reading(bytes(640), channel=channel)
    batch = type(batch)(batch.room, batch.participant, channel, route.kind, batch.at, batch.data)
    assert route.leads(batch)
    sense.tell("ana", {})
    found = sense.take(batch)
    assert all((one.participant, one.channel) == ("ana", channel) for one in found)
    sense.forget("ana")
    sense.forget("nobody")

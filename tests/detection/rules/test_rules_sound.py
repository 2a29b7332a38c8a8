"""Speech and phrases: how much it takes, whose keys they are, and one alert however many microphones hear it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.types import Alert, AlertKind, Observation, ObservationKind, Role, Severity
from detection.sensing.sound.speech import SpeechDetector
from tests.detection import sounds
from tests.detection.courtroom import START, Courtroom, observe, sound


def raised(court: Courtroom, kind: AlertKind = AlertKind.SPEECH_DETECTED) -> list[Alert]:
    return [alert for alert in court.raised if alert.kind is kind]


def typed(at: float, keys: int = 5) -> Observation:
    return observe(ObservationKind.INPUT, at, keys=keys, pointer=0)


def words(at: float, *phrases: str, channel: str = "webcam", **values: Any) -> Observation:
    told: dict[str, Any] = {"text": "", "engine": "vosk", "rough": False, "alike": 1.0, "alike_limit": 0.8, **values}
    return replace(observe(ObservationKind.WORDS, at, phrases=list(phrases), **told), channel=channel)


# ------------------------------------------------------------------------------------ speech


def test_two_seconds_within_ten_are_an_alert_that_explains_itself() -> None:
    court = Courtroom()
    for at, seconds in ((0.0, 1.0), (1.0, 0.5), (5.0, 0.3), (6.0, 0.4)):
        court.feed(sound(at, seconds))
    (alert,) = raised(court)
    assert alert.raised_at == START + 6.0 and alert.severity is Severity.WARNING
    assert {name: alert.numbers[name] for name in ("speech", "limit", "sure", "window_seconds")} == {
        "speech": 2.2,
        "limit": 2,
        "sure": 95,
        "window_seconds": 10,
    }
    assert "2.2 s within 10 s" in alert.text % alert.numbers


def test_words_now_and_then_are_none() -> None:
    court = Courtroom()
    for second in range(0, 300, 6):
        court.feed(sound(second, 0.9))
    assert raised(court) == []


def test_it_ends_when_it_is_quiet_or_nothing_more_is_sent_and_then_rests() -> None:
    court = Courtroom()
    for at in range(4):
        court.feed(sound(at, 1.0))
    for at in range(4, 40):
        court.tick(at)
    assert [round(alert.ended_at - START) for alert in court.ended if alert.ended_at] == [3]
    court.feed(sound(30.0, 3.0))
    assert len(raised(court)) == 1, "less than the rest has passed since the end"
    court.feed(sound(45.0, 3.0))
    assert len(raised(court)) == 2


def test_while_the_student_types_more_is_asked() -> None:
    court = Courtroom()
    for second in range(20):
        court.feed(typed(second))
        court.feed(sound(second, 1.0, sure=0.7))
    assert raised(court) == []
    for second in range(20, 24):
        court.feed(sound(second + 3, 1.0, sure=0.7))
    assert len(raised(court)) == 1, "the keys were three seconds ago"


def test_a_mouse_is_no_keyboard_and_a_phone_hears_the_same_keys() -> None:
    court = Courtroom()
    court.feed(typed(0.0, keys=0))
    court.feed(sound(0.5, 3.0, sure=0.7))
    assert len(raised(court)) == 1
    deaf = Courtroom()
    for second in range(10):
        deaf.feed(typed(second))
        deaf.feed(sound(second, 1.0, sure=0.7, channel=Role.HEAD))
    assert raised(deaf) == []


def test_one_voice_in_three_microphones_is_one_alert_of_the_one_that_heard_most() -> None:
    court = Courtroom()
    for second in range(8):
        for channel, seconds, late in (("webcam", 0.6, 0.0), (Role.HEAD, 0.9, -0.3), (Role.ROOM, 0.2, -0.8)):
            court.feed(sound(second + late, seconds, channel=channel))
    (alert,) = raised(court)
    assert alert.channel == Role.HEAD and alert.numbers["speech"] == 2.7


def test_three_microphones_with_a_little_each_are_not_added_up() -> None:
    court = Courtroom()
    for channel in ("webcam", *Role):
        court.feed(sound(1.0, 1.9, channel=channel))
    assert raised(court) == []


def test_an_unheard_of_channel_is_no_microphone() -> None:
    court = Courtroom()
    court.feed(sound(0.0, 9.0, channel="desk"))
    assert raised(court) == []


def test_a_clock_set_back_forgets_and_goes_on() -> None:
    court = Courtroom()
    court.feed(sound(1000.0, 1.9))
    court.feed(sound(0.0, 1.9))
    assert raised(court) == []
    court.feed(sound(1.0, 1.0))
    assert len(raised(court)) == 1


# ------------------------------------------------------------------------------------ phrases


def test_a_phrase_is_critical_and_named() -> None:
    court = Courtroom()
    court.feed(words(1.0))
    court.feed(words(2.0, "ok google", "dis siri", alike=0.91))
    (alert,) = raised(court, AlertKind.KEYWORD_HEARD)
    assert alert.severity is Severity.CRITICAL and alert.numbers["phrases"] == "ok google, dis siri"
    assert "alike by 91 of 100 (limit 80)" in alert.text % alert.numbers


def test_a_rough_listener_only_warns_and_says_so() -> None:
    court = Courtroom()
    court.feed(words(1.0, "ok google", engine="pocketsphinx", rough=True, alike=None))
    (alert,) = raised(court, AlertKind.KEYWORD_HEARD)
    assert alert.severity is Severity.WARNING and "often mishears" in alert.text % alert.numbers


def test_a_phrase_in_two_microphones_is_one_alert() -> None:
    court = Courtroom()
    court.feed(words(1.0, "ok google", channel=Role.HEAD))
    court.feed(words(0.8, "ok google"))
    assert len(raised(court, AlertKind.KEYWORD_HEARD)) == 1


# ------------------------------------------------------------------------------------ with real sound


@pytest.mark.media
@pytest.mark.parametrize(("name", "alerts"), [(sounds.SPEECH, 1), (sounds.TYPING, 0), (sounds.DISHES, 0)])
def test_real_sound_through_ear_and_judge(media_dir: Path, name: str, alerts: int) -> None:
    court, ear = Courtroom(), SpeechDetector()
    for batch in sounds.batches(sounds.load(media_dir / "audio" / name), at=START):
        for seen in ear.take(batch):
            court.feed(replace(seen, participant="student"))
    assert len(raised(court)) == alerts

"""The six names other monitors know: each on the wire and in the log, with its score."""

from __future__ import annotations

from typing import Any

import pytest

from core.types import AlertKind, Frame, Observation, ObservationKind
from rooms.alerts.event_names import LOG_EVERY_S
from tests.rooms.alerts.test_scores import ASIDE, running, see
from tests.rooms.stage import Stage


def lines(caplog: pytest.LogCaptureFixture, start: str) -> list[str]:
    return [line for line in caplog.messages if line.startswith(start)]


@pytest.mark.parametrize("kind", [AlertKind.FACE_NOT_FOUND, AlertKind.MULTIPLE_FACES])
def test_who_is_there_is_told_by_name_and_has_no_score(
    stage: Stage, caplog: pytest.LogCaptureFixture, kind: AlertKind
) -> None:
    caplog.set_level("INFO")
    participant = stage.admitted()
    stage.teacher()
    stage.alert_service.alert_raised(stage.alert(participant, kind=kind))
    (told,) = stage.told("t1", "alert")
    assert (told["kind"], told["score"]) == (kind, None)
    assert lines(caplog, "alert-raised") == [f"alert-raised room=004217 student=Zoé kind={kind} severity=warning"]


def test_a_phone_is_told_with_how_sure_the_camera_is(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    participant = stage.admitted()
    stage.teacher()
    numbers = {"sure": 87, "sure_limit": 50, "count": 1}
    stage.alert_service.alert_raised(stage.alert(participant, kind=AlertKind.PHONE_DETECTED, numbers=numbers))
    assert stage.told("t1", "alert")[0]["score"] == 87
    assert lines(caplog, "alert-raised")[0].endswith("kind=PHONE_DETECTED severity=warning score=87")
    assert stage.alert_service.page(stage.room, None, 10)[0]["score"] == 87, "and later from the database"


def test_looking_away_is_told_with_the_attention(stage: Stage) -> None:
    stage.teacher()
    participant = running(stage)
    for _ in range(4):
        see(stage, participant, **ASIDE)
        stage.clock.advance(1.0)
    stage.alert_service.alert_raised(stage.alert(participant, kind=AlertKind.LOOKING_AWAY))
    score = stage.told("t1", "alert")[0]["score"]
    assert score == stage.scores.attention_of(participant.id) and 0 <= score < 100


def test_looking_away_has_no_score_where_attention_is_not_known(stage: Stage) -> None:
    stage.teacher()
    participant = running(stage)
    stage.alert_service.alert_raised(stage.alert(participant, kind=AlertKind.LOOKING_AWAY))
    assert stage.told("t1", "alert")[0]["score"] is None


def test_attention_is_told_by_name_and_logged_when_its_label_changes(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    stage.teacher()
    participant = running(stage)
    see(stage, participant)
    assert stage.told("t1", "attention")[-1]["event"] == "ATTENTION_UPDATE"
    for _ in range(40):
        see(stage, participant, **ASIDE)
        stage.clock.advance(1.0)
    told = lines(caplog, "ATTENTION_UPDATE")
    assert told[0] == "ATTENTION_UPDATE room=004217 student=Zoé score=100 label=focused"
    assert len(told) in (2, 3), "once for each label, and not for every look"


def test_a_restless_student_does_not_fill_the_log(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    stage.teacher()
    participant = running(stage)
    seconds = 120
    for second in range(seconds):
        see(stage, participant, **(ASIDE if second % 12 < 6 else {}))
        stage.clock.advance(1.0)
    assert 2 <= len(lines(caplog, "ATTENTION_UPDATE")) <= seconds / LOG_EVERY_S + 1


def test_who_left_and_comes_back_is_told_of_anew(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    stage.teacher()
    participant = running(stage)
    see(stage, participant)
    stage.scores._attention_log.forget(participant.id)
    stage.scores._attention_log.note(stage.room, participant, 90, "focused")
    assert len(lines(caplog, "ATTENTION_UPDATE")) == 2


def compared(stage: Stage, participant: Any, match: str) -> None:
    now = stage.clock.now()
    frame = Frame("r1", participant.id, 1, now, now, b"", 320, 240)
    values = {"match": match, "distance": 0.31, "reason": None}
    stage.alert_service.observed(frame, [Observation("r1", participant.id, ObservationKind.IDENTITY, now, values)])


def test_who_is_who_was_enrolled_is_authorized_on_the_wire_and_in_the_log(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    stage.teacher()
    participant = running(stage)
    participant.identity.state, participant.identity.reference = "enrolled", "check"
    compared(stage, participant, "yes")
    assert stage.told("t1", "identity")[-1]["event"] == "AUTHORIZED"
    assert lines(caplog, "identity-authorized event=AUTHORIZED room=004217 student=Zoé")

"""What is judged otherwise for a student: told to the judge, shown as "adjusted", and the reason kept."""

from __future__ import annotations

import pytest

from core.errors import UserError
from core.types import Observation, ObservationKind, Severity
from detection.rules import RULES
from rooms.live.participant import Student
from rooms.protocol.accommodation_kinds import EXEMPTIONS, all_of
from rooms.protocol.incoming import Source
from tests.rooms.stage import Stage

ANA, BEN = (1, "Ana"), (2, "Ben")


def told(stage: Stage, kind: ObservationKind) -> list[Observation]:
    return [one for one in stage.monitor.observations if one.kind is kind]


def running(stage: Stage) -> Student:
    participant = stage.admitted()
    stage.lifecycle.set_state("r1", "running", "Ana")
    return participant


def off_and_noted(stage: Stage, participant: Student) -> tuple[set[str], set[str]]:
    """The kinds that the judge is told not to raise for a student, and those that are only notices for this one."""
    usual, own = stage.monitor.watched["r1"], stage.monitor.own["r1"][participant.id]
    noted = {kind for kind, rule in own.items() if rule.severity is Severity.NOTICE and not rule.hint}
    return {kind for kind, rule in own.items() if not rule.enabled}, {kind for kind in noted if usual[kind].hint}


def test_the_judge_hears_at_once_and_again_after_a_restart(stage: Stage) -> None:
    participant = running(stage)
    stage.accommodations.adjust(stage.room, participant.id, ["no_gaze", "breaks"], ANA)
    expected = {"EYES_CLOSED", "LOOKING_AWAY"}, {"FACE_NOT_FOUND", "PAGE_HIDDEN"}
    assert off_and_noted(stage, participant) == expected
    stage.monitor.own.clear()
    stage.restart()
    assert off_and_noted(stage, participant) == expected


def test_before_the_start_it_is_kept_for_the_judge(stage: Stage) -> None:
    participant = stage.admitted()
    stage.accommodations.adjust(stage.room, participant.id, ["reads_aloud"], ANA)
    assert stage.monitor.own == {}
    stage.lifecycle.set_state("r1", "running", "Ana")
    assert off_and_noted(stage, participant) == ({"SPEECH_DETECTED", "TALKING"}, set())


def test_taking_all_back_is_told_too(stage: Stage) -> None:
    participant = running(stage)
    stage.accommodations.adjust(stage.room, participant.id, ["reads_aloud"], ANA)
    answer = stage.accommodations.adjust(stage.room, participant.id, [], ANA)
    assert answer == {"adjusted": False, "accommodations": []}
    assert stage.monitor.own["r1"] == {}


def test_other_teachers_see_that_and_not_what(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    stage.teacher()
    participant = running(stage)
    assert stage.accommodations.adjust(stage.room, participant.id, ["helper_present"], ANA)["accommodations"] == [
        "helper_present"
    ]
    assert stage.told("t1", "participant")[-1]["adjusted"] is True
    assert stage.accommodations.adjust(stage.room, participant.id, None, BEN) == {
        "adjusted": True,
        "accommodations": None,
    }
    assert stage.accommodations.adjust(stage.room, participant.id, None, ANA)["accommodations"] == ["helper_present"]
    stage.restart()
    again = stage.room.students[participant.id]
    assert stage.accommodations.shown(again, 2) == {"adjusted": True, "accommodations": None}
    assert stage.accommodations.shown(again, 1)["accommodations"] == ["helper_present"]
    assert "helper_present" not in repr(stage.sockets.sent) + caplog.text
    assert "adjusted room=004217 student=Zoé accommodations=1 by=Ana" in caplog.messages


def test_another_teacher_may_replace_them_unseen(stage: Stage) -> None:
    participant = running(stage)
    stage.accommodations.adjust(stage.room, participant.id, ["breaks"], ANA)
    assert stage.accommodations.adjust(stage.room, participant.id, ["no_gaze"], BEN)["accommodations"] == ["no_gaze"]
    assert stage.accommodations.shown(participant, 1)["accommodations"] is None


def test_nobody_adjusts_a_stranger(stage: Stage) -> None:
    with pytest.raises(UserError) as refused:
        stage.accommodations.adjust(stage.room, "nobody", ["breaks"], ANA)
    assert refused.value.code == "unknown_participant"


def test_every_accommodation_changes_something_and_unknown_ones_nothing() -> None:
    for name in EXEMPTIONS:
        off, notice = all_of([name])
        assert off or notice
        assert {*off, *notice} <= set(RULES)
    assert all_of(["charm"]) == all_of([]) == ((), ())
    assert all_of(["no_gaze", "breaks", "no_gaze"]) == (EXEMPTIONS["no_gaze"].off, EXEMPTIONS["breaks"].notice)


def test_what_the_browser_says_of_the_camera_reaches_the_judge(stage: Stage) -> None:
    participant = stage.admitted()
    facts: Source = {"label": "Integrated Camera", "fps": 30.0}
    stage.reports.source(participant, facts)
    assert told(stage, ObservationKind.SOURCE) == []
    stage.lifecycle.set_state("r1", "running", "Ana")
    assert [one.values for one in told(stage, ObservationKind.SOURCE)] == [facts]
    stage.reports.source(participant, {"label": "Another"})
    assert told(stage, ObservationKind.SOURCE)[-1].values == {"label": "Another"}

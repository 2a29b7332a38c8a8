import pytest

from core.errors import UserError
from core.types import Severity
from rooms.alerts.evidence_files import EvidenceFolder
from rooms.alerts.incidents import LONGEST_S
from tests.rooms.stage import Stage


def test_an_alert_is_kept_shown_logged_and_hinted_at(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    participant = stage.admitted()
    stage.teacher("t1")
    stage.teacher("t2")
    stage.alert_service.alert_raised(stage.alert(participant))
    for sid in ("t1", "t2"):
        (told,) = stage.told(sid, "alert")
        assert (told["kind"], told["name"], told["verdict"]) == ("FACE_NOT_FOUND", "Zoé", "new")
        assert told["evidence"] == "/rooms/r1/evidence/a1.jpg"
    assert stage.evidence.path("r1", "a1.jpg").read_bytes() == b"\xff\xd8picture"
    assert stage.told("s1", "hint", "/student")[0]["text"] == "Mind FACE_NOT_FOUND."
    assert "alert-raised room=004217 student=Zoé kind=FACE_NOT_FOUND severity=warning" in caplog.messages


def test_the_end_of_an_alert_reaches_teachers_and_takes_the_hint_back(stage: Stage) -> None:
    participant = stage.admitted()
    stage.teacher()
    alert = stage.alert(participant)
    stage.alert_service.alert_raised(alert)
    stage.alert_service.alert_ended(alert.ended(stage.clock.now() + 3))
    assert stage.told("t1", "alert")[-1]["ended_at"] == (stage.clock.now() + 3) * 1000
    assert stage.told("s1", "hint", "/student")[-1] == {"kind": "FACE_NOT_FOUND", "channel": "webcam", "over": True}


def test_a_room_without_hints_tells_the_student_nothing(stage: Stage) -> None:
    participant = stage.admitted()
    stage.alert_service.alert_raised(stage.alert(participant, hint=False))
    assert stage.told("s1", "hint", "/student") == []


def test_a_full_disk_costs_the_picture_and_not_the_alert(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    participant = stage.admitted()
    stage.teacher()
    full = EvidenceFolder(stage.evidence.path("x", "y").parent.parent, keep_free=1 << 62)
    stage.alert_service._evidence = full
    stage.alert_service.alert_raised(stage.alert(participant))
    assert stage.told("t1", "alert")[0]["evidence"] is None
    assert any(line.startswith("evidence-lost room=004217") for line in caplog.messages)


def test_a_verdict_is_kept_and_shown_to_the_other_teachers(stage: Stage) -> None:
    participant = stage.admitted()
    stage.teacher("t1")
    stage.teacher("t2")
    stage.alert_service.alert_raised(stage.alert(participant))
    view = stage.verdicts.review(stage.room, "a1", "dismissed", "He was reading.", (1, "Ana"))
    assert (view["verdict"], view["note"], view["handled_by"]) == ("dismissed", "He was reading.", "Ana")
    assert stage.told("t2", "alert")[-1] == view
    assert stage.alert_service.page(stage.room, None, 10)[0]["note"] == "He was reading."


def test_an_alert_of_another_room_cannot_be_reviewed(stage: Stage) -> None:
    with pytest.raises(UserError) as refused:
        stage.verdicts.review(stage.room, "nothing", "dismissed", None, (1, "Ana"))
    assert refused.value.code == "unknown_alert"


def test_older_alerts_come_page_by_page(stage: Stage) -> None:
    participant = stage.admitted()
    for number in range(5):
        stage.clock.advance(LONGEST_S + 1)
        stage.alert_service.alert_raised(stage.alert(participant, id=f"a{number}", severity=Severity.NOTICE))
    newest = stage.alert_service.page(stage.room, None, 2)
    older = stage.alert_service.page(stage.room, newest[-1]["raised_at"], 2)
    assert [a["id"] for a in newest + older] == ["a4", "a3", "a2", "a1"]


def test_an_alert_about_somebody_unknown_is_dropped(stage: Stage) -> None:
    participant = stage.admitted()
    alert = stage.alert(participant)
    stage.room.students.clear()
    stage.alert_service.alert_raised(alert)
    assert stage.alert_service.page(stage.room, None, 10) == []


def test_what_an_alert_speaks_of_is_kept_to_be_drawn(stage: Stage) -> None:
    participant = stage.admitted()
    stage.teacher()
    stage.alert_service.alert_raised(stage.alert(participant, marks=(("cell phone", 10, 20, 30, 40),)))
    assert stage.told("t1", "alert")[0]["numbers"]["marks"] == [["cell phone", 10, 20, 30, 40]]
    assert "marks" not in stage.told("s1", "hint", "/student")[0]["numbers"]

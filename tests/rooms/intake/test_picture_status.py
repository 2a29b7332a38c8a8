from typing import Any

from core.types import Frame, Observation, ObservationKind
from rooms.live.participant import Student
from tests.rooms.stage import Stage


def look(stage: Stage, participant: Student, faces: int | None, picture: str = "ok") -> None:
    now = stage.clock.now()
    frame = Frame("r1", participant.id, 1, now, now, b"", 320, 240)

    def fact(kind: ObservationKind, values: dict[str, Any]) -> Observation:
        return Observation("r1", participant.id, kind, now, values)

    facts = [fact(ObservationKind.PICTURE, {"state": picture, "luminance": 90.0, "blur": 300.0})]
    if faces is not None:
        facts.append(fact(ObservationKind.FACES, {"count": faces}))
    stage.alert_service.observed(frame, facts)


def test_the_tile_hears_of_changes_only(stage: Stage) -> None:
    participant = stage.admitted()
    stage.teacher()
    before = len(stage.told("t1", "participant"))
    for faces in (1, 1, 1, 2, 3, 2, 0):
        look(stage, participant, faces)
    counts = [told["faces"] for told in stage.told("t1", "participant")[before:]]
    assert counts == [1, 2, 0]


def test_during_the_check_the_student_hears_back_twice_a_second(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    for _ in range(20):
        look(stage, participant, 1)
        stage.clock.advance(0.1)
    assert 3 <= len(stage.told("s1", "look", "/student")) <= 5


def test_in_the_exam_the_student_hears_when_the_picture_changes(stage: Stage) -> None:
    participant = stage.admitted()
    for picture in ("ok", "ok", "dark", "dark", "ok"):
        look(stage, participant, None, picture)
        stage.clock.advance(1)
    assert [told["picture"] for told in stage.told("s1", "look", "/student")] == ["ok", "dark", "ok"]


def test_a_camera_that_is_off_shows_nothing_of_before(stage: Stage) -> None:
    participant = stage.admitted()
    stage.teacher()
    look(stage, participant, 1, "dark")
    stage.reports.camera(participant, "on")
    assert (participant.picture.state, participant.picture.faces) == ("dark", 1)
    stage.reports.camera(participant, "unplugged")
    told = stage.told("t1", "participant")[-1]
    assert (told["camera"], told["picture"], told["faces"]) == ("unplugged", "unknown", None)

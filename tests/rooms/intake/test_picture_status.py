from typing import Any

from core.types import Frame, Observation, ObservationKind
from rooms.live.participant import Student
from tests.rooms.stage import Stage


def look(
    stage: Stage, participant: Student, faces: int | None, picture: str | None = "ok", channel: str = "webcam"
) -> None:
    observe(stage, "r1", participant.id, faces, picture, channel)


def observe(
    stage: Stage, room: str, who: str, faces: int | None, picture: str | None = "ok", channel: str = "webcam"
) -> None:
    now = stage.clock.now()
    frame = Frame(room, who, 1, now, now, b"", 320, 240, channel)

    def fact(kind: ObservationKind, values: dict[str, Any]) -> Observation:
        return Observation(room, who, kind, now, values)

    facts = []
    if picture is not None:
        facts.append(fact(ObservationKind.PICTURE, {"state": picture, "luminance": 90.0, "blur": 300.0}))
    if faces is not None:
        facts.append(fact(ObservationKind.FACES, {"count": faces}))
    stage.alert_service.observed(frame, facts)


def answers(stage: Stage) -> list[dict[str, Any]]:
    return stage.told("s1", "look", "/student")


def test_the_tile_hears_of_changes_only(stage: Stage) -> None:
    participant = stage.admitted()
    stage.teacher()
    before = len(stage.told("t1", "participant"))
    for faces in (1, 1, 1, 2, 3, 2, 0):
        look(stage, participant, faces)
    counts = [told["faces"] for told in stage.told("t1", "participant")[before:]]
    assert counts == [1, 2, 0]


def test_the_tile_hears_of_a_picture_in_which_nobody_was_looked_for(stage: Stage) -> None:
    participant = stage.admitted()
    stage.teacher()
    look(stage, participant, None, "dark")
    assert [stage.told("t1", "participant")[-1][key] for key in ("picture", "faces")] == ["dark", None]


def test_a_look_that_did_not_measure_the_picture_leaves_its_state_and_knows_no_light(stage: Stage) -> None:
    participant = stage.admitted()
    look(stage, participant, 1, "dark")
    assert (participant.picture.state, participant.picture.luminance) == ("dark", 90.0)
    look(stage, participant, 1, None)
    assert (participant.picture.state, participant.picture.luminance) == ("dark", None)


def test_pictures_of_phones_and_of_who_is_not_here_say_nothing(stage: Stage) -> None:
    participant = stage.admitted()
    look(stage, participant, 2, "dark", "head")
    observe(stage, "r1", "nobody", 2, "dark")
    observe(stage, "r2", participant.id, 2, "dark")
    assert (participant.picture.state, participant.picture.faces, answers(stage)) == ("unknown", None, [])


def test_during_the_check_the_student_hears_back_twice_a_second(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    began = stage.clock.now()
    for _ in range(16):
        look(stage, participant, 1)
        stage.clock.advance(0.125)
    assert [told["at"] / 1000 - began for told in answers(stage)] == [0.0, 0.5, 1.0, 1.5]
    assert answers(stage)[0] == {
        **{"picture": "ok", "luminance": 90.0, "blur": 300.0, "faces": 1},
        "at": int(began * 1000),
    }


def test_in_the_exam_the_student_hears_when_the_picture_changes(stage: Stage) -> None:
    participant = stage.admitted()
    for picture in ("ok", "ok", "dark", "dark", "ok"):
        look(stage, participant, None, picture)
        stage.clock.advance(1)
    assert [told["picture"] for told in answers(stage)] == ["ok", "dark", "ok"]


def test_a_camera_that_is_off_shows_nothing_of_before(stage: Stage) -> None:
    participant = stage.admitted()
    stage.teacher()
    look(stage, participant, 1, "dark")
    stage.reports.camera(participant, "on")
    assert (participant.picture.state, participant.picture.faces) == ("dark", 1)
    stage.reports.camera(participant, "unplugged")
    told = stage.told("t1", "participant")[-1]
    assert (told["camera"], told["picture"], told["faces"]) == ("unplugged", "unknown", None)

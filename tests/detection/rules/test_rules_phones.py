"""What the pictures of a student's own phones amount to: own things are no alert, and other things are."""

from __future__ import annotations

from typing import Any

import pytest

from core.types import Alert, AlertKind, Observation, ObservationKind, RuleSettings, Severity
from detection.rules import hint_for
from detection.rules.camera_moved import ACCEPTED, LEARN, angle
from tests.detection.courtroom import (
    START,
    Courtroom,
    connection,
    faces,
    markers,
    moved,
    objects,
    observe,
    of,
    picture,
    scene,
)

PHONE, THING, PERSON = AlertKind.PHONE_DETECTED, AlertKind.FORBIDDEN_OBJECT, AlertKind.SECOND_PERSON
SCREEN, MOVED, BLOCKED = AlertKind.SCREEN_NOT_IN_VIEW, AlertKind.CAMERA_MOVED, AlertKind.CAMERA_BLOCKED
Placed = tuple[str, tuple[int, int, int, int]]

DESK: Placed = ("laptop", (200, 100, 240, 180))
MONITOR: Placed = ("tv", (450, 60, 180, 140))
ARMS: Placed = ("person", (150, 300, 300, 180))
STUDENT: Placed = ("person", (200, 80, 200, 360))
VISITOR: Placed = ("person", (430, 60, 150, 380))
IN_HAND: Placed = ("cell phone", (240, 330, 40, 60))
ON_THE_ARM: Placed = ("cell phone", (220, 250, 30, 50))
ON_THE_HEAD: Placed = ("cell phone", (280, 90, 40, 25))
ON_THE_SHELF: Placed = ("cell phone", (20, 60, 25, 45))


def seen(at: float, *things: Placed, score: float = 0.8) -> Observation:
    found = [{"label": label, "box": list(box), "score": score} for label, box in things]
    return observe(ObservationKind.OBJECTS, at, objects=found)


def look(
    court: Courtroom, channel: str, seconds: float, *things: Placed, start: float = 0.0, step: float = 4.0
) -> None:
    """Let a phone see these things for so long."""
    for number in range(int(seconds / step) + 1):
        at = start + number * step
        court.feed(*of(channel, picture("ok", at), seen(at, *things)))
        court.tick(at + 0.1)


def paired(court: Courtroom, *roles: str) -> None:
    for role in roles:
        court.feed(*of(role, connection(True, 0)))


def kinds(court: Courtroom) -> list[tuple[str, str]]:
    return [(alert.kind, str(alert.severity)) for alert in court.raised]


# ------------------------------------------------------------------------------------------- phones


@pytest.mark.parametrize("channel", ["head", "room"])
def test_a_phone_in_the_hand_is_seen_by_the_other_phones(channel: str) -> None:
    court = Courtroom()
    look(court, channel, 12, ARMS, IN_HAND)
    assert kinds(court) == [(PHONE, "critical")]
    assert court.raised[0].channel == channel
    assert court.raised[0].marks == (("cell phone", 240, 330, 40, 60),)


@pytest.mark.parametrize(
    ("channel", "roles", "things", "expected"),
    [
        ("head", ["arm"], [ON_THE_ARM, ARMS], "notice"),
        ("head", ["arm"], [ON_THE_ARM], "notice"),  # own arms are seldom known as a person's
        ("head", ["arm"], [ON_THE_ARM, IN_HAND], "critical"),  # one more than there are
        ("head", ["room"], [ON_THE_SHELF], "notice"),
        ("head", ["room"], [IN_HAND, ARMS], "critical"),  # that one stands by itself
        ("head", [], [ON_THE_ARM], "critical"),
        ("room", ["arm"], [ON_THE_ARM, STUDENT], "notice"),
        ("room", ["arm"], [ON_THE_SHELF, STUDENT], "critical"),
        ("room", ["head"], [ON_THE_HEAD, STUDENT], "notice"),
        ("room", ["head"], [IN_HAND, STUDENT], "critical"),
        ("room", ["arm", "head"], [ON_THE_HEAD, ON_THE_ARM, STUDENT], "notice"),
        ("room", ["room"], [ON_THE_SHELF, STUDENT], "critical"),  # it cannot film itself
        ("webcam", ["room"], [ON_THE_SHELF, STUDENT], "notice"),
        ("webcam", ["head"], [ON_THE_HEAD, STUDENT], "notice"),
        ("webcam", ["head"], [IN_HAND, STUDENT], "critical"),
    ],
)
def test_phones_of_ones_own_are_noted_apart(
    channel: str, roles: list[str], things: list[Placed], expected: str
) -> None:
    court = Courtroom()
    paired(court, *roles)
    look(court, channel, 16, *things)
    assert kinds(court) == [(PHONE, expected)]
    assert court.raised[0].hint is (expected == "critical"), "nobody is told to put away a phone that is asked for"


def test_a_phone_above_the_eyes_is_the_one_on_the_head() -> None:
    for box, expected in (((290, 60, 40, 25), "notice"), ((290, 200, 40, 25), "critical")):
        court = Courtroom()
        paired(court, "head")
        for number in range(5):
            at = number * 2.0
            found = [("cell phone", box), STUDENT]
            court.feed(picture("ok", at), faces(1, at, boxes=[[260, 100, 100, 120]]), seen(at, *found))
        assert kinds(court) == [(PHONE, expected)]


def test_one_doubtful_alert_hides_no_other_phone() -> None:
    court = Courtroom()
    paired(court, "arm")
    look(court, "head", 40, ON_THE_ARM)
    look(court, "head", 12, ON_THE_ARM, IN_HAND, start=44)
    assert kinds(court) == [(PHONE, "notice"), (PHONE, "critical")]
    assert court.raised[1].raised_at - START == 48, "two looks, as ever"


def test_a_worn_phone_seen_twice_once_is_no_alarm() -> None:
    court = Courtroom()
    paired(court, "arm")
    for number, things in enumerate([[ON_THE_ARM], [ON_THE_ARM, IN_HAND], [ON_THE_ARM], [ON_THE_ARM]] * 3):
        at = number * 4.0
        court.feed(*of("head", picture("ok", at), seen(at, *things)))
    assert (PHONE, "critical") not in kinds(court)


def test_a_worn_phone_is_not_noted_again_and_again() -> None:
    court = Courtroom()
    paired(court, "arm")
    for start in range(0, 240, 60):
        look(court, "head", 20, ON_THE_ARM, start=start)
        look(court, "head", 30, start=start + 24)
    assert kinds(court) == [(PHONE, "notice")]


def test_a_phone_out_of_reach_is_still_worn_and_one_let_go_is_not() -> None:
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"online": False}, "notice"),
        ({"online": True, "paired": False}, "critical"),
    )
    for values, expected in cases:
        court = Courtroom({str(AlertKind.PHONE_CHANNEL_LOST): RuleSettings(enabled=False)})
        paired(court, "arm")
        court.feed(*of("arm", observe(ObservationKind.CONNECTION, 1, **values)))
        look(court, "head", 12, ON_THE_ARM, start=2)
        assert kinds(court) == [(PHONE, expected)]


# ------------------------------------------------------------------------------------------- screens and things


@pytest.mark.parametrize("channel", ["head", "room"])
def test_the_exams_own_screen_is_as_it_should_be(channel: str) -> None:
    court = Courtroom()
    look(court, channel, 40, DESK, ("tv", (210, 105, 220, 150)), ("keyboard", (200, 280, 240, 60)), ARMS)
    assert kinds(court) == []


@pytest.mark.parametrize("channel", ["head", "room"])
def test_a_second_screen_is_not(channel: str) -> None:
    court = Courtroom()
    look(court, channel, 20, DESK, MONITOR)
    (alert,) = court.raised
    assert (alert.kind, alert.numbers["screens"]) == (THING, 2)
    assert len(alert.marks) == 2
    nothing = Courtroom({str(THING): RuleSettings(hold=4.0, confirm=3, window=4, watch=("book",))})
    look(nothing, channel, 20, DESK, MONITOR)
    assert kinds(nothing) == [], "where the room does not watch for screens"


def test_a_book_is_a_book_for_every_camera() -> None:
    court = Courtroom()
    look(court, "head", 20, DESK, ("book", (100, 300, 150, 100)))
    assert kinds(court) == [(THING, "warning")]
    assert court.raised[0].numbers["object"] == "book"


# ------------------------------------------------------------------------------------------- people


def watch_faces(court: Courtroom, boxes: list[list[int]], *things: Placed, seconds: float = 20) -> None:
    for number in range(int(seconds / 4) + 1):
        at = number * 4.0
        told = faces(len(boxes), at, boxes=boxes)
        court.feed(*of("head", picture("ok", at), told, seen(at, *things)))


def test_own_arms_are_no_second_person() -> None:
    court = Courtroom()
    watch_faces(court, [], ARMS, ("person", (0, 320, 120, 160)), DESK)
    assert kinds(court) == []


def test_somebody_in_front_of_the_student_is() -> None:
    court = Courtroom()
    watch_faces(court, [[460, 80, 60, 70]], ARMS, DESK, VISITOR)
    assert kinds(court) == [(PERSON, "warning")]
    assert court.raised[0].marks == (("person", 430, 60, 150, 380),)


@pytest.mark.parametrize(
    ("face", "things"),
    [
        ([300, 150, 60, 60], [DESK, ("person", (280, 130, 100, 120)), ARMS]),  # the preview of oneself
        ([460, 80, 20, 24], [VISITOR, DESK]),  # a small picture, or somebody far away
        ([460, 80, 60, 70], [DESK]),  # a poster: a face without a body
    ],
)
def test_faces_that_are_shown_are_nobody(face: list[int], things: list[Placed]) -> None:
    court = Courtroom()
    watch_faces(court, [face], *things)
    assert kinds(court) == []


@pytest.mark.parametrize(
    ("things", "expected"),
    [
        ([STUDENT], []),
        ([STUDENT, ("person", (210, 90, 120, 140))], []),  # the same one's upper half
        ([STUDENT, VISITOR], [(PERSON, "warning")]),
        ([STUDENT, ("tv", (420, 50, 180, 400)), VISITOR], []),  # on a screen
        ([("tv", (230, 100, 60, 50)), STUDENT, VISITOR], [(PERSON, "warning")]),  # before a screen
    ],
)
def test_the_room_camera_expects_one_person(things: list[Placed], expected: list[tuple[AlertKind, str]]) -> None:
    court = Courtroom()
    look(court, "room", 20, *things)
    assert kinds(court) == expected


def test_a_desk_without_a_face_is_not_an_absent_student() -> None:
    court = Courtroom()
    watch_faces(court, [], DESK, seconds=60)
    assert kinds(court) == []


# ------------------------------------------------------------------------------------------- pictures that say nothing


@pytest.mark.parametrize("channel", ["head", "room"])
@pytest.mark.parametrize("state", ["dark", "blurred", "covered", "overexposed"])
def test_a_phone_that_cannot_see_is_told_so_and_nothing_else_counts(channel: str, state: str) -> None:
    court = Courtroom()
    for number in range(15):
        at = number * 2.0
        court.feed(*of(channel, picture(state, at), seen(at, STUDENT, VISITOR, IN_HAND), markers(at)))
    assert kinds(court) == [(BLOCKED, "notice")]
    assert court.raised[0].text % court.raised[0].numbers


def test_hints_name_the_phone() -> None:
    def hint(channel: str, state: str) -> str:
        return hint_for(Alert("a", "r", "p", BLOCKED, Severity.NOTICE, 0, 0, "", {"state": state}, channel=channel))

    assert "on your head" in hint("head", "covered") and "Something covers" in hint("head", "covered")
    assert "in the room" in hint("room", "dark")
    assert len({hint(channel, "covered") for channel in ("webcam", "head", "room")}) == 3
    assert hint("webcam", "dark") != hint("room", "dark")


# ------------------------------------------------------------------------------------------- the screen in view


def write_on_paper(court: Courtroom, start: float, seconds: float, code_every: float | None = None) -> None:
    for number in range(int(seconds / 2)):
        at = start + number * 2.0
        told = [picture("ok", at), seen(at, ("remote", (0, 0, 20, 20)))] if number % 2 == 0 else [picture("ok", at)]
        has_code = code_every is not None and (number * 2.0) % code_every == 0
        court.feed(*of("head", *told, markers(at, 7) if has_code else markers(at)))
        court.tick(at + 0.1)


def test_a_screen_that_is_unseen_for_long_is_a_notice() -> None:
    court = Courtroom()
    write_on_paper(court, 0, 18)
    assert court.raised == []
    write_on_paper(court, 18, 14)
    assert kinds(court) == [(SCREEN, "notice")]
    court.feed(*of("head", picture("ok", 34), markers(34, 3)), *of("head", picture("ok", 37), markers(37, 3)))
    assert [alert.kind for alert in court.ended] == [SCREEN]


def test_a_glance_at_the_screen_is_enough() -> None:
    court = Courtroom()
    write_on_paper(court, 0, 120, code_every=6)
    look(court, "head", 60, DESK, start=120)
    assert court.raised == []


def test_without_anybody_who_knows_screens_nothing_is_said() -> None:
    court = Courtroom()
    for second in range(0, 90, 2):
        court.feed(*of("head", picture("ok", second), markers(second)))
    assert court.raised == []


# ------------------------------------------------------------------------------------------- the camera's place


def film(court: Courtroom, start: float, seconds: float, number: int, sensor: Observation | None = None) -> None:
    """Let the room phone film a scene for so long; with a sensor it says the same of itself all the time."""
    for step in range(int(seconds / 2)):
        at = start + step * 2.0
        if sensor is not None:
            court.feed(*of("room", observe(ObservationKind.MOVED, at - 0.1, **sensor.values)))
        court.feed(*of("room", picture("ok", at), scene(at, number)))
        court.tick(at + 0.1)


def test_another_scene_is_a_camera_that_was_moved() -> None:
    court = Courtroom()
    film(court, 0, 60, 1)
    film(court, 60, 20, 2)
    film(court, 80, 10, 1)
    assert kinds(court) == [(MOVED, "warning")]
    assert 66 <= court.raised[0].raised_at - START <= 70
    assert court.raised[0].numbers["still"] < court.raised[0].numbers["still_limit"] == 25
    assert [alert.kind for alert in court.ended] == [MOVED], "and it was put back"


def test_somebody_who_stands_before_it_for_a_moment_is_not() -> None:
    court = Courtroom()
    for start in range(0, 120, 20):
        film(court, start, 16, 1)
        film(court, start + 16, 4, 2)
    assert court.raised == []


def test_a_phone_that_felt_nothing_was_not_moved() -> None:
    court = Courtroom()
    film(court, 0, 20, 1, moved(0))
    film(court, 20, 60, 2, moved(0))
    assert court.raised == [], "people and furniture"
    court.feed(*of("room", moved(80, shaken=2.0)))
    film(court, 82, 20, 3, moved(0))
    assert kinds(court) == [(MOVED, "warning")]


def test_a_tilt_is_felt_whatever_is_seen() -> None:
    court = Courtroom()
    film(court, 0, 20, 1, moved(0))
    film(court, 20, 20, 1, moved(0, gravity=(2.6, 9.4, 0.0)))
    (alert,) = court.raised
    assert (alert.kind, alert.numbers["degrees"]) == (MOVED, 15)
    slight = Courtroom()
    film(slight, 0, 20, 1, moved(0))
    film(slight, 20, 40, 1, moved(0, gravity=(0.9, 9.7, 0.0)))
    assert slight.raised == []


def test_a_new_place_is_taken_as_the_place_after_a_minute() -> None:
    court = Courtroom()
    film(court, 0, 30, 1)
    film(court, 30, ACCEPTED + 40, 2)
    assert kinds(court) == [(MOVED, "warning")] and len(court.ended) == 1
    film(court, 200, 30, 1)
    assert len(court.raised) == 2, "back in the old place, which is another one now"


def test_the_first_looks_make_the_reference() -> None:
    court = Courtroom()
    for number in range(LEARN):  # somebody walks past in two of five
        court.feed(*of("room", picture("ok", number), scene(number, 9 if number in (1, 3) else 1)))
    film(court, 10, 40, 1)
    assert court.raised == []


def test_angles() -> None:
    assert angle((0, 9.8, 0), (0, 9.8, 0)) == 0.0
    assert angle((0, 1, 0), (1, 0, 0)) == pytest.approx(90)
    assert angle((0, 0, 0), (1, 0, 0)) == 0.0


def test_under_the_greatest_load_a_phone_is_still_seen() -> None:
    court = Courtroom()
    look(court, "head", 96, ARMS, IN_HAND, step=32.0)
    assert kinds(court) == [(PHONE, "critical")]


def test_things_a_phone_sees_do_not_disturb_the_webcams_rules() -> None:
    court = Courtroom()
    for second in range(30):
        court.feed(picture("ok", second), faces(1, second), objects(second, "person"))
        court.feed(*of("head", picture("dark", second), faces(0, second), seen(second)))
    assert kinds(court) == [(BLOCKED, "notice")]
    assert court.raised[0].channel == "head"

"""Looks that come more seldom than they should: they still count, and the alert says so."""

from __future__ import annotations

from core.types import AlertKind, ObservationKind
from detection.measures.paces import Paced, Paces
from tests.detection.courtroom import Courtroom, identity, objects

PHONE, WRONG = AlertKind.PHONE_DETECTED, AlertKind.IDENTITY_MISMATCH


def see_phone(court: Courtroom, every: float, looks: int) -> None:
    for number in range(looks):
        court.feed(objects(number * every, "cell phone"))


def test_an_alert_says_how_often_looks_came_where_that_was_too_seldom() -> None:
    court = Courtroom()
    court.judge.know({ObservationKind.OBJECTS: Paced(2.0, 6.0)})
    see_phone(court, every=6.0, looks=2)
    (alert,) = court.raised
    assert alert.kind == PHONE and (alert.numbers["every"], alert.numbers["usual"]) == (6.0, 2.0)


def test_looks_in_time_are_not_spoken_of() -> None:
    court = Courtroom()
    court.judge.know({ObservationKind.OBJECTS: Paced(2.0, 2.1)})
    see_phone(court, every=2.0, looks=2)
    assert court.kinds == [PHONE] and not {"every", "usual"} & court.raised[0].numbers.keys()


def test_the_pace_is_that_of_this_student_and_not_of_the_server() -> None:
    court = Courtroom()
    court.judge.know({ObservationKind.OBJECTS: Paced(2.0, 6.0)})
    see_phone(court, every=2.0, looks=2)
    assert "every" not in court.raised[0].numbers, "this one was looked at in time"


def test_on_a_busy_server_looks_that_must_agree_still_find_each_other() -> None:
    """Compared every six minutes instead of 45 s: looks are usually remembered for four."""
    for paces, kinds in (({}, []), ({ObservationKind.IDENTITY: Paced(45.0, 360.0)}, [WRONG])):
        court = Courtroom()
        court.judge.know(paces)
        for number in range(4):
            court.feed(identity(360.0 * number, "no"))
        assert court.kinds == kinds


def test_time_in_which_nobody_looked_is_not_counted_as_seen() -> None:
    court = Courtroom()
    court.judge.know({ObservationKind.OBJECTS: Paced(2.0, 16.0)})
    see_phone(court, every=16.0, looks=2)
    assert court.raised[0].numbers["seconds"] == 2


def test_looks_are_never_remembered_for_less_than_usual() -> None:
    paces = Paces()
    paces.know({ObservationKind.OBJECTS: Paced(2.0, 2.0), ObservationKind.FACES: Paced(1.0, 30.0)})
    assert paces.remembered(ObservationKind.OBJECTS, 20.0) == 20.0
    assert paces.remembered(ObservationKind.FACES, 20.0) == 60.0
    assert paces.remembered(ObservationKind.PAGE, 20.0) == 20.0


def test_a_phones_camera_is_looked_at_more_seldom_by_design() -> None:
    paces = Paces()
    paces.know({ObservationKind.OBJECTS: Paced(2.0, 2.0)})
    assert paces.explained(ObservationKind.OBJECTS, "room", 4.0) == {}
    assert paces.explained(ObservationKind.OBJECTS, "room", 9.0) == {"every": 9.0, "usual": 4.0}

"""Phones, forbidden objects and people: what alternating looks amount to."""

from __future__ import annotations

import pytest

from core.types import AlertKind, Observation, ObservationKind, RuleSettings, Severity
from detection.measures.detected_objects import DetectedObject, overlap
from detection.rules import RULES
from detection.rules.second_person import distinct_people
from tests.detection.courtroom import START, Courtroom, faces, objects, observe, picture

PHONE, THING, PERSON = AlertKind.PHONE_DETECTED, AlertKind.FORBIDDEN_OBJECT, AlertKind.SECOND_PERSON


def look_at(marks: str, label: str, step: float = 2.0, rules: dict[str, RuleSettings] | None = None) -> Courtroom:
    """Feed a look every two seconds: x shows the thing, - does not, d is too dark to tell."""
    court = Courtroom(rules)
    for number, mark in enumerate(marks):
        at = number * step
        court.feed(picture("dark" if mark == "d" else "ok", at))
        court.feed(objects(at, "person", label) if mark in "xd" else objects(at, "person"))
        court.tick(at + 0.1)
    return court


def when(court: Courtroom, kind: AlertKind) -> list[float]:
    return [alert.raised_at - START for alert in court.raised if alert.kind is kind]


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ("--------", []),
        ("x-------", []),  # a calculator, for one picture
        ("xx------", [2]),
        ("x-x-----", [4]),  # a hand hid it for one look
        ("x--x--x-", []),  # one of three is a bad detector
        ("xxxxxxxx", [2]),
        ("dddddddd", []),
        ("xdxx----", [6]),  # what cannot be judged is not counted
        ("xx---xx-", [2]),  # the rest between two of a kind
    ],
)
def test_a_phone_needs_two_of_three_looks(marks: str, expected: list[float]) -> None:
    assert when(look_at(marks, "cell phone"), PHONE) == expected


def test_a_phone_is_seen_though_looks_come_a_little_early() -> None:
    assert when(look_at("xx", "cell phone", step=1.76), PHONE) == [pytest.approx(1.76)]


def test_an_alert_about_a_phone_says_where_and_how_sure() -> None:
    (alert,) = look_at("xx", "cell phone").raised
    assert alert.marks == (("cell phone", 100, 10, 90, 80),)
    assert alert.numbers["sure"] == 79
    assert alert.severity is Severity.CRITICAL
    assert "2 of the last 2 checks (2 needed)" in alert.text % alert.numbers


def test_a_phone_is_no_forbidden_object_nor_is_a_person() -> None:
    watch_all = {str(THING): RuleSettings(hold=0.0, confirm=1, window=1, watch=("cell phone", "person"))}
    assert when(look_at("xxxxxxxx", "cell phone", rules=watch_all), THING) == []


def test_forbidden_objects_are_those_of_the_room() -> None:
    assert when(look_at("xxxxxx", "book"), THING) == [4]
    assert when(look_at("xxxxxx", "remote"), THING) == []
    only_remotes = {str(THING): RuleSettings(hold=4.0, confirm=3, window=4, watch=("remote",))}
    assert when(look_at("xxxxxx", "book", rules=only_remotes), THING) == []
    court = look_at("xxxxxx", "remote", rules=only_remotes)
    assert when(court, THING) == [4]
    assert "(remote)" in court.raised[0].text % court.raised[0].numbers
    nothing = {str(THING): RuleSettings(hold=0.0, confirm=1, window=1, watch=())}
    assert when(look_at("xxxxxx", "book", rules=nothing), THING) == []


# ------------------------------------------------------------------------------------------- people


def people_for(court: Courtroom, count: int, faces_seen: int, seconds: int, step: float = 2.0) -> Courtroom:
    for number in range(int(seconds / step)):
        at = number * step
        court.feed(picture("ok", at), faces(faces_seen, at), objects(at, *["person"] * count))
        court.tick(at + 0.1)
    return court


@pytest.mark.parametrize(
    ("people", "seen", "expected"),
    [
        (1, 1, []),
        (1, 0, []),  # the student looks down: that is FACE_NOT_FOUND's to say
        (2, 1, [4]),  # a body without a face
        (2, 0, [4]),
        (2, 2, []),  # two faces: MULTIPLE_FACES says it
        (3, 2, [4]),
    ],
)
def test_second_person_is_a_body_without_a_face(people: int, seen: int, expected: list[float]) -> None:
    assert when(people_for(Courtroom(), people, seen, 12), PERSON) == expected


def test_old_faces_say_nothing_about_this_look() -> None:
    court = Courtroom()
    court.feed(faces(2, 0))
    for at in range(10, 20, 2):
        court.feed(picture("ok", at), objects(at, "person", "person"))
    assert court.kinds == [PERSON]


def thing(x: int, y: int, w: int, h: int, score: float = 0.9, label: str = "person") -> DetectedObject:
    return DetectedObject(label, (x, y, w, h), score)


def test_an_arm_a_head_and_a_poster_are_no_people() -> None:
    student = thing(100, 50, 300, 400)
    head, poster, other = thing(180, 60, 100, 120), thing(10, 10, 40, 60), thing(380, 80, 200, 380, 0.8)
    assert distinct_people([head, student, poster]) == [student]
    assert distinct_people([head, other, student, poster]) == [student, other]
    assert distinct_people([thing(0, 0, 9, 9, label="dog")]) == []


def test_overlap_is_of_the_smaller_box() -> None:
    assert overlap((0, 0, 10, 10), (0, 0, 100, 100)) == 1.0
    assert overlap((0, 0, 10, 10), (5, 0, 10, 10)) == 0.5
    assert overlap((0, 0, 10, 10), (20, 20, 10, 10)) == 0.0
    assert overlap((0, 0, 0, 0), (0, 0, 10, 10)) == 1.0


def test_boxes_may_be_fractions_of_pixels() -> None:
    rule = RULES[PHONE]
    things = [{"label": "cell phone", "box": [1.4, 2.6, 3.5, 4.5], "score": 0.5}]
    seen: Observation = observe(ObservationKind.OBJECTS, 0, objects=things)
    verdict = rule.read(seen, rule.memory(), rule.defaults)
    assert verdict is not None
    assert verdict.marks == (("cell phone", 1, 3, 4, 4),)


# ------------------------------------------------------------------------------------------- how sure


def seen_things(*scores: float, label: str = "cell phone", step: int = 200) -> list[dict[str, object]]:
    """Make things of one kind `step` pixels apart, the surest first as the detector gives them."""
    return [{"label": label, "box": [step * n, 10, 90, 80], "score": score} for n, score in enumerate(scores)]


def look_on(looks: int, things: list[dict[str, object]], rules: dict[str, RuleSettings] | None = None) -> Courtroom:
    """Show the same things for so many looks, two seconds apart."""
    court = Courtroom(rules)
    for number in range(looks):
        at = 2.0 * number
        court.feed(picture("ok", at), faces(1, at), observe(ObservationKind.OBJECTS, at, objects=things))
        court.tick(at + 0.1)
    return court


def test_a_badge_that_resembles_a_phone_is_a_notice_and_no_word_to_the_student() -> None:
    (alert,) = look_on(10, seen_things(0.15)).raised
    assert (alert.kind, alert.severity, alert.hint) == (PHONE, Severity.NOTICE, False)
    said = alert.text % alert.numbers
    assert "Confidence 15 of 100 is too little to say so (limit 50)" in said


@pytest.mark.parametrize(("score", "severity"), [(0.49, Severity.NOTICE), (0.5, Severity.CRITICAL)])
def test_a_phone_is_critical_from_where_it_is_sure(score: float, severity: Severity) -> None:
    assert [alert.severity for alert in look_on(5, seen_things(score)).raised] == [severity]


def test_one_sure_look_at_a_badge_is_not_enough() -> None:
    court = Courtroom()
    for number, score in enumerate([0.2, 0.7, 0.2, 0.2, 0.2, 0.7, 0.2]):
        court.feed(
            picture("ok", 2.0 * number), observe(ObservationKind.OBJECTS, 2.0 * number, objects=seen_things(score))
        )
    assert [alert.severity for alert in court.raised] == [Severity.NOTICE]


def test_a_phone_that_is_seen_better_later_is_critical_then() -> None:
    court = look_on(5, seen_things(0.3))
    for number in range(5, 10):
        court.feed(
            observe(ObservationKind.OBJECTS, 2.0 * number, objects=seen_things(0.9)), picture("ok", 2.0 * number)
        )
    assert [alert.severity for alert in court.raised] == [Severity.NOTICE, Severity.CRITICAL]
    assert [alert.severity for alert in court.open] == [Severity.CRITICAL]


def test_what_is_hardly_told_from_something_else_accuses_nobody_however_severe_the_room() -> None:
    severe = RuleSettings(hold=0.0, confirm=1, window=1, severity=Severity.CRITICAL, strictness=2.0)
    court = look_on(1, seen_things(0.3, label="book"), {str(THING): severe})
    assert [(alert.kind, alert.severity) for alert in court.raised] == [(THING, Severity.NOTICE)]
    for score, expected in ((0.42, Severity.NOTICE), (0.6, Severity.CRITICAL)):
        court = look_on(1, seen_things(0.9, score, label="person"), {str(PERSON): severe})
        assert [(alert.kind, alert.severity) for alert in court.raised] == [(PERSON, expected)]


def test_boxes_that_lie_over_each_other_are_one_thing() -> None:
    (alert,) = look_on(5, seen_things(0.8, 0.7, 0.6, step=20)).raised
    assert alert.marks == (("cell phone", 0, 10, 90, 80),)
    assert alert.numbers["count"] == 1
    beside = look_on(5, seen_things(0.8, 0.7)).raised[0]
    assert (len(beside.marks), beside.numbers["count"]) == (2, 2)
    both: list[dict[str, object]] = [
        {"label": label, "box": [10, 10, 90, 80], "score": 0.8} for label in ("laptop", "tv")
    ]
    assert [len(alert.marks) for alert in look_on(5, both).raised] == [1]

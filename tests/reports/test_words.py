"""A report speaks as the pages do."""

from __future__ import annotations

import dataclasses

import pytest

from core.attendance import Attendance
from reports.making import room_report
from reports.model import AWAY, NOT_RECORDED
from reports.words import STATES
from tests.reports.rows import alert, at, records, words


@pytest.mark.parametrize(
    ("text", "numbers", "english", "french"),
    [
        ("%(seconds)s s", {"seconds": 5}, "5 s", "5 s"),
        ("%(seconds)s s", {"seconds": 5.0}, "5 s", "5 s"),
        ("%(seconds)s s", {"seconds": 1234.5678}, "1234.568 s", "1234,568 s"),
        ("%(seconds).1f s", {"seconds": 2.25}, "2.2 s", "2,2 s"),
        ("%(count)d", {"count": 2.9}, "2", "2"),
        ("%(share)s %%", {"share": 7}, "7 %", "7 %"),
        ("%(name)s", {"name": "<b>"}, "<b>", "<b>"),
        ("%(lost)s", {}, "%(lost)s", "%(lost)s"),
    ],
)
def test_places_are_filled_as_the_pages_do(text: str, numbers: dict[str, object], english: str, french: str) -> None:
    assert words().say(text, numbers) == english
    assert words(locale="fr").say(text, numbers) == french


def test_an_alert_is_explained_in_the_readers_language() -> None:
    entry = room_report(records(alerts=[alert()]), at(90)).students[0].alerts[0]
    french = {"No face for %(seconds)s s.": "Aucun visage depuis %(seconds)s s."}
    assert words(french, "fr").explained(entry) == "Aucun visage depuis 5,25 s."
    seldom = dataclasses.replace(entry, numbers={"seconds": 5, "every": 6, "usual": 2})
    assert words().explained(seldom) == "No face for 5 s. Looks came every 6 s instead of 2 s."


def test_every_state_has_a_word() -> None:
    of_people = set(Attendance) - {Attendance.OPEN, Attendance.RUNNING, Attendance.PAUSED}
    assert STATES.keys() == {*of_people, AWAY, NOT_RECORDED}


def test_what_is_not_known_is_said_as_it_is_called() -> None:
    said = words()
    assert (said.kind("NEW_KIND"), said.advice("NEW_KIND"), said.state("odd")) == ("new kind", "", "odd")
    assert (said.channel("webcam"), said.channel("arm"), said.share(None)) == ("Computer", "Phone on the arm", "–")


def test_durations_are_told_as_on_the_live_page() -> None:
    assert [words().minutes(seconds) for seconds in (0, 99.4, 100, 3600)] == ["0 s", "99 s", "2 min", "60 min"]

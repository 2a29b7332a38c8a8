"""Which past rooms are found."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from reports.past import Wish, fitting, wish_of
from store.rooms import Room
from tests.store.makers import MOMENT, make_room


def room(id: str, title: str, days: int) -> Room:
    return make_room(id=id, title=title, state="ended", ended_at=MOMENT + timedelta(days=days))


ROOMS = [
    room("old", "Algèbre, examen blanc", -30),
    room("new", "Algebra, resit", 0),
    room("physics", "Physics 2", -3),
    make_room(id="open", title="Algebra, open"),
]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        (("", "", ""), ["new", "physics", "old"]),
        (("ALGEB", "", ""), ["new", "old"]),
        (("algèbre blanc", "", ""), ["old"]),
        (("2", "", ""), ["physics"]),
        (("%", "", ""), ["new", "physics", "old"]),
        (("", "2026-02-27", ""), ["new", "physics"]),
        (("", "2026-02-28", "2026-03-02"), ["new"]),
        (("", "", "2026-02-27"), ["physics", "old"]),
        (("algebra", "", "2026-02-27"), []),
        (("", "yesterday", "2026-99-99"), ["new", "physics", "old"]),
    ],
)
def test_rooms_are_found_by_words_and_days(fields: tuple[str, str, str], found: list[str]) -> None:
    assert [one.id for one in fitting(ROOMS, wish_of(*fields))] == found


def test_a_form_that_asks_for_nothing_asks_for_all() -> None:
    assert wish_of("  ", "", "x").is_any
    assert wish_of("a", "2026-03-02", "") == Wish("a", date(2026, 3, 2))

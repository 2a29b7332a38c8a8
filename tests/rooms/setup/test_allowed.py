"""What is allowed in an exam, and what is therefore not looked for."""

from __future__ import annotations

import pytest

from core.types import AlertKind, RuleSettings
from detection.runtime.catalogue import rule_catalogue
from rooms.setup.allowed import (
    FIRST_ITEMS,
    LOOKED_FOR,
    MORE_ITEMS,
    USUAL_MOVES,
    allowed_items,
    not_looked_for,
    usual_cases,
)
from rooms.setup.room_form_texts import COMMON_ITEMS, COMMON_MOVES, WATCHED_ITEMS
from rooms.setup.room_settings import RoomSettings

WATCH = {kind: entry.choices for kind, entry in rule_catalogue().items()}
RULES = {str(kind): RuleSettings() for kind in AlertKind}


def off(*kinds: AlertKind) -> dict[str, RuleSettings]:
    return RULES | {str(kind): RuleSettings(enabled=False) for kind in kinds}


def test_every_item_of_the_form_is_one_that_students_can_read_in_their_language() -> None:
    assert sorted((*FIRST_ITEMS, *MORE_ITEMS)) == sorted(COMMON_ITEMS)
    assert set(LOOKED_FOR) == set(WATCHED_ITEMS)
    assert set(USUAL_MOVES) <= set(COMMON_MOVES)


def test_a_new_room_allows_nothing() -> None:
    assert allowed_items(RoomSettings.of_new_room().forbidden, RULES, WATCH) == ()


def test_what_is_neither_forbidden_nor_looked_for_is_allowed() -> None:
    unwatched = {"Smartwatch", "Headphones or earbuds", "Calculator"}
    assert set(allowed_items((), RULES, WATCH)) == unwatched
    assert set(allowed_items((), off(AlertKind.PHONE_DETECTED), WATCH)) == unwatched | {"Mobile phone"}
    assert "Smartwatch" not in allowed_items(("Smartwatch",), RULES, WATCH)


@pytest.mark.parametrize(
    ("watch", "allowed"), [(None, False), (("remote",), True), (("book", "remote"), False), ((), True)]
)
def test_books_are_allowed_where_the_rule_leaves_them_out(watch: tuple[str, ...] | None, allowed: bool) -> None:
    rules = RULES | {str(AlertKind.FORBIDDEN_OBJECT): RuleSettings(watch=watch)}
    assert ("Books and notes" in allowed_items((), rules, WATCH)) is allowed


def test_other_people_are_allowed_only_where_neither_rule_looks_for_them() -> None:
    one, both = off(AlertKind.SECOND_PERSON), off(AlertKind.SECOND_PERSON, AlertKind.MULTIPLE_FACES)
    item = "Other people in the room"
    assert [item in allowed_items((), rules, WATCH) for rules in (RULES, one, both)] == [False, False, True]


def test_a_rule_that_looks_for_an_allowed_item_alone_is_off() -> None:
    changes = {"hold": 7.0, "enabled": True}
    found = not_looked_for("PHONE_DETECTED", changes, RuleSettings(), ["Mobile phone", "Calculator"], WATCH)
    assert found == {"hold": 7.0, "enabled": False}
    assert not_looked_for("PHONE_DETECTED", changes, RuleSettings(), ["Books and notes"], WATCH) == changes
    assert changes == {"hold": 7.0, "enabled": True}, "the caller's own stays as it is"


def test_a_rule_that_looks_for_more_leaves_the_allowed_out() -> None:
    kind = "FORBIDDEN_OBJECT"
    assert usual_cases(kind, WATCH) == ("book", "laptop", "tv")
    assert not_looked_for(kind, {}, RuleSettings(), ["Books and notes"], WATCH) == {"watch": ["laptop", "tv"]}
    chosen = {"watch": ["book", "remote"]}
    assert not_looked_for(kind, chosen, RuleSettings(), ["Books and notes", "Second screen"], WATCH) == {
        "watch": ["remote"]
    }
    assert not_looked_for(kind, {}, RuleSettings(watch=("book",)), ["Books and notes"], WATCH) == {"watch": []}
    assert not_looked_for(kind, {}, RuleSettings(), ["Smartwatch"], WATCH) == {}


def test_what_was_allowed_is_found_again() -> None:
    allowed = ("Mobile phone", "Calculator", "Second screen")
    forbidden = tuple(item for item in COMMON_ITEMS if item not in allowed)
    changes = {kind: not_looked_for(kind, {}, rule, allowed, WATCH) for kind, rule in RULES.items()}
    settings = RoomSettings(forbidden=forbidden, rules=changes)
    assert set(allowed_items(settings.forbidden, settings.rule_settings(RULES), WATCH)) == set(allowed)

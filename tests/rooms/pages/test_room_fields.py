"""The fields of a room's form: what they show of a room, and of what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from core.errors import UserError
from core.types import AlertKind, RuleSettings
from rooms.pages.room_fields import NEEDS, RuleRow, room_fields, rule_rows
from rooms.pages.room_page import _catalogue
from rooms.setup.room_form import RoomForm
from rooms.setup.room_form_texts import COMMON_ITEMS
from rooms.setup.room_settings import RoomSettings
from tests.site import Site

RULES = {str(kind): RuleSettings(hold=5.0, cooldown=30.0) for kind in AlertKind}


@pytest.fixture(autouse=True)
def request_context(tmp_path: Path) -> Iterator[None]:
    """Fields are made while a page is."""
    site = Site(tmp_path)
    with site.app.test_request_context("/rooms/new"):
        yield
    site.close()


def fields_of(**settings: Any) -> Any:
    return room_fields(RoomForm(settings=RoomSettings(**settings)), RULES, _catalogue(), is_sent=False)


def rows_of(form: RoomForm, sent: MultiDict[str, str] | None = None) -> dict[str, RuleRow]:
    rules = form.settings.rule_settings(RULES)
    return {row.kind: row for row in rule_rows(form, rules, _catalogue(), sent)}


def test_a_room_without_phones_offers_one_in_the_room_as_soon_as_phones_are_wanted() -> None:
    fields = fields_of()
    assert fields.with_phones.data is False
    wishes = (fields.phone_arm.data, fields.phone_head.data, fields.phone_room.data)
    assert wishes == ("", "", "required")


def test_the_phones_of_a_room_are_shown_as_they_are() -> None:
    fields = fields_of(phones=("arm",), phones_allowed=("head",))
    assert fields.with_phones.data is True
    wishes = (fields.phone_arm.data, fields.phone_head.data, fields.phone_room.data)
    assert wishes == ("required", "allowed", "")


def test_own_words_are_below_the_ticked_ones() -> None:
    fields = fields_of(forbidden=("Calculator", "a ruler"), forbidden_moves=("Leaving the chair", "Singing"))
    assert fields.forbidden_more.data == "a ruler"
    assert "Calculator" not in fields.allowed.data and "Smartwatch" in fields.allowed.data
    assert (fields.forbidden_moves.data, fields.forbidden_moves_more.data) == (["Leaving the chair"], "Singing")


def test_an_error_is_at_its_field_and_one_of_the_whole_form_above_it() -> None:
    errors = {"forbidden": UserError("x", "Too long."), "form": UserError("y", "At most %(most)d.", most=3)}
    fields: Any = room_fields(RoomForm(errors=errors), RULES, _catalogue(), is_sent=True)
    assert fields.forbidden_more.errors == ["Too long."]
    assert fields.form_errors == ["At most 3."]


def test_a_rule_that_is_off_because_of_what_is_allowed_is_shown_as_it_is_without_that() -> None:
    changes: dict[str, dict[str, Any]] = {"PHONE_DETECTED": {"enabled": False}, "FORBIDDEN_OBJECT": {"watch": ["tv"]}}
    others = tuple(item for item in COMMON_ITEMS if item not in ("Mobile phone", "Books and notes"))
    rows = rows_of(RoomForm(settings=RoomSettings(forbidden=others, rules=changes)))
    assert rows["PHONE_DETECTED"].fields.enabled.data is True
    assert rows["PHONE_DETECTED"].unless == "Mobile phone"
    assert rows["FORBIDDEN_OBJECT"].fields.watch.data == ["book", "tv"]
    rows = rows_of(RoomForm(settings=RoomSettings(forbidden=COMMON_ITEMS, rules=changes)))
    assert rows["PHONE_DETECTED"].fields.enabled.data is False
    assert rows["FORBIDDEN_OBJECT"].fields.watch.data == ["tv"]


def test_what_was_typed_stays_with_what_is_wrong_of_it() -> None:
    form = RoomForm(errors={"TALKING.hold": UserError("bad_number", "Seconds, please.")})
    row = rows_of(form, MultiDict({"TALKING.hold": "soon", "TALKING.cooldown": "9"}))["TALKING"].fields
    assert (row.hold.data, row.hold.errors, row.cooldown.data, row.enabled.data) == (
        "soon",
        ["Seconds, please."],
        "9",
        False,
    )


def test_every_kind_that_needs_something_says_so_with_a_name_that_the_page_knows() -> None:
    css = (Path(__file__).resolve().parents[3] / "static/css/room_form.css").read_text(encoding="utf-8")
    for need in {need for needs in NEEDS.values() for need in needs.split()}:
        assert f'[data-needs~="{need}"]' in css
    for item in {row.unless for row in rows_of(RoomForm()).values()} - {""}:
        assert f'[data-unless="{item}"]' in css

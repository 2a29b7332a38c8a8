"""What teachers type into the form of a room."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from core.errors import UserError
from core.types import RuleSettings, Severity
from detection.runtime.catalogue import rule_catalogue
from rooms.setup.room_form import RoomForm, form_of, read_exam, read_form
from rooms.setup.room_form_texts import COMMON_ITEMS
from rooms.setup.room_settings import RoomSettings
from rooms.setup.room_settings.base import other_lines
from rooms.setup.room_settings.forbidden import MOST_LINES
from tests.site import room_fields
from tests.store.makers import make_room

KIND = "FACE_NOT_FOUND"
CHOICES = {kind: entry.choices for kind, entry in rule_catalogue().items()}
DEFAULTS = {KIND: RuleSettings(hold=5.0, cooldown=30.0)}


def read(**changed: Any) -> RoomForm:
    return read_form(MultiDict(room_fields(**changed)), DEFAULTS)


def read_preset(**changed: Any) -> RoomForm:
    presets = {"normal": DEFAULTS, "strict": {KIND: RuleSettings(hold=3.5, cooldown=30.0)}}
    return read_form(MultiDict(room_fields(**changed)), DEFAULTS, presets=presets)


def test_another_preset_takes_its_own_numbers_where_nothing_was_typed() -> None:
    settings = read_preset(preset="strict", preset_shown="normal").settings
    assert (settings.preset, settings.rules) == ("strict", {})
    typed = {f"{KIND}.hold": "3,5"}
    assert read_preset(preset="strict", preset_shown="strict", **typed).settings.rules == {}


def test_a_number_of_the_teacher_s_own_outlives_another_preset() -> None:
    settings = read_preset(preset="strict", preset_shown="normal", **{f"{KIND}.hold": "8"}).settings
    assert settings.rules == {KIND: {"hold": 8.0}}
    shown = settings.rule_settings({KIND: RuleSettings(hold=3.5, cooldown=30.0)})
    assert shown[KIND].hold == 8.0


def test_a_preset_that_does_not_exist_is_the_normal_one() -> None:
    assert read_preset(preset="merciless").settings.preset == "normal"


def test_an_untouched_form_means_the_defaults() -> None:
    form = read()
    assert form.errors == {}
    assert form.settings == RoomSettings(max_students=40, forbidden=COMMON_ITEMS)


def test_only_what_differs_from_the_default_is_kept() -> None:
    changed = {f"{KIND}.hold": "7,5", f"{KIND}.enabled": "", f"{KIND}.severity": "critical"}
    assert read(**changed).settings.rules == {KIND: {"enabled": False, "hold": 7.5, "severity": "critical"}}


@pytest.mark.parametrize("typed", ["", "soon", "-1", "0", "1e9", "nan", "inf"])
def test_seconds_that_make_no_sense_are_said_at_their_field(typed: str) -> None:
    form = read(**{f"{KIND}.hold": typed})
    assert list(form.errors) == [f"{KIND}.hold"]
    assert form.settings.rules == {}


@pytest.mark.parametrize("typed", ["", "0", "201", "many"])
def test_a_number_of_students_that_makes_no_sense_is_said(typed: str) -> None:
    assert list(read(max_students=typed).errors) == ["max_students"]


def test_a_rate_of_pictures_is_chosen_among_a_few() -> None:
    settings = read(grid_fps="2", focus_fps="5").settings
    assert (settings.grid_fps, settings.focus_fps) == (2, 5)
    assert read(grid_fps="100", focus_fps="").settings == read().settings


def test_a_severity_that_does_not_exist_is_left_out() -> None:
    assert read(**{f"{KIND}.severity": "deadly"}).settings.rules == {}


def test_ticked_and_typed_lines_are_kept_once_and_cleaned() -> None:
    form = read(forbidden_moves=["Talking", "Notes"], forbidden_moves_more=" Notes \r\n\n  a  ruler\n…\n")
    assert form.settings.forbidden_moves == ("Talking", "Notes", "a ruler")
    assert other_lines(form.settings.forbidden_moves, ["Talking"]) == "Notes\na ruler"


def test_what_is_not_allowed_is_forbidden() -> None:
    form = read(allowed=["Calculator", "Smartwatch", "a cat"], forbidden_more="a ruler")
    others = [item for item in COMMON_ITEMS if item not in ("Calculator", "Smartwatch")]
    assert form.settings.forbidden == (*others, "a ruler")


def test_a_new_room_allows_nothing_that_is_often_forbidden() -> None:
    assert RoomForm().settings == RoomSettings.of_new_room()
    assert RoomForm().settings.forbidden == COMMON_ITEMS


def test_what_is_allowed_is_not_looked_for() -> None:
    kinds = {"PHONE_DETECTED": RuleSettings(hold=5.0, cooldown=30.0), "FORBIDDEN_OBJECT": RuleSettings()}
    seen: dict[str, Any] = {"FORBIDDEN_OBJECT.watch_shown": "1", "FORBIDDEN_OBJECT.watch": ["book", "laptop", "remote"]}
    typed = room_fields(**{"allowed": ["Mobile phone", "Books and notes"], **seen})
    settings = read_form(MultiDict(typed), kinds, choices=CHOICES).settings.rule_settings(kinds)
    assert settings["PHONE_DETECTED"].enabled is False
    assert settings["FORBIDDEN_OBJECT"].watch == ("laptop", "remote")


def test_too_many_lines_are_said() -> None:
    form = read(forbidden_moves_more="\n".join(f"line {n}" for n in range(MOST_LINES + 1)))
    assert list(form.errors) == ["forbidden_moves"]
    assert list(read(forbidden_more="x" * 200).errors) == ["forbidden"]


def test_a_missing_title_is_said() -> None:
    assert list(read(title=" ").errors) == ["title"]


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"exam_kind": "none"}, "none"),
        ({"exam_kind": "something"}, "none"),
        ({"exam_kind": "text", "exam_text": "Write."}, "text"),
        ({"exam_kind": "link", "exam_link": "https://a.example"}, "link"),
    ],
)
def test_the_paper_is_what_was_chosen(fields: dict[str, str], kind: str) -> None:
    form = read(**fields)
    exam = read_exam(form, None)
    assert exam is not None and exam.kind == kind


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"exam_kind": "text"}, "exam_text"),
        ({"exam_kind": "link", "exam_link": "a.example"}, "exam_link"),
        ({"exam_kind": "pdf"}, "exam_file"),
    ],
)
def test_a_paper_that_is_missing_is_said_at_its_field(fields: dict[str, str], field: str) -> None:
    form = read(**fields)
    assert read_exam(form, None) is None
    assert list(form.errors) == [field]


def test_a_broken_pdf_is_said_at_its_field() -> None:
    form = read(exam_kind="pdf")
    assert read_exam(form, ("exam.pdf", b"no")) is None
    assert list(form.errors) == ["exam_file"]


def test_a_pdf_that_is_there_is_kept() -> None:
    form = read_form(MultiDict(room_fields(exam_kind="pdf")), DEFAULTS, "exam.pdf")
    assert read_exam(form, None) is None
    assert form.errors == {}


@pytest.mark.parametrize(
    ("kind", "field"), [("text", "exam_text"), ("link", "exam_link"), ("pdf", "exam_file_name"), ("none", "")]
)
def test_the_form_shows_what_the_room_has(kind: str, field: str) -> None:
    kept = RoomSettings(admit_by_hand=True, rules={KIND: {"severity": str(Severity.CRITICAL)}})
    form = form_of(make_room(exam_kind=kind, exam_text="what", settings=kept.to_json()))
    assert (form.title, form.exam_kind, form.settings) == ("Algebra", kind, kept)
    assert [name for name in ("exam_text", "exam_link", "exam_file_name") if getattr(form, name)] == [field][
        : bool(field)
    ]


def test_an_attempt_keeps_the_error_at_its_field() -> None:
    form, error = RoomForm(), UserError("x", "y")

    def fail() -> None:
        raise error

    assert form.attempt("title", fail) is None
    assert form.errors == {"title": error}


def test_only_cases_of_the_rule_itself_can_be_chosen() -> None:
    sent = MultiDict(room_fields(**{f"{KIND}.watch_shown": "1"}))
    sent.setlist(f"{KIND}.watch", ["left", "charm", "down"])
    choices = {KIND: dict.fromkeys(("left", "right", "down"), ("", True))}
    assert read_form(sent, DEFAULTS, choices=choices).settings.rules == {KIND: {"watch": ["left", "down"]}}
    assert read_form(sent, DEFAULTS).settings.rules == {KIND: {"watch": []}}


def test_boxes_that_were_not_shown_choose_nothing() -> None:
    sent = MultiDict(room_fields(**{f"{KIND}.watch": "left"}))
    assert read_form(sent, DEFAULTS, choices={KIND: {"left": ("", True)}}).settings.rules == {}

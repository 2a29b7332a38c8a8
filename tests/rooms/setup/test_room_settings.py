import json
from pathlib import Path

import pytest
from werkzeug.datastructures import MultiDict

from core.errors import UserError
from core.types import RuleSettings, Severity
from rooms.setup.room_settings import SETTINGS, RoomSettings
from rooms.setup.room_settings.base import FormContext, Sent
from rooms.setup.room_settings.controls import Kind

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES, CSS = ROOT / "templates", ROOT / "static/css/room_form.css"

DEFAULTS = {"FACE_NOT_FOUND": RuleSettings(hold=5.0, cooldown=20.0), "PAGE_HIDDEN": RuleSettings(hint=False)}


def test_json_and_back_is_the_same() -> None:
    settings = RoomSettings(admit_by_hand=True, forbidden=("phone", "notes"), rules={"PAGE_HIDDEN": {"hold": 2.0}})
    assert RoomSettings.from_json(settings.to_json()) == settings


def test_what_an_older_or_newer_version_wrote_is_read() -> None:
    assert RoomSettings.from_json({}) == RoomSettings()
    assert RoomSettings.from_json({"max_students": 10**9, "colour": "blue"}).max_students == 200


def test_rates_that_no_room_may_choose_are_the_usual_ones() -> None:
    read = RoomSettings.from_json({"grid_fps": 60, "focus_fps": "ten"})
    assert (read.grid_fps, read.focus_fps) == (RoomSettings().grid_fps, RoomSettings().focus_fps)
    assert RoomSettings.from_json({"grid_fps": 2, "focus_fps": 5}) == RoomSettings(grid_fps=2, focus_fps=5)


def test_a_room_changes_only_what_it_names() -> None:
    rules = RoomSettings(rules={"FACE_NOT_FOUND": {"hold": 9, "severity": "critical"}}).rule_settings(DEFAULTS)
    assert rules["FACE_NOT_FOUND"] == RuleSettings(hold=9.0, cooldown=20.0, severity=Severity.CRITICAL)
    assert rules["PAGE_HIDDEN"] == DEFAULTS["PAGE_HIDDEN"]


def test_absurd_numbers_are_bounded_and_absurd_types_left_out() -> None:
    changed = {"hold": -4, "confirm": 10**6, "cooldown": "soon", "severity": "deadly", "enabled": 0}
    rule = RoomSettings(rules={"FACE_NOT_FOUND": changed}).rule_settings(DEFAULTS)["FACE_NOT_FOUND"]
    assert (rule.hold, rule.confirm, rule.cooldown, rule.severity, rule.enabled) == (0.5, 20, 20.0, "warning", False)


def test_a_room_without_hints_hints_at_nothing() -> None:
    rules = RoomSettings(hints=False).rule_settings(DEFAULTS)
    assert not any(rule.hint for rule in rules.values())


def test_a_room_says_what_a_rule_watches() -> None:
    assert RoomSettings(rules={"FACE_NOT_FOUND": {"watch": ["left", 7]}}).rule_settings(DEFAULTS)[
        "FACE_NOT_FOUND"
    ].watch == ("left", "7")
    assert (
        RoomSettings(rules={"FACE_NOT_FOUND": {"watch": "left"}}).rule_settings(DEFAULTS)["FACE_NOT_FOUND"].watch
        is None
    )


def test_an_unknown_preset_is_the_normal_one() -> None:
    assert RoomSettings.from_json({"preset": "strict"}).preset == "strict"
    assert RoomSettings.from_json({"preset": "merciless"}).preset == RoomSettings.from_json({}).preset == "normal"


def test_a_name_that_no_setting_has_is_refused() -> None:
    with pytest.raises(TypeError, match="colour"):
        RoomSettings(colour="blue")


def test_a_change_leaves_the_rest_and_the_original() -> None:
    settings = RoomSettings(sound=True, hints=False)
    assert settings.but(hints=True) == RoomSettings(sound=True)
    assert settings.hints is False


def test_students_agree_to_what_has_an_effect() -> None:
    assert RoomSettings(transcribe=True, keep_sound=True).agreed == frozenset(), "without sound neither does anything"
    place = {"kind": "circle", "latitude": 1.0, "longitude": 2.0, "radius": 50.0}
    assert RoomSettings(sound=True, transcribe=True, place=place).agreed == {"sound", "transcribe", "place"}


def test_students_read_of_what_is_on() -> None:
    assert RoomSettings().notices == ()
    assert RoomSettings(admit_by_hand=True).notices == ("Your teacher lets each student in by hand.",)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_survives_the_database_and_the_form(name: str) -> None:
    one, kept = SETTINGS[name], RoomSettings.of_new_room()
    assert (one.name, RoomSettings.from_json(json.loads(json.dumps(kept.to_json())))) == (name, kept)
    shown = {key: value for each in SETTINGS.values() for key, value in each.shown(kept.values, FormContext()).items()}
    errors: dict[str, UserError] = {}
    sent = {key: str(value) if isinstance(value, int) else value for key, value in shown.items() if value is not False}
    assert one.read(Sent(MultiDict(sent), errors)) == kept.values[name]
    assert errors == {}


@pytest.mark.parametrize("name", SETTINGS)
def test_what_a_setting_names_is_there(name: str) -> None:
    one = SETTINGS[name]
    assert not one.requires or one.requires in SETTINGS
    assert not one.template or (TEMPLATES / one.template).is_file()
    assert not one.error_at or one.error_at in {control.name for control in one.controls}
    assert all(control.label for control in one.controls if control.kind is not Kind.HIDDEN)
    css = CSS.read_text(encoding="utf-8")
    assert all(f'[data-needs~="{need}"]' in css for control in one.controls for need in control.needs.split())

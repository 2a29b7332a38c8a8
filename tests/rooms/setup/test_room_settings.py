from core.types import RuleSettings, Severity
from rooms.setup.room_settings import RoomSettings

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

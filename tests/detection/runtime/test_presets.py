"""Presets: what each does to every rule, and that stricter never means later."""

import pytest

from core.types import AlertKind, Severity
from detection.rules import DEFAULTS, RULES
from detection.runtime.presets import PRESETS, preset_rules


def test_normal_is_the_rules_own() -> None:
    assert preset_rules("normal") == {str(kind): settings for kind, settings in DEFAULTS.items()}


@pytest.mark.parametrize("kind", RULES)
def test_stricter_is_never_later_nor_more_patient(kind: AlertKind) -> None:
    relaxed, normal, strict = (preset_rules(name)[kind] for name in PRESETS)
    assert relaxed.hold >= normal.hold >= strict.hold > 0
    assert relaxed.cooldown >= normal.cooldown >= strict.cooldown
    assert relaxed.confirm >= normal.confirm >= strict.confirm
    assert relaxed.strictness <= normal.strictness <= strict.strictness
    assert {relaxed.window, strict.window} == {normal.window}
    assert all(one.confirm <= one.window for one in (relaxed, strict))
    assert RULES[kind].lasts or RULES[kind].weighs or strict.confirm >= 2


def test_what_is_nobodys_fault_is_the_same_everywhere() -> None:
    kinds = {kind for kind, rule in RULES.items() if rule.is_nobodys_fault}
    assert kinds == {AlertKind.CAMERA_BLOCKED, AlertKind.CONNECTION_LOST, AlertKind.PHONE_CHANNEL_LOST}
    for name in PRESETS:
        assert all(preset_rules(name)[kind] == DEFAULTS[kind] for kind in kinds)


def test_only_talking_changes_its_severity() -> None:
    changed = {
        kind
        for name in PRESETS
        for kind, rule in preset_rules(name).items()
        if rule.severity != DEFAULTS[kind].severity
    }
    assert changed == {AlertKind.TALKING}
    assert preset_rules("strict")[AlertKind.TALKING].severity is Severity.WARNING


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(KeyError):
        preset_rules("merciless")

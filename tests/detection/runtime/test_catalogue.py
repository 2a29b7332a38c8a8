"""The rule catalogue: each rule's own words, under every preset."""

import pytest

from core.types import AlertKind, Evidence, Severity
from detection.rules import DEFAULTS, RULES
from detection.runtime.catalogue import rule_catalogue
from detection.runtime.presets import PRESETS, preset_rules

CATALOGUE = rule_catalogue()


def test_it_has_every_rule_in_their_order() -> None:
    assert list(CATALOGUE) == [str(kind) for kind in RULES]
    assert all(entry.kind == kind for kind, entry in CATALOGUE.items())


@pytest.mark.parametrize("kind", RULES)
def test_an_entry_says_what_the_rule_says(kind: str) -> None:
    rule, entry = RULES[kind], CATALOGUE[kind]
    assert (entry.label, entry.meaning, entry.sign, entry.weight) == (rule.label, rule.meaning, rule.sign, rule.weight)
    assert (entry.evidence, entry.choices, entry.defaults) == (rule.evidence, rule.choices, DEFAULTS[kind])
    assert entry.presets == {name: preset_rules(name)[kind] for name in PRESETS}


def test_without_advice_the_meaning_is_shown() -> None:
    plain, advised = CATALOGUE[AlertKind.EYES_CLOSED], CATALOGUE[AlertKind.FACE_NOT_FOUND]
    assert plain.advice == plain.meaning
    assert advised.advice == RULES[AlertKind.FACE_NOT_FOUND].advice != advised.meaning


def test_a_rule_may_have_another_severity_under_a_preset() -> None:
    entry = CATALOGUE[AlertKind.TALKING]
    assert [entry.presets[name].severity for name in ("relaxed", "normal", "strict")] == [
        Severity.NOTICE,
        Severity.NOTICE,
        Severity.WARNING,
    ]
    assert entry.evidence == {Evidence.PICTURE}

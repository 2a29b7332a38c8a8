"""The rule catalogue of this server, made of what each rule says of itself."""

from collections.abc import Mapping
from types import MappingProxyType

from core.rule_catalogue import RuleCatalogue, RuleEntry
from detection.rules import RULES
from detection.rules.base import Rule
from detection.runtime.presets import PRESETS, under


def rule_catalogue(rules: Mapping[str, Rule] = RULES) -> RuleCatalogue:
    """Return every rule for those who show rules: pages, the teacher's browser, docs/rules.md."""
    return MappingProxyType({str(kind): _entry(rule) for kind, rule in rules.items()})


def _entry(rule: Rule) -> RuleEntry:
    return RuleEntry(
        kind=str(rule.kind),
        label=rule.label,
        meaning=rule.meaning,
        advice=rule.advice or rule.meaning,
        sign=rule.sign,
        weight=rule.weight,
        common_cause=rule.common_cause,
        evidence=rule.evidence,
        presets=MappingProxyType({name: under(rule, name) for name in PRESETS}),
        choices=rule.choices,
    )

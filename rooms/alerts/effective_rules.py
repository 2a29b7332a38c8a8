"""Which settings of the rules apply to one student, and where each value comes from.

Six layers lie over each other, each with what it changes: the rule's default, the room's preset, the room's own
changes, kinds that are muted in the room, this student's accommodations, and a break or an exam that a teacher holds,
in which nothing is judged. The judge gets the result (`judge_rules`), and teachers see it (`effective_view`).
"""

import enum
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import Any

from core.ports import Rules
from core.rule_catalogue import RuleCatalogue, RuleEntry
from core.types import RuleSettings, Severity
from rooms.live.directory import LiveRoom
from rooms.live.participant import Student
from rooms.protocol.accommodation_kinds import Accommodation, all_of


class Source(enum.StrEnum):
    """The layer that a value comes from."""

    DEFAULT = "default"
    PRESET = "preset"
    ROOM = "room"
    MUTED = "muted"
    ACCOMMODATION = "accommodation"
    BREAK = "break"
    HELD = "held"


MILD: Mapping[str, Any] = MappingProxyType({"severity": Severity.NOTICE, "hint": False})
"""Noted, and nobody is told off for it."""


@dataclass(frozen=True, slots=True)
class EffectiveRule:
    """The settings of one rule and, by the name of a setting, the layer that gave it; the default where none did."""

    settings: RuleSettings
    sources: Mapping[str, Source] = field(default_factory=dict)

    def source(self, name: str) -> Source:
        """Return the layer that the value of a setting comes from."""
        return self.sources.get(name, Source.DEFAULT)

    def under(self, source: Source, changes: Mapping[str, Any]) -> "EffectiveRule":
        """Return the rule with another layer over it; a value that stays the same keeps its source."""
        news = {name: value for name, value in changes.items() if value != getattr(self.settings, name)}
        return EffectiveRule(replace(self.settings, **news), {**self.sources, **dict.fromkeys(news, source)})


def effective_rules(room: LiveRoom, participant: Student | None, catalogue: RuleCatalogue) -> dict[str, EffectiveRule]:
    """Return every rule by its kind as it applies to a student; None: to whoever has no accommodations."""
    own = all_of(participant.accommodations.kinds if participant else ())
    rules = {kind: _accommodated(_of_room(room, entry), kind, own) for kind, entry in catalogue.items()}
    if participant is None or not participant.is_spared:
        return rules
    source = Source.HELD if participant.standing.is_held else Source.BREAK
    return {kind: rule.under(source, {"enabled": False}) for kind, rule in rules.items()}


def judge_rules(room: LiveRoom, catalogue: RuleCatalogue) -> tuple[Rules, dict[str, Rules]]:
    """Return what a room is judged by, and those of its participants to whom something else applies."""
    others = [one for one in list(room.students.values()) if one.accommodations.kinds or one.is_spared]
    own: dict[str, Rules] = {one.id: _settings(effective_rules(room, one, catalogue)) for one in others}
    return _settings(effective_rules(room, None, catalogue)), own


def effective_view(room: LiveRoom, participant: Student, person: int, catalogue: RuleCatalogue) -> dict[str, Any]:
    """Return the answer to `rules`.

    What is adjusted is shown to the teacher who adjusted it alone: all others get the room's rules, and `hidden`.
    """
    is_hidden = bool(participant.accommodations.kinds) and participant.accommodations.by not in (None, person)
    rules = effective_rules(room, None if is_hidden else participant, catalogue)
    return {
        "preset": room.settings.preset,
        "hidden": is_hidden,
        "rules": [{"kind": kind, **asdict(rule.settings), "from": dict(rule.sources)} for kind, rule in rules.items()],
    }


def _of_room(room: LiveRoom, entry: RuleEntry) -> EffectiveRule:
    rule = EffectiveRule(entry.defaults)
    rule = rule.under(Source.PRESET, asdict(entry.presets.get(room.settings.preset, entry.defaults)))
    rule = rule.under(Source.ROOM, room.settings.rule_changes(entry.kind))
    if not room.settings.hints:
        rule = rule.under(Source.ROOM, {"hint": False})
    return rule.under(Source.MUTED, MILD) if room.muted.get(entry.kind, {}).get("quiet") else rule


def _accommodated(rule: EffectiveRule, kind: str, own: Accommodation) -> EffectiveRule:
    if kind in own.off:
        return rule.under(Source.ACCOMMODATION, {"enabled": False})
    return rule.under(Source.ACCOMMODATION, MILD) if kind in own.notice else rule


def _settings(rules: Mapping[str, EffectiveRule]) -> dict[str, RuleSettings]:
    return {kind: rule.settings for kind, rule in rules.items()}

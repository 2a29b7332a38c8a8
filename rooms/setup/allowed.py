"""What students may use in an exam: whatever a teacher allows is neither forbidden nor looked for."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from core.types import AlertKind, RuleSettings
from rooms.setup.room_form_texts import COMMON_ITEMS

Choices = Mapping[str, Mapping[str, tuple[str, bool]]]
"""By kind of alert its cases: what each is called, and whether it is watched where nobody chose."""
FIRST_ITEMS = ("Books and notes", "Calculator", "Headphones or earbuds", "Second screen", "Mobile phone")
"""Those of COMMON_ITEMS that exams allow most often, in the order of the form."""
MORE_ITEMS = tuple(item for item in COMMON_ITEMS if item not in FIRST_ITEMS)
"""The others, for the form's advanced part."""
USUAL_MOVES = (
    "Leaving the chair",
    "Leaving the exam page",
    "Talking or reading aloud",
    "Covering or turning the camera",
)
"""What students of a new room are asked to avoid: each of it raises an alert at the usual settings."""
LOOKED_FOR: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "Mobile phone": {AlertKind.PHONE_DETECTED: ()},
        "Books and notes": {AlertKind.FORBIDDEN_OBJECT: ("book",)},
        "Second screen": {AlertKind.FORBIDDEN_OBJECT: ("laptop", "tv")},
        "Other people in the room": {AlertKind.SECOND_PERSON: (), AlertKind.MULTIPLE_FACES: ()},
    }
)
"""By item the kinds of alert that look for it, with those of the kind's cases that do; () where all of it does."""
WHOLE_KINDS: Mapping[str, str] = MappingProxyType(
    {kind: item for item, kinds in LOOKED_FOR.items() for kind, cases in kinds.items() if not cases}
)
"""By kind of alert the item without which it has nothing to look for."""
CASES: Mapping[str, str] = MappingProxyType(
    {case: item for item, kinds in LOOKED_FOR.items() for cases in kinds.values() for case in cases}
)
"""By case of a kind the item that it is about."""


def allowed_items(forbidden: Collection[str], rules: Mapping[str, RuleSettings], choices: Choices) -> tuple[str, ...]:
    """Return which of COMMON_ITEMS students of a room may use: those neither forbidden nor looked for."""
    told = (item for item in COMMON_ITEMS if item not in forbidden)
    return tuple(item for item in told if not _is_looked_for(item, rules, choices))


def not_looked_for(
    kind: str, changes: Mapping[str, Any], usual: RuleSettings, allowed: Collection[str], choices: Choices
) -> dict[str, Any]:
    """Return a room's changes of one rule without what is allowed."""
    lifted = [cases for item in allowed for of, cases in LOOKED_FOR.get(item, {}).items() if of == kind]
    if () in lifted:
        return {**changes, "enabled": False}
    gone = {case for cases in lifted for case in cases}
    if not gone:
        return dict(changes)
    watched = changes.get("watch", _watched(kind, usual, choices))
    return {**changes, "watch": [case for case in watched if case not in gone]}


def usual_cases(kind: str, choices: Choices) -> tuple[str, ...]:
    """Return the cases of a kind that are watched where nobody chose."""
    return tuple(case for case, (_text, usual) in choices.get(kind, {}).items() if usual)


def _is_looked_for(item: str, rules: Mapping[str, RuleSettings], choices: Choices) -> bool:
    kinds = {kind: cases for kind, cases in LOOKED_FOR.get(item, {}).items() if kind in rules and rules[kind].enabled}
    return any(not cases or set(cases) & set(_watched(kind, rules[kind], choices)) for kind, cases in kinds.items())


def _watched(kind: str, rule: RuleSettings, choices: Choices) -> tuple[str, ...]:
    return usual_cases(kind, choices) if rule.watch is None else tuple(rule.watch)

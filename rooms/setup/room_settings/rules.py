"""By kind of alert, what a room changes of that rule; the form has a table of its own for it."""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from core.errors import UserError
from core.types import RuleSettings, Severity
from rooms.setup.allowed import not_looked_for
from rooms.setup.room_form_texts import COMMON_ITEMS
from rooms.setup.room_settings.base import FormContext, Sent, Setting
from rooms.setup.room_settings.preset import preset_of

Changes = Mapping[str, Mapping[str, Any]]
RULE_BOUNDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "hold": (0.5, 120.0),
        "confirm": (1, 20),
        "window": (1, 30),
        "release": (0.5, 60.0),
        "cooldown": (0.0, 600.0),
    }
)
"""Least and most of each number a teacher may set: beyond them a rule would flood or never speak."""
SECONDS = ("hold", "cooldown")
"""What of a rule the form offers in numbers; the rest of RULE_BOUNDS is for programs."""
MOST_WATCHED = 30
"""Names of things or directions that a rule may be told to watch."""


class RuleChanges(Setting[Changes]):
    """Only what differs from the preset."""

    def to_json(self, value: Changes) -> dict[str, dict[str, Any]]:
        """Return plain dictionaries."""
        return {kind: dict(changed) for kind, changed in value.items()}

    def read(self, sent: Sent) -> Changes:
        """Return what differs from the preset; each number that is wrong is noted at its own field.

        The cases of a rule are boxes named `<kind>.watch` beside a hidden `<kind>.watch_shown`. Where another preset
        was chosen than the one that the numbers were shown for, a value that was left as it was shown counts as the
        new preset's.
        """
        context, preset = sent.context, preset_of(sent)
        usual = context.presets.get(preset, context.rules)
        shown = context.presets.get(sent.values.get("preset_shown", preset), usual)
        allowed = [item for item in COMMON_ITEMS if item in sent.values.getlist("allowed")]
        changes = {kind: _changed(sent, kind, usual[kind], shown[kind]) for kind in usual}
        kept = {k: not_looked_for(k, changed, usual[k], allowed, context.choices) for k, changed in changes.items()}
        return {str(kind): changed for kind, changed in kept.items() if changed}

    def shown(self, values: Mapping[str, Any], context: FormContext) -> dict[str, Any]:
        """Return nothing: the table is made by rooms/pages/room_fields.py."""
        return {}


def bounded(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a room changes of a rule, within bounds."""
    kept: dict[str, Any] = {name: bool(changes[name]) for name in ("enabled", "hint") if name in changes}
    if changes.get("severity") in list(Severity):
        kept["severity"] = Severity(changes["severity"])
    if isinstance(changes.get("watch"), list | tuple):
        kept["watch"] = tuple(str(name)[:40] for name in changes["watch"][:MOST_WATCHED])
    for name, (least, most) in RULE_BOUNDS.items():
        if isinstance(changes.get(name), int | float):
            kept[name] = type(least)(min(most, max(least, changes[name])))
    return kept


def _changed(sent: Sent, kind: str, usual: RuleSettings, shown: RuleSettings) -> dict[str, Any]:
    """Return what of a rule differs from the preset, and from the preset that the form was shown with."""
    wanted: dict[str, Any] = {"enabled": sent.is_on(f"{kind}.enabled")}
    severity = sent.values.get(f"{kind}.severity", usual.severity)
    if severity in list(Severity):
        wanted["severity"] = str(severity)
    for name in SECONDS:
        number = sent.attempt(f"{kind}.{name}", partial(_seconds, sent, kind, name))
        if number is not None:
            wanted[name] = number
    usuals = {name: (getattr(usual, name), getattr(shown, name)) for name in wanted}
    changed = {name: value for name, value in wanted.items() if value not in usuals[name]}
    # an unticked box sends nothing, so a hidden field says that the boxes were there
    if sent.is_on(f"{kind}.watch_shown"):
        cases = sent.context.choices.get(kind, {})
        changed["watch"] = [name for name in sent.values.getlist(f"{kind}.watch") if name in cases]
    return changed


def _seconds(sent: Sent, kind: str, name: str) -> float:
    least, most = RULE_BOUNDS[name]
    number = sent.number(f"{kind}.{name}", least, most)
    if number is None:
        raise UserError(
            "bad_number", "Please give seconds from %(least)s to %(most)s.", least=f"{least:g}", most=f"{most:g}"
        )
    return number


SETTING = RuleChanges(default=MappingProxyType({}))

"""How sensitive a room is: three presets laid over the rules' defaults. The room's own changes are laid over these.

                 relaxed   normal   strict
    hold          x 1.6      x 1     x 0.6     how long it must last
    cooldown      x 1.5      x 1     x 0.6     rest until the next of its kind
    strictness      0.8        1       1.2     measured limits (degrees, shares) are divided by it
    confirm         + 1        0       - 1     looks of the window that must agree, at least 2, at most the window

A rule may have another severity under a preset (Rule.severities). What is nobody's fault (Rule.is_nobodys_fault: cannot
see, connection or phone lost) is the same in all of them, and so is what the browser itself reports (camera lost, page
hidden), but for its hold and cooldown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from core.types import RuleSettings
from detection.rules import RULES
from detection.rules.base import Rule

LEAST_HOLD = 0.5  # seconds


@dataclass(frozen=True, slots=True)
class Preset:
    """One column of the table above."""

    hold: float = 1.0
    cooldown: float = 1.0
    strictness: float = 1.0
    confirm: int = 0


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "relaxed": Preset(hold=1.6, cooldown=1.5, strictness=0.8, confirm=1),
        "normal": Preset(),
        "strict": Preset(hold=0.6, cooldown=0.6, strictness=1.2, confirm=-1),
    }
)


def preset_rules(name: str) -> dict[str, RuleSettings]:
    """Return every rule's settings under a preset, by kind; KeyError for an unknown name."""
    return {kind: under(rule, name) for kind, rule in RULES.items()}


def under(rule: Rule, name: str) -> RuleSettings:
    """Return one rule's settings under a preset; KeyError for an unknown name."""
    preset, usual = PRESETS[name], rule.defaults
    if rule.is_nobodys_fault:
        return usual
    confirm = usual.confirm if rule.lasts or rule.weighs else min(usual.window, max(2, usual.confirm + preset.confirm))
    return replace(
        usual,
        hold=max(LEAST_HOLD, round(usual.hold * preset.hold, 1)),
        cooldown=round(usual.cooldown * preset.cooldown, 1),
        strictness=usual.strictness * preset.strictness,
        confirm=confirm,
        severity=rule.severities.get(name, usual.severity),
    )

"""How sensitive a room is: three presets laid over the rules' defaults. The room's own changes are laid over these.

                 relaxed   normal   strict
    hold          x 1.6      x 1     x 0.6     how long it must last
    cooldown      x 1.5      x 1     x 0.6     rest until the next of its kind
    strictness      0.8        1       1.2     measured limits (degrees, shares) are divided by it
    confirm         + 1        0       - 1     looks of the window that must agree, at least 2, at most the window
    talking       notice   notice  warning     the only severity that changes

What is nobody's fault (cannot see, connection or phone lost) is the same in all of them, and so is what the browser
itself reports (camera lost, page hidden), but for its hold and cooldown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from core.types import AlertKind, RuleSettings, Severity
from detection.rules import RULES
from detection.rules.base import Rule

LEAST_HOLD = 0.5  # seconds
NOBODYS_FAULT = frozenset({AlertKind.CAMERA_BLOCKED, AlertKind.CONNECTION_LOST, AlertKind.PHONE_CHANNEL_LOST})


@dataclass(frozen=True, slots=True)
class Preset:
    """One column of the table above."""

    hold: float = 1.0
    cooldown: float = 1.0
    strictness: float = 1.0
    confirm: int = 0
    severities: tuple[tuple[AlertKind, Severity], ...] = ()


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "relaxed": Preset(hold=1.6, cooldown=1.5, strictness=0.8, confirm=1),
        "normal": Preset(),
        "strict": Preset(0.6, 0.6, 1.2, -1, ((AlertKind.TALKING, Severity.WARNING),)),
    }
)


def preset_rules(name: str) -> dict[str, RuleSettings]:
    """Return every rule's settings under a preset, by kind; KeyError for an unknown name."""
    preset = PRESETS[name]
    return {str(kind): under(rule, preset) for kind, rule in RULES.items()}


def under(rule: Rule, preset: Preset) -> RuleSettings:
    """Return one rule's settings under a preset."""
    usual = rule.defaults
    if rule.kind in NOBODYS_FAULT:
        return usual
    confirm = usual.confirm if rule.lasts or rule.weighs else min(usual.window, max(2, usual.confirm + preset.confirm))
    return replace(
        usual,
        hold=max(LEAST_HOLD, round(usual.hold * preset.hold, 1)),
        cooldown=round(usual.cooldown * preset.cooldown, 1),
        strictness=usual.strictness * preset.strictness,
        confirm=confirm,
        severity=dict(preset.severities).get(rule.kind, usual.severity),
    )

"""The rule catalogue: what every rule says of itself, for those who show rules and may not import detection."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from core.types import Evidence, RuleSettings

NORMAL = "normal"
"""The preset whose settings are the rules' own defaults."""


class Choice(NamedTuple):
    """One of the cases that a room may choose within a rule."""

    text: str
    """A translation key."""
    usual: bool
    """Whether it is watched where nothing was chosen."""


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """One rule as pages show it; `label`, `meaning` and `advice` are translation keys."""

    kind: str
    label: str
    meaning: str
    """What it watches for, in one or two sentences, for the form of a room."""
    advice: str
    """What an alert means and does not mean, for a fair verdict."""
    sign: str
    """A Bootstrap icon, without the `bi-`."""
    weight: float
    """What an alert adds to the suspicion level."""
    common_cause: str
    """What alerts of this kind for many students at once have in common; "" where nothing does. A translation key."""
    evidence: frozenset[Evidence]
    presets: Mapping[str, RuleSettings]
    """The settings under each preset."""
    choices: Mapping[str, Choice]

    @property
    def defaults(self) -> RuleSettings:
        """Return the rule's own settings."""
        return self.presets[NORMAL]


RuleCatalogue = Mapping[str, RuleEntry]
"""Every rule by its kind, in the order of detection.rules.RULES."""

"""Which rules hold in a room before its teachers change anything."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.types import RuleSettings

Rules = Mapping[str, RuleSettings]
"""Settings by kind of alert."""


@dataclass(frozen=True)
class RuleBook:
    """The rules that detection brings: the defaults, and those of each preset."""

    defaults: Rules
    presets: Mapping[str, Rules]

    def usual(self, preset: str) -> Rules:
        """Return the rules of a preset, the defaults for one that is not known."""
        return self.presets.get(preset, self.defaults)

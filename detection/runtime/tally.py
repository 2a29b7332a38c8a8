"""What speaks for and against one rule's alert: looks and seconds that agreed, and since when all has been clear."""

import math
from typing import Any

from core.types import RuleSettings
from detection.rules.base import Rule, Verdict
from detection.runtime.windows import Held, Hysteresis, NofM

# Looks further apart than this add this to what is held; further apart than the rule remembers they have nothing to do
# with each other: what was counted is dropped, and an open alert ends with the last look that supported it.
LOOK_STEP = 2.0
# A fact stays true between messages, but a server that was suspended has missed messages: so much counts at once.
FACT_STEP = 5.0


class Tally:
    """Counts the verdicts of one rule; times come with them."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._held = Held(FACT_STEP if rule.lasts else LOOK_STEP)
        self._looks = NofM()
        self._clear = Hysteresis()
        self.bad_at = -math.inf
        """When it was bad last."""

    @property
    def since(self) -> float | None:
        """Return since when it has been held."""
        return self._held.since

    def bad(self, at: float) -> None:
        """Count a verdict that speaks for an alert."""
        self.bad_at = at
        self._held.yes(at)
        self._looks.add(True, at)
        self._clear.reset()

    def good(self, at: float, settings: RuleSettings) -> None:
        """Count a verdict that speaks against it."""
        self._looks.add(False, at)
        self._clear.clear(at)
        if not self._rule.bridges:
            self._held.pause()
        if self._rule.lasts or self._looks.is_hopeless(settings.confirm, settings.window):
            self._held.reset()
            self._looks.reset()

    def pause(self) -> None:
        """Say that the time until the next verdict counts for nothing."""
        self._held.pause()

    def drop(self) -> None:
        """Forget everything that was counted."""
        self._held.reset()
        self._looks.reset()
        self._clear.reset()

    def is_enough(self, settings: RuleSettings) -> bool:
        """Return whether it was held for long enough, and by enough looks."""
        agrees = self._rule.lasts or self._looks.agrees(settings.confirm, settings.window)
        return agrees and self._held.seconds >= settings.hold

    def cleared_at(self, at: float, settings: RuleSettings) -> float | None:
        """Return since when all has been clear, once that has lasted; else None."""
        return self._clear.since if self._clear.is_over(at, settings.release) else None

    def every(self, settings: RuleSettings) -> float | None:
        """Return the mean seconds between the looks that count; None for a fact, and for one look."""
        return None if self._rule.lasts or self._rule.weighs else self._looks.every(settings.window)

    def numbers(self, verdict: Verdict, settings: RuleSettings) -> dict[str, Any]:
        """Return the numbers that explain an alert: the verdict's own, and what was counted."""
        held: dict[str, Any] = {"seconds": _tidy(self._held.seconds), "limit": _tidy(settings.hold)}
        if self._rule.weighs:
            return {**held, **verdict.numbers}
        numbers = {**verdict.numbers, **held}
        if not self._rule.lasts:
            numbers["hits"], numbers["looks"] = self._looks.hits(settings.window), self._looks.looks(settings.window)
            numbers["confirm"], numbers["window"] = min(settings.confirm, settings.window), settings.window
        return numbers


def _tidy(seconds: float) -> float:
    """Return seconds cut (never rounded up) to a tenth, as an integer where they are whole."""
    tenths = math.floor(seconds * 10 + 1e-9)
    return tenths // 10 if tenths % 10 == 0 else tenths / 10

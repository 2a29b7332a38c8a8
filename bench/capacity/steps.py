"""One step of a capacity measurement: what was measured with so many students, and which limits held."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

MOST_TILE_AGE_S, MOST_ALERT_S = 1.0, 1.0
"""For 95 of 100 pictures and alerts."""
LEAST_LOOKS = 0.95
"""Pictures looked at per student and second, of servers that tell nothing of their detectors."""
LEAST_JAIN = 0.95
LATE = 1.25
"""Times its interval for which a look may be waited for."""
FULL, HALF = 1.0, 2.0
"""Paces: heavy looks as often as they should be, and half as often."""
LIGHT = frozenset({"face", "picture"})
"""What must keep its interval at any pace: without faces nothing else is known."""


class Limit(NamedTuple):
    """One thing that must hold; `words` say to an administrator what it means that it does not."""

    name: str
    value: float
    bound: float
    words: str
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Say whether it does; what was not measured does not."""
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def figures(self) -> dict[str, float | bool]:
        """Return it for a program."""
        return {"value": self.value, "bound": self.bound, "holds": self.holds}

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<="
        return f"{self.name} {self.value:.3g} ({sign} {self.bound:.3g}){'' if self.holds else ' BROKEN'}"


class Pace(NamedTuple):
    """Of one detector: seconds between two looks at one student as they should be and were, and what a look cost.

    `again` is the share of looks that said again what was seen in an unchanged picture, `ms` the processor time of
    those that did look.
    """

    every: float
    seconds: float
    per_second: float = 0.0
    again: float = 0.0
    ms: float = 0.0


@dataclass(frozen=True)
class Step:
    """What was measured with so many students; seconds, looks per student and second, percent of one core."""

    students: int
    tile_age_p95: float
    alert_p95: float
    """Not a number where no alert came."""
    looks: float
    fairness: float
    others: float
    """Percent of one core that other programs used meanwhile."""
    cpu: dict[str, float]
    rss: dict[str, float]
    paces: Mapping[str, Pace] = field(default_factory=dict)
    """By detector; empty of a server that tells nothing of its detectors."""
    overloaded: bool = False
    stretch: float = 1.0

    def limits(self, pace: float = FULL) -> Iterator[Limit]:
        """Yield everything that must hold, with heavy looks `pace` times as far apart as they should be."""
        age, alert, jain = self.tile_age_p95, self.alert_p95, self.fairness
        yield Limit("tile_age_p95_s", age, MOST_TILE_AGE_S, f"pictures reached the teachers {age:.1f} s old")
        yield Limit("alert_p95_s", alert, MOST_ALERT_S, f"alerts took {alert:.1f} s to the teachers")
        if not self.paces:
            words = f"each student was looked at {self.looks:.2f} times a second"
            yield Limit("looks_per_student_second", self.looks, LEAST_LOOKS, words, at_least=True)
            return
        for name, (every, seconds, *_) in self.paces.items():
            words = f"{name} was looked at every {seconds:.1f} s instead of {every:g} s"
            bound = LATE * every * (1.0 if name in LIGHT else pace)
            yield Limit(f"interval_{name}_s", seconds, bound, words)
        yield Limit("looks_jain", jain, LEAST_JAIN, "some students were looked at more often than others", True)
        yield Limit("overloaded", float(self.overloaded), 0.0, "the server called itself overloaded")
        yield Limit("stretch", self.stretch, pace, f"heavy looks were {self.stretch:.2f} times as far apart as usual")

    def problem(self, pace: float = FULL) -> str | None:
        """Say what no longer holds, in words for an administrator; None when all is well."""
        broken = [limit for limit in self.limits(pace) if not limit.holds]
        return "; ".join(f"{limit.words} (limit {limit.bound:.3g})" for limit in broken) or None


def best_of(steps: Sequence[Step], pace: float = FULL) -> Step | None:
    """Return the largest step before the first that did not hold, None where the first did not."""
    best = None
    for step in steps:
        if step.problem(pace) is not None:
            break
        best = step
    return best

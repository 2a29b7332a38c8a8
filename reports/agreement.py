"""How well two people agree who decide on the same incidents without seeing each other's decision.

Cohen's kappa (J. Cohen, Educational and Psychological Measurement 20, 1960) tells how much more often they agree than
two people would who decide at random, each as often right and wrong as these two did. 1 is always, 0 no more than
chance. With few pairs, or where both always say the same one thing, it tells nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LEAST_PAIRS = 10
"""Fewer say too little: with nine, one decision more or less moves kappa by a fifth."""

Pair = tuple[str, str]
"""The verdict of the first and of the second person on one incident."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two people said the same; `kappa` is None where there is too little to say."""

    pairs: int
    agreed: int
    kappa: float | None

    @property
    def share(self) -> float | None:
        """Return the share in which they agreed, None without any pair."""
        return self.agreed / self.pairs if self.pairs else None


def agreement_of(pairs: Sequence[Pair]) -> Agreement:
    """Return how well they agree."""
    agreed = sum(first == second for first, second in pairs)
    return Agreement(len(pairs), agreed, _kappa(pairs, agreed))


def agreements_by_kind(pairs: Iterable[tuple[str, Pair]]) -> dict[str, Agreement]:
    """Return the agreement on each kind of alert, by the kind's name."""
    by_kind: dict[str, list[Pair]] = {}
    for kind, pair in pairs:
        by_kind.setdefault(kind, []).append(pair)
    return {kind: agreement_of(own) for kind, own in sorted(by_kind.items())}


def _kappa(pairs: Sequence[Pair], agreed: int) -> float | None:
    count = len(pairs)
    if count < LEAST_PAIRS:
        return None
    firsts, seconds = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    # counted in whole numbers: expected agreement and kappa are exact but for the last division
    expected = sum(firsts[verdict] * seconds[verdict] for verdict in firsts)
    if expected == count * count:
        return None
    return (agreed * count - expected) / (count * count - expected)

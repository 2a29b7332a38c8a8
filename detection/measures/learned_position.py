"""How a student usually sits, learnt quietly from calm looks where nobody measured it at the system check.

A look is calm when the eyes are open, the head hardly moved since the look before, and the camera sees it from not too
far aside. Looks down at paper are left out: they say nothing of where the screen is. A position is known once there are
LEARN_FROM calm looks, and only while at least CALM_SHARE of all looks are calm and lie about one middle: somebody who
looks away or around all the time is never measured by that, and angles stay those from the camera. From then on a look
far from the position is not calm, so looking away moves nothing. Where most of the last LEARN_LAST steady looks (five
minutes) lie elsewhere, the student sits differently now: the position is given up and learnt anew. Medians, because a
few glances must not count.
"""

import math
from collections import deque
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

LEARN_FROM, LEARN_LAST, LEARN_EVERY = 30, 300, 10  # calm looks: the first time, over how many, how often anew
CALM_SHARE = 0.6  # of the last looks
CALM_STEP = 8.0  # degrees between two looks; heads that look at one thing tremble by less (as at the system check)
BLINK_FROM = 0.7  # of eyes_closed
PAPER_BELOW = -20.0  # degrees: further down lies paper
MOST_LEARNED = 25.0  # degrees from the camera: further aside nobody sits, but somebody may read from something
FACING = 15.0  # degrees: whoever sits so near the camera's direction sits in front of the screen, and is known well
LEAST_SPREAD, MOST_SPREAD = 4.0, 15.0  # degrees; what lies further from the middle is a glance, not the screen
SPREAD_SHARE = 0.9  # of the calm looks lie within the spread


class Look(NamedTuple):
    """The line of sight of one look, in degrees."""

    across: float
    up: float

    def since(self, other: "Look") -> "Look":
        """Return the look as seen from another."""
        return Look(self.across - other.across, self.up - other.up)

    @property
    def length(self) -> float:
        """How far it is from straight ahead, in degrees."""
        return math.hypot(self.across, self.up)


class Seen(NamedTuple):
    """One look: head and eyes together, the head alone, and whether the eyes could not be told."""

    whole: Look
    head: Look
    is_blind: bool = False
    eyes_closed: float = 0.0


class Position(NamedTuple):
    """A learnt position: middles of whole looks and of heads, how far calm looks spread, and of how many."""

    whole: Look
    head: Look
    spread: float
    looks: int

    @property
    def is_firm(self) -> bool:
        """Whether it can be measured from as from one that was measured at the system check."""
        return self.whole.length <= FACING

    def away(self, seen: Seen) -> Look:
        """Return a look as seen from here; heads are compared with heads where the eyes cannot be told."""
        return seen.head.since(self.head) if seen.is_blind else seen.whole.since(self.whole)


class LearnedPosition:
    """Learns one student's position from look to look; `known` is None until there is one."""

    def __init__(self) -> None:
        self.known: Position | None = None
        self._looks: deque[Seen] = deque(maxlen=LEARN_LAST)
        self._calm: deque[bool] = deque(maxlen=LEARN_LAST)
        self._elsewhere: deque[bool] = deque(maxlen=LEARN_LAST)
        self._last: Look | None = None
        self._until_next = LEARN_FROM

    def learn(self, seen: Seen) -> None:
        """Take one look of which a pose was found."""
        if seen.eyes_closed >= BLINK_FROM or seen.whole.up < PAPER_BELOW:
            return
        is_steady, self._last = self._is_steady(seen), seen.whole
        is_near = self.known is None or self.known.away(seen).length <= MOST_SPREAD
        if is_steady:
            self._elsewhere.append(not is_near)
        self._take(seen, is_steady and is_near)
        if len(self._elsewhere) == LEARN_LAST and sum(self._elsewhere) > CALM_SHARE * LEARN_LAST:
            self._begin_anew()

    def _take(self, seen: Seen, is_calm: bool) -> None:
        self._calm.append(is_calm)
        if is_calm:
            self._looks.append(seen)
            self._until_next -= 1
        if self._until_next <= 0 and sum(self._calm) >= CALM_SHARE * len(self._calm):
            self._until_next = LEARN_EVERY
            self.known = position_of(self._looks) or self.known

    def _begin_anew(self) -> None:
        self.known, self._until_next = None, LEARN_FROM
        for remembered in (self._looks, self._calm, self._elsewhere):
            remembered.clear()

    def _is_steady(self, seen: Seen) -> bool:
        if self._last is not None and seen.whole.since(self._last).length > CALM_STEP:
            return False
        return max(abs(seen.whole.across), abs(seen.whole.up)) <= MOST_LEARNED


def position_of(looks: Sequence[Seen]) -> Position | None:
    """Return what most of some calm looks have in common, None where they have nothing."""
    middle = _middle([seen.whole for seen in looks])
    near = [seen for seen in looks if seen.whole.since(middle).length <= MOST_SPREAD]
    if len(near) < CALM_SHARE * len(looks):
        return None
    whole = _middle([seen.whole for seen in near])
    lengths = sorted(seen.whole.since(whole).length for seen in near)
    spread = max(LEAST_SPREAD, lengths[int(SPREAD_SHARE * (len(lengths) - 1))])
    return Position(whole, _middle([seen.head for seen in near]), spread, len(near))


def _middle(looks: Sequence[Look]) -> Look:
    return Look(median(look.across for look in looks), median(look.up for look in looks))

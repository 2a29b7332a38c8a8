"""Which detectors look at a participant's next frame, and with what knowledge: plain state, time as an argument."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from detection.measures.channels import paces

MOST_CONTEXT = 12_000  # bytes of JSON for one detector; a few face embeddings of 128 numbers each fit
EARLY = 0.25  # seconds; looks come about once a second, and one just before its time is better than one much later
RANDOM_FROM = 20.0  # seconds; turns as seldom as this could be waited for, so nobody may know when the next one comes
LEAST_WAIT, WAITS = 0.5, 1.0  # of `every`: such a turn comes 0.5 to 1.5 of it after the last, `every` on average
GOLDEN = 0.6180339887498949  # its multiples modulo 1 are spread evenly, however many there are

LATE_FROM, CALM_BELOW = 0.15, 0.1  # shares of the look interval that looks are late by: stretch, and relax
# Stretching begins before a server counts as overloaded (detection.runtime.load): heavy looks give way first, and
# pictures are asked for more seldom only where that is not enough.
STRETCH, RELAX, LONGEST = 1.25, 0.95, 8.0  # factors of one step, and the most
SETTLING = 1.0  # seconds between two steps, so that the effect of one is seen before the next

Context = Mapping[str, Any]
Place = tuple[str, str]  # participant, channel


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with one frame: the detectors that are due (None: all), which of them must not reuse a result."""

    due: tuple[str, ...] | None = None
    fresh: tuple[str, ...] = ()
    context: Mapping[str, Context] = field(default_factory=dict)


EVERYTHING = Plan()


@dataclass(slots=True)
class Turn:
    """When one detector looks at one participant next, in the schedule's time."""

    next: float


class DetectorSchedule:
    """Remembers whose turn it is with which detector; `every` maps detectors to seconds, 0 for each frame.

    Turns are counted in a time of its own, which runs slower by `stretch` under load: everybody's turns stay as evenly
    spread as they were, whatever the load does. Seldom turns (RANDOM_FROM) come at random times: `chance` gives numbers
    from 0 to 1 that nobody can foresee. On a phone's channel fewer detectors look (detection.measures.channels).
    """

    def __init__(self, every: Mapping[str, float], chance: Callable[[], float]) -> None:
        self._every: dict[str, float] = dict(every)
        self._chance = chance
        self._turns: dict[Place, dict[str, Turn]] = {}
        self._context: dict[str, dict[str, Context]] = {}
        self._asked: dict[Place, set[str]] = {}
        self._spread = 0
        self._time = 0.0
        self._now: float | None = None
        self._settled_at = float("-inf")
        self.stretch = 1.0

    def know(self, every: Mapping[str, float]) -> None:
        """Take over which detectors there are now; the turns of those that stay are kept."""
        if dict(every) != self._every:
            self._every = dict(every)

    def plan(self, participant: str, channel: str, now: float) -> Plan:
        """Return what is due for this frame, and count it as done."""
        self._pass(now)
        place = participant, channel
        every = paces(channel, self._every)
        asked = self._asked.pop(place, set()) & every.keys()
        turns = self._turns.setdefault(place, {})
        due = [name for name, seconds in every.items() if self._take(name, seconds, turns, name in asked)]
        known = self._context.get(participant, {})
        return Plan(tuple(due), tuple(sorted(asked)), {name: known[name] for name in due if name in known})

    def ask_now(self, participant: str, detector: str, channel: str = "webcam") -> None:
        """Have a detector look at the participant's next frame afresh, whenever it is due."""
        self._asked.setdefault((participant, channel), set()).add(detector)

    def give_context(self, participant: str, detector: str, context: Context) -> None:
        """Keep what the detector is told of the participant from now on; {} takes it back.

        Raises:
            ValueError: more than MOST_CONTEXT bytes of JSON. TypeError: not JSON at all.
        """
        size = len(json.dumps(dict(context)))
        if size > MOST_CONTEXT:
            raise ValueError(f"{size} bytes of context for {detector} are too many")
        known = self._context.setdefault(participant, {})
        known.pop(detector, None)
        if context:
            known[detector] = dict(context)

    def forget(self, participant: str) -> None:
        """Drop everything of a participant."""
        self._context.pop(participant, None)
        self._turns = {place: turns for place, turns in self._turns.items() if place[0] != participant}
        self._asked = {place: names for place, names in self._asked.items() if place[0] != participant}

    def adapt(self, late: float, now: float) -> None:
        """Stretch the time between heavy looks for all alike while looks come `late` (share of their interval)."""
        if 0 <= now - self._settled_at < SETTLING:
            return
        self._settled_at = now
        if late > LATE_FROM:
            self.stretch = min(LONGEST, self.stretch * STRETCH)
        elif late < CALM_BELOW:
            self.stretch = max(1.0, self.stretch * RELAX)

    def _take(self, name: str, every: float, turns: dict[str, Turn], asked: bool) -> bool:
        """Say whether the detector looks now, and if so note when it does so next."""
        turn = turns.get(name)
        if turn is None:
            turn = turns[name] = Turn(self._first(every))
        if every and not asked and self._time < turn.next - min(EARLY, every / 4):
            return False
        if every:
            turn.next = self._next(turn.next, every, asked)
        return True

    def _next(self, planned: float, every: float, asked: bool) -> float:
        """Return the turn after one that was planned for that time and is taken now, or asked for out of turn."""
        if every >= RANDOM_FROM:
            # From the planned time on, or looks that come a little late would make all of them seldomer.
            since = planned if -EARLY <= self._time - planned < every and not asked else self._time
            return since + every * (LEAST_WAIT + WAITS * self._chance())
        # Whole turns on from the planned time, so that after a pause the spread is what it was.
        following = planned + every * (1 + max(0, math.floor((self._time - planned) / every)))
        return max(following, self._time + every / 2) if asked else following

    def _first(self, every: float) -> float:
        """Return the first turn: whole rooms begin in one second, and heavy looks must not."""
        self._spread += every > 0
        return self._time + every * (self._spread * GOLDEN % 1.0)

    def _pass(self, now: float) -> None:
        """Let time pass; a clock that is set back stops it only until it goes on."""
        if self._now is not None:
            self._time += max(0.0, now - self._now) / self.stretch
        self._now = now

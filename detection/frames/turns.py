"""Whose turn it is: the waiting frames in heaps, so that a pick costs the same however many participants there are."""

import heapq
import itertools
from dataclasses import dataclass, field

from core.types import Frame

NEVER = float("-inf")

Turn = tuple[float, float, float]
"""When the participant and then the channel was analysed, and since when a frame waits; the lowest goes first."""


@dataclass(slots=True, eq=False)
class User:
    """What is remembered of one participant: the channels by name, and the frame that is being analysed."""

    participants: "dict[str, Participant]" = field(default_factory=dict)
    looked_at: float = NEVER
    out: Frame | None = None


@dataclass(slots=True, eq=False)
class Participant:
    """What is remembered of one participant's channel; times in server seconds, `due_at` of the next look."""

    person: User
    timeouts: float
    number: int  # who came first goes first where nothing else decides
    waiting: Frame | None = None
    waiting_since: float = NEVER
    sequence: int = -1
    taken_at: float = NEVER
    looked_at: float = NEVER
    due_at: float = NEVER
    in_line: bool = False
    watched_from: float | None = None

    def may_go(self) -> bool:
        """Say whether there is a frame, and none of the same participant is out."""
        return self.waiting is not None and self.person.out is None

    def turn(self) -> Turn:
        """Return the place among those who are as patient."""
        return self.person.looked_at, self.looked_at, self.waiting_since

    def rank(self, now: float) -> tuple[float, float, float, float, int]:
        """Return the place among all: whose turn it is, then which of that participant's channels."""
        waited = (self.looked_at - now) / self.timeouts
        return self.person.looked_at, waited, self.timeouts, self.waiting_since, self.number


class Turns:
    """The participants whose frame waits, by the time they are due and then by turn; not safe for threads by itself.

    Each participant stands in one place at most. A turn only ever moves back, so an outdated entry stands too far
    in front: it is put right, or taken out, when it comes to the front, and nobody searches for it before.
    Turns of participants that are equally patient do not change places as time passes; the few kinds have a line each.
    """

    def __init__(self) -> None:
        self._asleep: list[tuple[float, int, Participant]] = []
        self._lines: dict[float, list[tuple[Turn, int, Participant]]] = {}

    def enter(self, participant: Participant) -> None:
        """Let a participant's frame go as soon as it is due; nothing happens to one that stands in line."""
        if not participant.in_line:
            participant.in_line = True
            heapq.heappush(self._asleep, (participant.due_at, participant.number, participant))

    def first(self, now: float) -> Participant | None:
        """Return whose turn it is now, or None when nobody is due."""
        self._wake(now)
        fronts = [participant for line in self._lines.values() if (participant := self._front(line, now))]
        return min(fronts, key=lambda participant: participant.rank(now), default=None)

    def leave(self, participant: Participant) -> None:
        """Take out the participant that `first` returned; it may enter again."""
        heapq.heappop(self._lines[participant.timeouts])
        participant.in_line = False

    def due_at(self, now: float) -> float | None:
        """Return when the next participant is due: `now` for one that is, None when nobody stands in line."""
        if self.first(now):
            return now
        while self._asleep and not self._asleep[0][2].may_go():
            heapq.heappop(self._asleep)[2].in_line = False
        return self._asleep[0][0] if self._asleep else None

    def _wake(self, now: float) -> None:
        while self._asleep and self._asleep[0][0] <= now:
            self._stand(heapq.heappop(self._asleep)[2])

    def _stand(self, participant: Participant) -> None:
        heapq.heappush(
            self._lines.setdefault(participant.timeouts, []), (participant.turn(), participant.number, participant)
        )

    def _front(self, line: list[tuple[Turn, int, Participant]], now: float) -> Participant | None:
        while line:
            turn, _, participant = line[0]
            if not participant.may_go():
                heapq.heappop(line)[2].in_line = False
            elif now < participant.due_at:  # another thread's clock was a little further
                heapq.heappush(self._asleep, (participant.due_at, heapq.heappop(line)[1], participant))
            elif participant.turn() != turn:
                heapq.heapreplace(line, (participant.turn(), participant.number, participant))
            else:
                return participant
        return None


class Ages:
    """The waiting frames by age, one entry for each participant, to find old ones without a look at the others."""

    def __init__(self) -> None:
        self._received: list[tuple[float, int, Participant]] = []
        self._entries = itertools.count()

    def watch(self, participant: Participant) -> None:
        """Know of the participant's waiting frame; a newer one needs no entry of its own."""
        at = participant.waiting.received_at if participant.waiting else None
        if at is not None and (participant.watched_from is None or at < participant.watched_from):
            participant.watched_from = at
            heapq.heappush(self._received, (at, next(self._entries), participant))

    def drop(self, now: float, max_age: float) -> int:
        """Take the frames that are older than `max_age` from their participants; return how many those were."""
        dropped = 0
        while self._received and now - self._received[0][0] > max_age:
            at, _, participant = heapq.heappop(self._received)
            if at != participant.watched_from:
                continue
            participant.watched_from = None
            if participant.waiting is not None and now - participant.waiting.received_at > max_age:
                participant.waiting = None
                dropped += 1
            self.watch(participant)
        return dropped

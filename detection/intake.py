"""The frames that wait: one per participant and channel, the newest; nothing ever queues up."""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from core.types import Frame
from detection.channels import PACE

NEVER = float("-inf")
PHONES_WAIT = 2.0  # where a student's looks are fewer than all channels want, a phone's wait so much longer

Key = tuple[str, str]  # participant, channel


class Pick(NamedTuple):
    """A frame to look at now, and for how many seconds its participant has been due."""

    frame: Frame
    late: float


@dataclass(slots=True)
class Seat:
    """What is remembered of one participant's channel; times in server seconds, `due_at` of the next look."""

    waiting: Frame | None = None
    waiting_since: float = NEVER
    sequence: int = -1
    taken_at: float = NEVER
    looked_at: float = NEVER
    due_at: float = NEVER


class LatestFrames:
    """Gives out the waiting frame of whoever was not looked at for the longest time; safe to use from any thread.

    `interval` is how often each participant's webcam is looked at, `max_age` how old a frame may get before it is
    dropped, both in seconds; `pace` names the channels that are looked at more seldom, and how much. At most one frame
    of a participant is out at a time.

    When there is not enough for all, participants have equal shares, however many channels they send: a phone is
    looked at instead of the same student's webcam, never of another student's.
    """

    def __init__(self, interval: float = 1.0, max_age: float = 2.0, pace: Mapping[str, float] = PACE) -> None:
        self.interval, self.max_age = interval, max_age
        self._pace = pace
        self._looked: dict[str, float] = {}
        self.drops: Counter[str] = Counter(dict.fromkeys(("replaced", "older", "expired", "forgotten"), 0))
        self._seats: dict[Key, Seat] = {}
        self._out: dict[str, Frame] = {}
        self._changed = False
        self._condition = threading.Condition()

    def offer(self, frame: Frame, now: float) -> bool:
        """Take the frame as the newest; False for a sequence that is not newer than the last one.

        After `max_age` without frames any sequence is taken: a reloaded page may count from the start again.
        """
        with self._condition:
            seat = self._seats.setdefault((frame.participant, frame.channel), Seat())
            if frame.sequence <= seat.sequence and now - seat.taken_at <= self.max_age:
                self.drops["older"] += 1
                return False
            if seat.waiting is None:
                seat.waiting_since = now
            else:
                self.drops["replaced"] += 1
            seat.waiting, seat.sequence, seat.taken_at = frame, frame.sequence, now
            if frame.participant not in self._out and now >= seat.due_at:
                self._notify()
        return True

    def next(self, now: float) -> Pick | None:
        """Return whom to look at now, or None; `done` must follow before this participant is given again."""
        with self._condition:
            self._drop_expired(now)
            key = min(self._due(now), key=lambda key: self._rank(key, now), default=None)
            seat = self._seats[key] if key else None
            if key is None or seat is None or seat.waiting is None:
                return None
            since, interval = max(seat.due_at, seat.waiting_since), self.interval * self._pace.get(key[1], 1.0)
            # From the planned time on: a look that comes a little late must not make all later ones late as well.
            seat.due_at = max(since + interval, now + interval / 2)
            pick = Pick(seat.waiting, now - since)
            seat.waiting, seat.looked_at = None, now
            self._looked[key[0]] = now
            self._out[pick.frame.participant] = pick.frame
            return pick

    def done(self, frame: Frame) -> bool:
        """Take back a frame that was given out; False when its participant was forgotten meanwhile."""
        with self._condition:
            known = self._out.get(frame.participant) is frame
            if known:
                del self._out[frame.participant]
            self._notify()
            return known

    def forget(self, participant: str) -> None:
        """Drop everything of a participant; what is being looked at counts no more."""
        with self._condition:
            for key in [key for key in self._seats if key[0] == participant]:
                self.drops["forgotten"] += self._seats.pop(key).waiting is not None
            self._out.pop(participant, None)
            self._looked.pop(participant, None)

    def delay(self, now: float) -> float | None:
        """Return in how many seconds the next waiting frame is due (0: now), or None when none waits."""
        with self._condition:
            waits = [self._seats[key].due_at - now for key in self._waiting()]
            return max(0.0, min(waits)) if waits else None

    def wait(self, timeout: float) -> None:
        """Wait until a frame became due, one came back, or `wake` was called; at most `timeout` seconds."""
        with self._condition:
            self._condition.wait_for(lambda: self._changed, timeout)
            self._changed = False

    def wake(self) -> None:
        """End a `wait` in another thread."""
        with self._condition:
            self._notify()

    def active(self, now: float) -> int:
        """Return how many participants sent a frame lately, those of their phones aside."""
        with self._condition:
            recent = [key for key, seat in self._seats.items() if now - seat.taken_at <= 2 * self.max_age]
            return len({participant for participant, channel in recent if channel not in self._pace})

    def counters(self) -> dict[str, int]:
        """Return how many frames wait, are out, and were dropped by cause."""
        with self._condition:
            waiting = sum(seat.waiting is not None for seat in self._seats.values())
            return {"waiting": waiting, "out": len(self._out), **self.drops}

    def _waiting(self) -> Iterator[Key]:
        """Yield the places whose frame may go as soon as it is due."""
        return (key for key, seat in self._seats.items() if seat.waiting and key[0] not in self._out)

    def _due(self, now: float) -> Iterator[Key]:
        return (key for key in self._waiting() if now >= self._seats[key].due_at)

    def _rank(self, key: Key, now: float) -> tuple[float, float, float, float]:
        """Return the place in the line: whose turn it is, then which of that participant's channels."""
        participant, channel = key
        seat, pace = self._seats[key], self._pace.get(channel)
        patience = 1.0 if pace is None else pace * PHONES_WAIT
        return self._looked.get(participant, NEVER), (seat.looked_at - now) / patience, patience, seat.waiting_since

    def _drop_expired(self, now: float) -> None:
        for seat in self._seats.values():
            if seat.waiting and now - seat.waiting.received_at > self.max_age:
                seat.waiting = None
                self.drops["expired"] += 1

    def _notify(self) -> None:
        self._changed = True
        self._condition.notify_all()

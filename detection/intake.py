"""The frames that wait: one per participant and channel, the newest; nothing ever queues up."""

import itertools
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from core.types import Frame
from detection.channels import PACE
from detection.turns import Ages, Person, Seat, Turns

PHONES_WAIT = 2.0  # where a student's looks are fewer than all channels want, a phone's wait so much longer


class Pick(NamedTuple):
    """A frame to look at now, and for how many seconds its participant has been due."""

    frame: Frame
    late: float


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
        self.drops: Counter[str] = Counter(dict.fromkeys(("replaced", "older", "expired", "forgotten"), 0))
        self._people: dict[str, Person] = {}
        self._turns, self._ages = Turns(), Ages()
        self._numbers = itertools.count()
        self._changed = False
        self._condition = threading.Condition()

    def offer(self, frame: Frame, now: float) -> bool:
        """Take the frame as the newest; False for a sequence that is not newer than the last one.

        After `max_age` without frames any sequence is taken: a reloaded page may count from the start again.
        """
        with self._condition:
            person = self._people.setdefault(frame.participant, Person())
            seat = person.seats.get(frame.channel) or self._seated(person, frame.channel)
            if frame.sequence <= seat.sequence and now - seat.taken_at <= self.max_age:
                self.drops["older"] += 1
                return False
            if seat.waiting is None:
                seat.waiting_since = now
            else:
                self.drops["replaced"] += 1
            seat.waiting, seat.sequence, seat.taken_at = frame, frame.sequence, now
            self._ages.watch(seat)
            if person.out is None:
                self._turns.enter(seat)
                if now >= seat.due_at:
                    self._notify()
        return True

    def next(self, now: float) -> Pick | None:
        """Return whom to look at now, or None; `done` must follow before this participant is given again."""
        with self._condition:
            self.drops["expired"] += self._ages.drop(now, self.max_age)
            seat = self._turns.first(now)
            if seat is None or seat.waiting is None:
                return None
            self._turns.leave(seat)
            frame, since = seat.waiting, max(seat.due_at, seat.waiting_since)
            interval = self.interval * self._pace.get(frame.channel, 1.0)
            # From the planned time on: a look that comes a little late must not make all later ones late as well.
            seat.due_at = max(since + interval, now + interval / 2)
            seat.waiting, seat.looked_at = None, now
            seat.person.looked_at, seat.person.out = now, frame
            return Pick(frame, now - since)

    def done(self, frame: Frame) -> bool:
        """Take back a frame that was given out; False when its participant was forgotten meanwhile."""
        with self._condition:
            person = self._people.get(frame.participant)
            known = person is not None and person.out is frame
            if person is not None and known:
                person.out = None
                for seat in person.seats.values():
                    self._turns.enter(seat)
            self._notify()
            return known

    def forget(self, participant: str) -> None:
        """Drop everything of a participant; what is being looked at counts no more."""
        with self._condition:
            person = self._people.pop(participant, Person())
            for seat in person.seats.values():
                self.drops["forgotten"] += seat.waiting is not None
                seat.waiting = None
            person.seats.clear()  # they know each other: without this they would wait for the garbage collector

    def delay(self, now: float) -> float | None:
        """Return in how many seconds the next waiting frame is due (0: now), or None when none waits."""
        with self._condition:
            due_at = self._turns.due_at(now)
            return None if due_at is None else max(0.0, due_at - now)

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
            webcams = [seat for channel, seat in self._seats() if channel not in self._pace]
            return len({id(seat.person) for seat in webcams if now - seat.taken_at <= 2 * self.max_age})

    def counters(self) -> dict[str, int]:
        """Return how many frames wait, are out, and were dropped by cause."""
        with self._condition:
            waiting = sum(seat.waiting is not None for _, seat in self._seats())
            out = sum(person.out is not None for person in self._people.values())
            return {"waiting": waiting, "out": out, **self.drops}

    def _seats(self) -> Iterator[tuple[str, Seat]]:
        """Yield all channels of all participants."""
        return itertools.chain.from_iterable(person.seats.items() for person in self._people.values())

    def _seated(self, person: Person, channel: str) -> Seat:
        """Return a new seat for a channel; when its turn comes depends on how long such a channel can wait."""
        pace = self._pace.get(channel)
        patience = 1.0 if pace is None else pace * PHONES_WAIT
        return person.seats.setdefault(channel, Seat(person, patience, next(self._numbers)))

    def _notify(self) -> None:
        self._changed = True
        self._condition.notify_all()

"""The frames that wait: one per participant and channel, the newest; nothing ever queues up."""

import itertools
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from core.types import Frame
from detection.frames.turns import Ages, Participant, Turns, User
from detection.measures.channels import PACE

PHONES_WAIT = 2.0  # where a student's looks are fewer than all channels want, a phone's wait so much longer


class Pick(NamedTuple):
    """A frame to look at now, and for how many seconds its participant has been due."""

    frame: Frame
    late: float


class LatestFrames:
    """Gives out the waiting frame of whoever was not analysed for the longest time; safe to use from any thread.

    `interval` is how often each participant's webcam is analysed, `max_age` how old a frame may get before it is
    dropped, both in seconds; `pace` names the channels that are analysed more seldom, and how much. At most one frame
    of a participant is out at a time.

    When there is not enough for all, participants have equal shares, however many channels they send: a phone is
    analysed instead of the same student's webcam, never of another student's.
    """

    def __init__(self, interval: float = 1.0, max_age: float = 2.0, pace: Mapping[str, float] = PACE) -> None:
        self.interval, self.max_age = interval, max_age
        self._pace = pace
        self.drops: Counter[str] = Counter(dict.fromkeys(("replaced", "older", "expired", "forgotten"), 0))
        self._people: dict[str, User] = {}
        self._turns, self._ages = Turns(), Ages()
        self._numbers = itertools.count()
        self._changed = False
        self._condition = threading.Condition()

    def offer(self, frame: Frame, now: float) -> bool:
        """Take the frame as the newest; False for a sequence that is not newer than the last one.

        After `max_age` without frames any sequence is taken: a reloaded page may count from the start again.
        """
        with self._condition:
            person = self._people.setdefault(frame.participant, User())
            participant = person.participants.get(frame.channel) or self._seated(person, frame.channel)
            if frame.sequence <= participant.sequence and now - participant.taken_at <= self.max_age:
                self.drops["older"] += 1
                return False
            if participant.waiting is None:
                participant.waiting_since = now
            else:
                self.drops["replaced"] += 1
            participant.waiting, participant.sequence, participant.taken_at = frame, frame.sequence, now
            self._ages.watch(participant)
            if person.out is None:
                self._turns.enter(participant)
                if now >= participant.due_at:
                    self._notify()
        return True

    def next(self, now: float) -> Pick | None:
        """Return whom to look at now, or None; `done` must follow before this participant is given again."""
        with self._condition:
            self.drops["expired"] += self._ages.drop(now, self.max_age)
            participant = self._turns.first(now)
            if participant is None or participant.waiting is None:
                return None
            self._turns.leave(participant)
            frame, since = participant.waiting, max(participant.due_at, participant.waiting_since)
            interval = self.interval * self._pace.get(frame.channel, 1.0)
            # From the planned time on: a look that comes a little late must not make all later ones late as well.
            participant.due_at = max(since + interval, now + interval / 2)
            participant.waiting, participant.looked_at = None, now
            participant.person.looked_at, participant.person.out = now, frame
            return Pick(frame, now - since)

    def done(self, frame: Frame) -> bool:
        """Take back a frame that was given out; False when its participant was forgotten meanwhile."""
        with self._condition:
            person = self._people.get(frame.participant)
            known = person is not None and person.out is frame
            if person is not None and known:
                person.out = None
                for participant in person.participants.values():
                    self._turns.enter(participant)
            self._notify()
            return known

    def forget(self, participant_id: str) -> None:
        """Drop everything of a participant_id; what is being analysed counts no more."""
        with self._condition:
            person = self._people.pop(participant_id, User())
            for participant in person.participants.values():
                self.drops["forgotten"] += participant.waiting is not None
                participant.waiting = None
            person.participants.clear()  # they know each other: without this they would wait for the garbage collector

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
        return len(self.present(now))

    def present(self, now: float) -> frozenset[str]:
        """Return which participants those are."""
        with self._condition:
            return frozenset(name for name, person in self._people.items() if self._is_active(person, now))

    def counters(self) -> dict[str, int]:
        """Return how many frames wait, are out, and were dropped by cause."""
        with self._condition:
            waiting = sum(participant.waiting is not None for _, participant in self._participants())
            out = sum(person.out is not None for person in self._people.values())
            return {"waiting": waiting, "out": out, **self.drops}

    def _is_active(self, person: User, now: float) -> bool:
        webcams = [one for channel, one in person.participants.items() if channel not in self._pace]
        return any(now - webcam.taken_at <= 2 * self.max_age for webcam in webcams)

    def _participants(self) -> Iterator[tuple[str, Participant]]:
        """Yield all channels of all participants."""
        return itertools.chain.from_iterable(person.participants.items() for person in self._people.values())

    def _seated(self, person: User, channel: str) -> Participant:
        """Return a new participant for a channel; when its turn comes depends on how long such a channel can wait."""
        pace = self._pace.get(channel)
        timeouts = 1.0 if pace is None else pace * PHONES_WAIT
        return person.participants.setdefault(channel, Participant(person, timeouts, next(self._numbers)))

    def _notify(self) -> None:
        self._changed = True
        self._condition.notify_all()

"""The waiting frames by a look at everybody: what detection.frames.latest_frames must pick too, at a lower price."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from core.types import Frame
from detection.frames.latest_frames import PHONES_WAIT, Pick
from detection.measures.channels import PACE

NEVER = float("-inf")


@dataclass(slots=True)
class Place:
    """One participant's channel."""

    waiting: Frame | None = None
    waiting_since: float = NEVER
    sequence: int = -1
    taken_at: float = NEVER
    looked_at: float = NEVER
    due_at: float = NEVER


class ScannedFrames:
    """Looks at every place for each pick; for one thread. `woken`: a frame became due, or one came back."""

    def __init__(self, interval: float = 1.0, max_age: float = 2.0, pace: Mapping[str, float] = PACE) -> None:
        self.interval, self.max_age, self.pace = interval, max_age, pace
        self.places: dict[tuple[str, str], Place] = {}
        self.looked: dict[str, float] = {}
        self.out: dict[str, Frame] = {}
        self.woken = False
        self.drops: Counter[str] = Counter(replaced=0, older=0, expired=0, forgotten=0)

    def offer(self, frame: Frame, now: float) -> bool:
        """Take the frame as the newest."""
        place = self.places.setdefault((frame.participant, frame.channel), Place())
        if frame.sequence <= place.sequence and now - place.taken_at <= self.max_age:
            self.drops["older"] += 1
            return False
        if place.waiting is None:
            place.waiting_since = now
        else:
            self.drops["replaced"] += 1
        place.waiting, place.sequence, place.taken_at = frame, frame.sequence, now
        self.woken |= frame.participant not in self.out and now >= place.due_at
        return True

    def next(self, now: float) -> Pick | None:
        """Return whom to look at now, or None."""
        self._drop_expired(now)
        due = [key for key in self._ready() if now >= self.places[key].due_at]
        key = min(due, key=lambda key: self._rank(key, now), default=None)
        if key is None:
            return None
        place = self.places[key]
        frame, since = place.waiting, max(place.due_at, place.waiting_since)
        assert frame is not None
        interval = self.interval * self.pace.get(key[1], 1.0)
        place.due_at = max(since + interval, now + interval / 2)
        place.waiting, place.looked_at = None, now
        self.looked[key[0]], self.out[key[0]] = now, frame
        return Pick(frame, now - since)

    def done(self, frame: Frame) -> bool:
        """Take back a frame."""
        known = self.out.get(frame.participant) is frame
        if known:
            del self.out[frame.participant]
        self.woken = True
        return known

    def forget(self, participant: str) -> None:
        """Drop everything of a participant."""
        for key in [key for key in self.places if key[0] == participant]:
            self.drops["forgotten"] += self.places.pop(key).waiting is not None
        self.out.pop(participant, None)
        self.looked.pop(participant, None)

    def delay(self, now: float) -> float | None:
        """Return in how many seconds the next waiting frame is due, or None."""
        waits = [self.places[key].due_at - now for key in self._ready()]
        return max(0.0, min(waits)) if waits else None

    def active(self, now: float) -> int:
        """Return how many participants sent a frame lately, those of their phones aside."""
        recent = [key for key, place in self.places.items() if now - place.taken_at <= 2 * self.max_age]
        return len({participant for participant, channel in recent if channel not in self.pace})

    def counters(self) -> dict[str, int]:
        """Return how many frames wait, are out, and were dropped by cause."""
        waiting = sum(place.waiting is not None for place in self.places.values())
        return {"waiting": waiting, "out": len(self.out), **self.drops}

    def _ready(self) -> list[tuple[str, str]]:
        return [key for key, place in self.places.items() if place.waiting and key[0] not in self.out]

    def _rank(self, key: tuple[str, str], now: float) -> tuple[float, float, float, float]:
        place, pace = self.places[key], self.pace.get(key[1])
        timeouts = 1.0 if pace is None else pace * PHONES_WAIT
        return self.looked.get(key[0], NEVER), (place.looked_at - now) / timeouts, timeouts, place.waiting_since

    def _drop_expired(self, now: float) -> None:
        for place in self.places.values():
            if place.waiting and now - place.waiting.received_at > self.max_age:
                place.waiting = None
                self.drops["expired"] += 1

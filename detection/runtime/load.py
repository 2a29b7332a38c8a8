"""How much looking is done and how old it is: the server's own idea of its limits."""

import threading
from collections import deque
from collections.abc import Mapping
from typing import Any

WINDOW = 10.0  # seconds that a rate is taken over
RECENT = 2.0  # seconds; the pace of heavy looks follows the load as quickly as that
SHORTEST = 1.0  # seconds; a rate over less says nothing
MOST = 4096  # looks remembered
LATE = 0.25  # share of the interval that looks may be late on average before the machine counts as overloaded


class LoadMeter:
    """Remembers the looks of the last seconds; safe to use from any thread."""

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._looks: deque[tuple[float, float, float]] = deque(maxlen=MOST)
        self._lately: deque[tuple[float, float]] = deque()
        self._late_sum = 0.0
        self._phones: deque[float] = deque(maxlen=MOST)
        self._first: float | None = None
        self._lock = threading.Lock()

    def looked(self, now: float, age: float, late: float) -> None:
        """Note one look: the frame's age when its result came, and how long it had been due; seconds."""
        with self._lock:
            self._first = now if self._first is None else self._first
            self._looks.append((now, age, late))
            self._lately.append((now, late))
            self._late_sum += late
            self._pass(now)

    def looked_at_phone(self, now: float) -> None:
        """Note one look at a phone's picture: it costs time, and says nothing of how often webcams are analysed."""
        with self._lock:
            self._phones.append(now)

    def lateness(self, now: float) -> float:
        """Return by what share of the interval the looks of the last seconds were late on average."""
        with self._lock:
            self._pass(now)
            count = len(self._lately)
            return self._late_sum / count / self._interval if count else 0.0

    def report(self, now: float, active: int, able: bool) -> Mapping[str, Any]:
        """Return rates and ages (seconds) for `active` participants; `able` says whether anything can be analysed.

        `looks_per_second` is what each participant gets, and so the rate at which sending pictures is of use.
        """
        with self._lock:
            recent = [look for look in self._looks if now - look[0] <= WINDOW]
            phones = sum(now - at <= WINDOW for at in self._phones)
            span = WINDOW if self._first is None else min(WINDOW, max(SHORTEST, now - self._first))
        late = sum(look[2] for look in recent) / len(recent) if recent else 0.0
        overloaded = active > 0 and (not able or late > LATE * self._interval)
        rate = len(recent) / span
        share = rate / active if active else 0.0
        ages = sorted(look[1] for look in recent)
        return {
            "looks": round(rate, 2),
            "phone_looks": round(phones / span, 2),
            "participants": active,
            "late": round(late, 3),
            "overloaded": overloaded,
            "looks_per_second": round(share if overloaded else 1 / self._interval, 3),
            "age_p50": percentile(ages, 0.5),
            "age_p95": percentile(ages, 0.95),
        }

    def _pass(self, now: float) -> None:
        """Let go of what is not recent any more: it is asked for at each look, so nobody may count it all again."""
        while self._lately and now - self._lately[0][0] > RECENT:
            self._late_sum -= self._lately.popleft()[1]
        if not self._lately:
            self._late_sum = 0.0  # what rounding left over goes with the last look


def percentile(ordered: list[float], share: float) -> float | None:
    """Return the value below which that share of an ordered list lies, or None for an empty one."""
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3) if ordered else None

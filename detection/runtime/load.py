"""How much looking is done and how old it is: the server's own idea of its limits."""

import statistics
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from core.types import Frame, ObservationKind
from detection.engines.base import Outcome
from detection.measures.channels import PACE, PHONES_ALONE, wanted_seconds
from detection.measures.paces import SLOW_FROM, Paced

WINDOW, TURNS = 10.0, 2.0  # seconds that a rate is taken over, and times the wanted interval where that is longer
RECENT = 2.0  # seconds; the pace of heavy looks follows the load as quickly as that
SHORTEST = 1.0  # seconds; a rate over less says nothing
MOST = 4096  # looks remembered, of each detector too
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

        `looks_per_second` is what each participant got in the last seconds.
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
            "looks_per_second": round(share, 3),
            "age_p50": percentile(ages, 0.5),
            "age_p95": percentile(ages, 0.95),
        }

    def _pass(self, now: float) -> None:
        """Let go of what is not recent any more: it is asked for at each look, so nobody may count it all again."""
        while self._lately and now - self._lately[0][0] > RECENT:
            self._late_sum -= self._lately.popleft()[1]
        if not self._lately:
            self._late_sum = 0.0  # what rounding left over goes with the last look


class Gap(NamedTuple):
    """One look: when its answer came, seconds after the one before at the same participant."""

    at: float
    seconds: float


class LookLog:
    """Counts looks by detector; safe to use from any thread.

    Of participants with several channels the webcam counts, but for detectors that look at phones alone.
    """

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._lock = threading.Lock()
        self._gaps: dict[str, deque[Gap]] = {}
        self._last: dict[str, dict[tuple[str, str], float]] = {}
        self._kinds: dict[str, str] = {}
        self._looks: Counter[str] = Counter()
        self._again: Counter[str] = Counter()
        self._spent: defaultdict[str, float] = defaultdict(float)

    def finished(self, frame: Frame, due: Iterable[str], outcome: Outcome, now: float) -> None:
        """Note the detectors whose turn it was; those that spent time looked.

        The others said again what they saw before, because the picture had not changed.
        """
        spent = outcome.spent
        with self._lock:
            self._kinds.update(outcome.kinds)
            for name in due:
                if frame.channel in PACE and name not in PHONES_ALONE:
                    continue
                self._looks[name] += 1
                self._again[name] += name not in spent
                self._note(name, (frame.participant, frame.channel), now)
            for name, ms in spent.items():
                self._spent[name] += ms

    def forget(self, participant: str) -> None:
        """Drop what is known of a participant who left."""
        with self._lock:
            for name, known in self._last.items():
                self._last[name] = {place: at for place, at in known.items() if place[0] != participant}

    def paces(self, every: Mapping[str, float], present: Collection[str], now: float) -> dict[ObservationKind, Paced]:
        """Return for each kind of look that there was how often they should come, and do."""
        found = self._by_name(every, present, now)
        return {ObservationKind(self._kinds[name]): paced for name, paced in found.items() if name in self._kinds}

    def _by_name(self, every: Mapping[str, float], present: Collection[str], now: float) -> dict[str, Paced]:
        with self._lock:
            wanted = {name: wanted_seconds(name, seconds, self._interval) for name, seconds in every.items()}
            found = {name: self._pace(name, seconds, present, now) for name, seconds in wanted.items()}
            return {name: Paced(wanted[name], pace) for name, pace in found.items() if pace is not None}

    def report(self, every: Mapping[str, float], present: Collection[str], now: float) -> Mapping[str, Any]:
        """Return, for each detector that is on, what it does for the participants who are `present`.

        `looks` and of them those `said_again` since the start, `per_second` looks at all students together, `every`
        and `seconds` between two looks at one student as they should be and are, `age` of the oldest last look, `ms`
        of a processor for a look.
        """
        paces = self._by_name(every, present, now)
        with self._lock:
            return {name: self._line(name, seconds, paces.get(name), present, now) for name, seconds in every.items()}

    # ------------------------------------------------------------------------------ under the lock

    def _note(self, name: str, place: tuple[str, str], now: float) -> None:
        last = self._last.setdefault(name, {})
        before, last[place] = last.get(place), now
        if before is not None:
            self._gaps.setdefault(name, deque(maxlen=MOST)).append(Gap(now, max(0.0, now - before)))

    def _recent(self, name: str, wanted: float, now: float) -> list[float]:
        span = max(WINDOW, TURNS * wanted)
        return [gap.seconds for gap in self._gaps.get(name, ()) if now - gap.at <= span]

    def _ages(self, name: str, present: Collection[str], now: float) -> list[float]:
        return [now - at for place, at in self._last.get(name, {}).items() if place[0] in present]

    def _pace(self, name: str, wanted: float, present: Collection[str], now: float) -> float | None:
        """Return the mean time between two looks; where none come any more, how long that has been so."""
        gaps, ages = self._recent(name, wanted, now), self._ages(name, present, now)
        found = [statistics.fmean(gaps)] if gaps else []
        if ages and (gaps or statistics.median(ages) > SLOW_FROM * wanted):
            found.append(statistics.median(ages))
        return max(found, default=None)

    def _line(
        self, name: str, every: float, pace: Paced | None, present: Collection[str], now: float
    ) -> Mapping[str, Any]:
        wanted = wanted_seconds(name, every, self._interval)
        span, ages = max(WINDOW, TURNS * wanted), self._ages(name, present, now)
        full = self._looks[name] - self._again[name]
        return {
            "looks": self._looks[name],
            "said_again": self._again[name],
            "per_second": round(len(self._recent(name, wanted, now)) / span, 2),
            "every": wanted,
            "seconds": None if pace is None else round(pace.seconds, 2),
            "age": round(max(ages), 2) if ages else None,
            "ms": round(self._spent[name] / full, 2) if full and self._spent[name] else None,
        }


def percentile(ordered: list[float], share: float) -> float | None:
    """Return the value below which that share of an ordered list lies, or None for an empty one."""
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3) if ordered else None

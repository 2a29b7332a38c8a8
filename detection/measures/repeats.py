"""Whether a stream of pictures is a recording that begins anew: exact repeats of earlier, different pictures.

A sensor's noise makes every picture of a real camera unique, also of an empty room. A picture that comes again exactly,
after others that differ from it, was stored somewhere. One that only stays is a frozen camera, which is another matter.
"""

from collections import OrderedDict
from typing import NamedTuple

MOST_PRINTS = 900  # fingerprints kept: a quarter of an hour at one look a second
LEAST_BETWEEN = 3  # different pictures in between; drivers hand out an old buffer now and then
LEAST_SECONDS = 2.5  # seconds in between, for the same reason
MEMORY = 300.0  # seconds for which a repeat counts


class Repeat(NamedTuple):
    """A picture that came again: when, and after how many seconds."""

    at: float
    after: float


class Repeats:
    """Remembers the fingerprints of one participant's pictures and counts those that came again."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._found: dict[str, Repeat] = {}
        self._count = 0
        self._last: str | None = None

    def add(self, fingerprint: str, at: float) -> None:
        """Take the next picture's fingerprint."""
        if fingerprint == self._last:
            return
        self._last = fingerprint
        self._count += 1
        number, before = self._seen.pop(fingerprint, (self._count, at))
        if self._count - number > LEAST_BETWEEN and at - before >= LEAST_SECONDS:
            self._found[fingerprint] = Repeat(at, at - before)
        self._seen[fingerprint] = (self._count, at)
        if len(self._seen) > MOST_PRINTS:
            self._seen.popitem(last=False)

    def recent(self, now: float) -> list[Repeat]:
        """Return the repeats that still count, oldest first, each picture once."""
        self._found = {mark: repeat for mark, repeat in self._found.items() if abs(now - repeat.at) <= MEMORY}
        return list(self._found.values())

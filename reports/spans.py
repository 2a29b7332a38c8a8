"""Stretches of time and what can be done with them; a list that is returned is in order, without overlaps."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of time; its end no longer belongs to it."""

    begin: datetime
    end: datetime

    @property
    def seconds(self) -> float:
        """Return how long it lasts."""
        return (self.end - self.begin).total_seconds()


def union(spans: Iterable[Span]) -> list[Span]:
    """Put together what overlaps or touches; what lasts no time is left out."""
    made: list[Span] = []
    for span in sorted(one for one in spans if one.end > one.begin):
        if made and span.begin <= made[-1].end:
            made[-1] = Span(made[-1].begin, max(made[-1].end, span.end))
        else:
            made.append(span)
    return made


def common(one: Iterable[Span], other: Iterable[Span]) -> list[Span]:
    """Return the time that is in both."""
    others = union(other)
    return union(Span(max(a.begin, b.begin), min(a.end, b.end)) for a in union(one) for b in others)


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """Return the time of the first that is not in the second."""
    left = union(spans)
    for gone in union(taken):
        left = [part for span in left for part in _cut(span, gone)]
    return left


def length(spans: Iterable[Span]) -> float:
    """Return how many seconds they cover together."""
    return sum(span.seconds for span in union(spans))


def _cut(span: Span, gone: Span) -> list[Span]:
    before, after = Span(span.begin, min(span.end, gone.begin)), Span(max(span.begin, gone.end), span.end)
    return [part for part in (before, after) if part.end > part.begin]

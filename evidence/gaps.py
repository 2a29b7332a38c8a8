"""Where pictures are missing in a stretch of time, and whether nothing came or the server kept less."""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

LONGEST = 3.0
"""Seconds without a picture from which it is called a gap: students whom nobody watches send one a second."""

Stretch = tuple[float, float]


class Why(enum.StrEnum):
    """Why there is no picture: a gap is nobody's guilt, and the server's own must not look like the student's."""

    NONE_CAME = "none_came"
    THINNED = "thinned"


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without pictures of one channel; seconds since the epoch on the server's clock."""

    channel: str
    begin: float
    end: float
    why: Why


def gaps_of(channel: str, kept: Sequence[float], thinned: Sequence[float], window: Stretch) -> list[Gap]:
    """Return the gaps of `window` from the times of arrival of pictures that are kept and of those that are not."""
    silent = list(_empty(sorted([*kept, *thinned]), window))
    bare = [one for one in _empty(sorted(kept), window) if any(one[0] < at < one[1] for at in thinned)]
    gaps = [Gap(channel, begin, end, Why.NONE_CAME) for begin, end in silent]
    gaps += [Gap(channel, begin, end, Why.THINNED) for one in bare for begin, end in _without(one, silent)]
    return sorted(gaps, key=lambda gap: gap.begin)


def _empty(times: Sequence[float], window: Stretch) -> Iterator[Stretch]:
    for before, after in pairwise([window[0], *times, window[1]]):
        if after - before > LONGEST:
            yield before, after


def _without(stretch: Stretch, holes: Sequence[Stretch]) -> Iterator[Stretch]:
    begin, end = stretch
    for hole_begin, hole_end in holes:
        if begin < hole_end and hole_begin < end:
            if begin < hole_begin:
                yield begin, hole_begin
            begin = hole_end
    if begin < end:
        yield begin, end

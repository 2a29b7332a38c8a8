"""Which of the last pictures could not be judged, so that a capsule says what nobody could see in it."""

import threading
from collections import deque
from collections.abc import Sequence

from core.types import Frame, Observation, ObservationKind, PictureState
from evidence.manifest import Unseen
from rooms.live.context import RoomContext

LASTS_S = 60.0
"""Longer than a capsule and the time until it is sealed."""
TOGETHER_S = 6.0
"""Looks at the picture that are no further apart speak of one stretch."""

Look = tuple[float, str]
"""When a picture was taken, and its state."""


class UnseenPictures:
    """Hears of every look at a picture; may be called from any thread."""

    def __init__(self, context: RoomContext) -> None:
        self._lock = threading.Lock()
        self._looks: dict[tuple[str, str], deque[Look]] = {}
        context.signals.when_gone(self.forget)

    def observed(self, frame: Frame, observations: Sequence[Observation]) -> None:
        """Take the state of one picture."""
        states = [str(one.values.get("state")) for one in observations if one.kind is ObservationKind.PICTURE]
        if not states or not frame.judged:
            return
        with self._lock:
            looks = self._looks.setdefault((frame.participant, frame.channel), deque())
            looks.append((frame.captured_at, states[-1]))
            while looks[0][0] < frame.captured_at - LASTS_S:
                looks.popleft()

    def between(self, participant: str, begin: float, end: float) -> list[Unseen]:
        """Return the stretches of a time in which pictures of a student came and could not be judged."""
        with self._lock:
            held = {channel: list(looks) for (who, channel), looks in self._looks.items() if who == participant}
        return [
            one
            for channel, looks in sorted(held.items())
            for one in _stretches(channel, looks)
            if begin <= one.end <= end
        ]

    def forget(self, participant: str) -> None:
        """Drop what is known of a student who left."""
        with self._lock:
            for key in [one for one in self._looks if one[0] == participant]:
                del self._looks[key]


def _stretches(channel: str, looks: Sequence[Look]) -> list[Unseen]:
    found: list[Unseen] = []
    for at, state in looks:
        if state == PictureState.OK:
            continue
        last = found[-1] if found else None
        if last is not None and last.state == state and at - last.end <= TOGETHER_S:
            found[-1] = Unseen(channel, last.begin, at, state)
        else:
            found.append(Unseen(channel, at, at, state))
    return found

"""What the ring keeps of one participant: a row of frames for each channel, paced, bounded and thinned."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from core.types import Frame
from evidence.gaps import Gap, Stretch, gaps_of


@dataclass(slots=True)
class Slot:
    """One frame that was taken; `frame` is None after it was thinned out, so that its time still tells that it came."""

    at: float
    frame: Frame | None


class FrameRow:
    """The frames of one channel in the order in which they came."""

    def __init__(self) -> None:
        self.slots: list[Slot] = []
        self._due = 0.0

    def add(self, frame: Frame, rate: float) -> bool:
        """Take a frame unless more than `rate` a second come; say whether it was taken.

        Where the server's clock was set back, the row begins anew: two orders of time in one row could not be told.
        """
        if self.slots and frame.received_at < self.slots[-1].at:
            self.slots, self._due = [], 0.0
        if frame.received_at < self._due:
            return False
        self._due = max(self._due, frame.received_at - 1 / rate) + 1 / rate
        self.slots.append(Slot(frame.received_at, frame))
        return True

    def drop_before(self, at: float) -> None:
        """Forget what came before a moment."""
        keep = next((index for index, slot in enumerate(self.slots) if slot.at >= at), len(self.slots))
        del self.slots[:keep]

    def kept(self) -> list[Slot]:
        """Return the slots that still have their frame."""
        return [slot for slot in self.slots if slot.frame is not None]

    def thinnable(self) -> Iterator[tuple[float, Slot]]:
        """Give each frame between others, with the seconds that would be empty without it."""
        kept = self.kept()
        for before, slot, after in zip(kept, kept[1:], kept[2:], strict=False):
            yield after.at - before.at, slot

    def gaps(self, channel: str, window: Stretch) -> list[Gap]:
        """Return where frames of this channel are missing in a stretch of time."""
        inside = [slot for slot in self.slots if window[0] <= slot.at <= window[1]]
        kept = [slot.at for slot in inside if slot.frame is not None]
        return gaps_of(channel, kept, [slot.at for slot in inside if slot.frame is None], window)


@dataclass(slots=True)
class Seat:
    """All channels of one participant, and until when they are looked at closely."""

    rows: dict[str, FrameRow] = field(default_factory=dict)
    close: Stretch | None = None

    def size(self) -> int:
        """Return the bytes of all frames that are kept."""
        return sum(len(slot.frame.jpeg) for row in self.rows.values() for slot in row.kept() if slot.frame)

    def drop_before(self, at: float) -> None:
        """Forget what came before a moment, and channels of which nothing is left."""
        for row in self.rows.values():
            row.drop_before(at)
        self.rows = {channel: row for channel, row in self.rows.items() if row.slots}

    def thin(self, limit: float) -> None:
        """Let frames go until the others have at most `limit` bytes: those that leave the smallest hole first."""
        size = self.size()
        while size > limit and (slot := self._next_to_go()) and slot.frame:
            size -= len(slot.frame.jpeg)
            slot.frame = None

    def _next_to_go(self) -> Slot | None:
        between = [one for row in self.rows.values() for one in row.thinnable()]
        if between:
            return min(between, key=lambda one: one[0])[1]
        left = [slot for row in self.rows.values() for slot in row.kept()]
        return min(left, key=lambda slot: slot.at, default=None)

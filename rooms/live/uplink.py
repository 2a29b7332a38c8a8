"""What one participant's device sends: how much it may, in which order it came, and when."""

from dataclasses import dataclass, field

from core.errors import UserError
from rooms.live.client_clock import ClientClock
from rooms.protocol.limits import Budget, Limits


@dataclass(eq=False, slots=True)
class Uplink:
    """Component of a participant; its own methods are all that writes it. Times in server seconds."""

    clock: ClientClock = field(default_factory=ClientClock)
    budget: Budget | None = None
    """None until a connection came."""
    last_sequence: int = -1
    """Of its pictures."""
    sequences: dict[str, int] = field(default_factory=dict)
    """The last number of each kind of reading."""
    heard_at: float = 0.0
    """When the last picture or reading came."""
    pictured_at: float = 0.0
    """When the last picture came, or the device was last asked to begin."""
    moved_at: float = 0.0
    """When the last motion came, or the device connected."""

    def begin(self, now: float, limits: Limits) -> None:
        """Begin anew for a page that has just connected: it counts from zero, by a clock of its own."""
        self.budget = self.budget.come_again() if self.budget else Budget(now, limits)
        self.last_sequence = -1
        self.sequences.clear()
        self.clock.forget()
        self.pictured_at = self.moved_at = now

    def take_picture(self, sequence: int, now: float) -> None:
        """Know that a picture came; UserError `stale_frame` for one that a newer one overtook."""
        if sequence <= self.last_sequence:
            raise UserError("stale_frame", "A newer picture came before this one.")
        self.last_sequence = sequence
        self.heard_at = self.pictured_at = now

    def take_number(self, kind: str, sequence: int) -> None:
        """Know the number of a reading of this kind; UserError `stale_reading` for one that a newer one overtook."""
        if sequence <= self.sequences.get(kind, -1):
            raise UserError("stale_reading", "A newer reading came before this one.")
        self.sequences[kind] = sequence

    def hear(self, now: float, *, moved: bool = False) -> None:
        """Know that a reading was taken, of movement or of something else."""
        self.heard_at = now
        if moved:
            self.moved_at = now

    def expect_pictures(self, now: float) -> None:
        """Know that pictures are asked for from now on: none came until here, and that is no fault of the device."""
        self.pictured_at = now

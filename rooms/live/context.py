"""What every part of a live room stands on, handed to each constructor as one thing."""

from dataclasses import dataclass, field

from core.clock import Clock
from core.event_log import EventLog
from rooms.live.broadcaster import Broadcaster
from rooms.live.directory import RoomDirectory
from rooms.live.signals import RoomSignals
from rooms.protocol.limits import DEFAULT_LIMITS, Limits
from store.session import Database


@dataclass(frozen=True, kw_only=True)
class RoomContext:
    """Made once by the composition root; it decides nothing and owns nothing of a room."""

    database: Database
    directory: RoomDirectory
    broadcaster: Broadcaster
    event_log: EventLog
    clock: Clock
    limits: Limits = DEFAULT_LIMITS
    signals: RoomSignals = field(default_factory=RoomSignals)

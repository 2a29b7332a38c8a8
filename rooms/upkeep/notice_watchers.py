"""Everything that looks for what people are told outside the page, put together."""

from pathlib import Path

from core.ports import Monitor
from core.rule_catalogue import RuleCatalogue
from rooms.desk.claims import Claims
from rooms.desk.unanswered import Unanswered
from rooms.live.context import RoomContext
from rooms.upkeep.blind_rooms import BlindRooms
from rooms.upkeep.housekeeping import Watcher
from rooms.upkeep.server_trouble import ServerTrouble
from rooms.upkeep.storage_health import Storage


def notice_watchers(
    context: RoomContext, claims: Claims, rules: RuleCatalogue, monitor: Monitor, storage: Storage, folder: Path
) -> tuple[Watcher, ...]:
    """Return the watchers, for housekeeping."""
    return Unanswered(context, claims, rules), BlindRooms(context), ServerTrouble(context, monitor, storage, folder)

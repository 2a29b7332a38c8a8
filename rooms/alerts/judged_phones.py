"""What teachers called right and wrong among phone alerts, in rooms that allow to learn from it.

Nothing is kept for it: it is read from the alerts and the pictures that are there anyway. So a verdict that changes, is
taken back, or is deleted with its room has the same effect here.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.types import AlertKind
from rooms.alerts.evidence_files import EvidenceFolder
from rooms.setup.room_settings import RoomSettings
from store.alerts import RIGHT, AlertRow, judged_alerts
from store.rooms import Room
from store.session import Database

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class JudgedPhone:
    """One thing that was told as a phone: its picture, its box [x, y, width, height] in pixels, and whether it is one.

    `participant` tells whose pictures belong together, `text` what the alert said.
    """

    picture: Path
    box: Box
    is_phone: bool
    participant: str
    text: str


def judged_phones(database: Database, evidence: EvidenceFolder) -> list[JudgedPhone]:
    """Return all of them whose picture is still there, the surest thing of each alert, oldest first.

    Raises:
        StoreUnavailable: the database cannot be read.
    """
    with database.read() as session:
        found = judged_alerts(session, AlertKind.PHONE_DETECTED)
    allowed = [row for row, room in found if _allows(room)]
    judged = [_judged(row, evidence) for row in allowed]
    return [one for one in judged if one is not None]


def _allows(room: Room) -> bool:
    return RoomSettings.from_json(room.settings).learn_phones


def _judged(row: AlertRow, evidence: EvidenceFolder) -> JudgedPhone | None:
    box = _surest(row.numbers.get("marks"))
    path = evidence.path(row.room_id, row.evidence) if row.evidence else None
    if box is None or path is None or not path.is_file():
        return None
    return JudgedPhone(path, box, row.verdict == RIGHT, row.participant_id, row.text)


def _surest(marks: Any) -> Box | None:
    """Return the box of the first mark, which is the surest; of the others nobody knows which one was judged."""
    if not marks or len(marks[0]) != 5:
        return None
    _, x, y, width, height = marks[0]
    return float(x), float(y), float(width), float(height)

"""The pictures that stand in a report on paper."""

from collections.abc import Callable
from pathlib import Path

from reports.model import RoomReport


def pictures_of(report: RoomReport, place: Callable[[str], Path]) -> dict[str, Path]:
    """Return the pictures of alerts that are there, by the alert; `place` says where a file of the room lies."""
    alerts = (alert for student in report.students for alert in student.alerts if "picture" in alert.kept)
    paths = ((alert.id, place(f"{alert.id}.jpg")) for alert in alerts)
    return {alert: path for alert, path in paths if path.is_file()}

"""Clips through the rules: which alerts a room would have seen."""

from collections.abc import Mapping
from pathlib import Path

from core.types import AlertKind
from detection.tools.recordings import read_stills
from evaluation.figures.intervals import share
from evaluation.figures.labelled_data import rows
from evaluation.figures.section import Section
from evaluation.systems.ours import Watcher

EXPECTED: Mapping[str, frozenset[AlertKind]] = {
    "three_faces": frozenset({AlertKind.MULTIPLE_FACES}),
    "four_faces_small": frozenset({AlertKind.MULTIPLE_FACES}),
    "phone_in_hand_still": frozenset({AlertKind.PHONE_DETECTED}),
}
COMPANY = frozenset({AlertKind.SECOND_PERSON})  # may be said of several faces too
UNFIT = frozenset({AlertKind.CAMERA_REPLACED, AlertKind.CAMERA_BLOCKED})  # true of a looped still: nothing moves in it
EVERY = 0.5


def measure(watcher: Watcher, media: Path) -> Section:
    """Replay every clip with the rules' usual settings and compare the alerts with what the clip shows."""
    section = Section("Clips through the rules", ("", "shows", "alerts", "right"))
    section.note = (
        "Looks every 0.5 s, detectors as often as in a room, usual settings, no baseline. A clip is right when its"
        " alert was raised and no other was; SECOND_PERSON, said of bodies, may come with MULTIPLE_FACES."
    )
    right = 0
    told = rows(media, "clips")
    for row in told:
        wanted = EXPECTED.get(row.label, frozenset())
        raised = watcher.alerts(read_stills(row.path, EVERY)) - UNFIT
        extra = raised - wanted - (COMPANY if AlertKind.MULTIPLE_FACES in wanted else frozenset())
        is_right = wanted <= raised and not extra
        right += is_right
        shown = ", ".join(sorted(raised)) or "none"
        section.rows.append([row.path.name, row.label.replace("_", " "), shown, "yes" if is_right else "no"])
    section.figures["clips right"] = share(right, len(told))
    return section

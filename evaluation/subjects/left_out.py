"""What was tuned on the shared pictures, tuned again without a source and measured on that source alone.

Pictures of one source resemble each other: whoever tunes on some of them and measures on others of them is flattered.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from core.types import ObservationKind
from detection.detectors.coarse_pose import NEUTRAL_NOSE, PITCH_PER_SHIFT, YAW_PER_SHIFT, shifts
from detection.detectors.objects import PHONE_FROM
from detection.measures.detected_objects import SURE_FROM
from evaluation.figures.intervals import f1, mean_of, scores
from evaluation.figures.labelled_data import Row, rows
from evaluation.figures.section import Section
from evaluation.subjects.phones import surest
from evaluation.systems.ours import NOTHING, Watcher

NOTE = (
    "The other tables measure limits on pictures that some of them were tuned on. Here what was tuned is tuned again on"
    " all sources but one, and measured on that one, in turns. Gaze is missing: its constants (50 degrees across, 25"
    " up, the usual gaze of a screen below the camera) come from one person of one source, so nothing would be left to"
    " measure them on."
)


class Scored(NamedTuple):
    """One picture: its source, whether it shows a phone, and the score of the surest."""

    source: str
    is_phone: bool
    score: float


class Turned(NamedTuple):
    """One face: its source, true yaw and pitch in degrees, and how far the nose is shifted sideways and along."""

    source: str
    yaw: float
    pitch: float
    sideways: float
    along: float


def measure(watcher: Watcher, media: Path) -> Section:
    """Measure phones and coarse poses by sources left out."""
    section = Section("Tuned without a source, measured on it", ("", "value", "shipped", "measured on"), note=NOTE)
    if "objects" not in watcher.missing:
        add_phones(section, [_scored(watcher, row) for row in rows(media, "phone")])
    add_poses(section, [face for row in rows(media, "headpose") if (face := _turned(watcher, row))])
    return section


def add_phones(section: Section, told: Sequence[Scored]) -> None:
    """Add F1 of phones where each source is judged by the score that was best on the others."""
    if not told:
        return
    said = [(one.is_phone, one.score >= best_limit([o for o in told if o.source != one.source])) for one in told]
    left_out = scores(said)
    shipped = {limit: scores([(one.is_phone, one.score >= limit) for one in told]) for limit in (PHONE_FROM, SURE_FROM)}
    sources = len({one.source for one in told})
    where = f"{len(told)} pictures, {sources} sources"
    for name in ("f1", "precision", "recall"):
        figure = getattr(left_out, name)
        section.rows.append([f"phones: {name}", str(figure), str(getattr(shipped[PHONE_FROM], name)), where])
        section.figures[f"phone left out {name}"] = figure
    section.rows.append([f"phones: f1 from {SURE_FROM:g}, critical", "", str(shipped[SURE_FROM].f1), where])


def best_limit(told: Sequence[Scored]) -> float:
    """Return the score from which F1 is largest on some pictures, the largest of equals; never below the detector's."""
    limits = sorted({PHONE_FROM, *(one.score for one in told if one.score >= PHONE_FROM)})
    truth, score = (np.array(column, float) for column in ([o.is_phone for o in told], [o.score for o in told]))
    return max(limits, key=lambda limit: (f1(np.stack([truth, score >= limit], axis=1)), limit))


def add_poses(section: Section, told: Sequence[Turned]) -> None:
    """Add the mean errors of coarse poses where each source is measured by what was fitted on the others."""
    shipped = YAW_PER_SHIFT, PITCH_PER_SHIFT, NEUTRAL_NOSE
    by_source = {one.source: fitted([other for other in told if other.source != one.source]) for one in told}
    wanted: dict[str, Callable[[Turned, tuple[float, float, float]], float]] = {
        "yaw": lambda face, fit: abs(-fit[0] * face.sideways - face.yaw),
        "pitch": lambda face, fit: abs(fit[1] * (fit[2] - face.along) - face.pitch),
    }
    for name, error in wanted.items() if told else ():
        figure = mean_of([error(face, by_source[face.source]) for face in told])
        before = mean_of([error(face, shipped) for face in told])
        where = f"{len(told)} faces, {len(by_source)} sources"
        section.rows.append([f"coarse pose: mean error of {name}", str(figure), str(before), where])
        section.figures[f"coarse {name} left out error"] = figure


def fitted(told: Sequence[Turned]) -> tuple[float, float, float]:
    """Return degrees of yaw and of pitch for each shift, and where a level nose is, by least squares."""
    table = np.array([one[1:] for one in told], float).reshape(-1, 4)
    yaw, pitch, sideways, along = table.T
    per_yaw = -float(sideways @ yaw / max(1e-9, float(sideways @ sideways)))
    slope, level = np.polyfit(along, pitch, 1)
    return per_yaw, -float(slope), float(-level / slope)


def _scored(watcher: Watcher, row: Row) -> Scored:
    return Scored(row.more.get("source_repo", ""), row.label == "phone", surest(watcher.look(row.still())))


def _turned(watcher: Watcher, row: Row) -> Turned | None:
    """Return a face whose angles are known exactly and whose points were found."""
    points = watcher.look(row.still(), ("face",)).get(ObservationKind.FACES, NOTHING).get("points", ())
    found = shifts(points) if row.more.get("yaw_deg") else None
    if found is None:
        return None
    return Turned(row.more.get("source_repo", ""), float(row.more["yaw_deg"]), float(row.more["pitch_deg"]), *found)

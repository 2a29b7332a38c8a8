"""No face and several faces, in single pictures, after the judge's confirmation, and by condition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from core.types import AlertKind, ObservationKind
from detection.frames.decode import Pixels, decode
from evaluation.figures.intervals import scores, share
from evaluation.figures.labelled_data import Row, rows, shaken, shrunk
from evaluation.figures.section import Section
from evaluation.systems.ours import NOTHING, Watcher, count, largest_face
from evaluation.systems.plain_models import Count

WIDTHS = (None, 640, 320)
HEAD = ("", "precision", "recall", "F1", "pictures")
NONE, ONE, SEVERAL = "none", "one", "multiple"
LOOKS, APART = 12, 1.0
FACES_ALONE = ("face", "picture")
WANTED: Mapping[str, tuple[str, AlertKind]] = {
    "no_face": (NONE, AlertKind.FACE_NOT_FOUND),
    "several": (SEVERAL, AlertKind.MULTIPLE_FACES),
}


def is_said(what: str, faces: int) -> bool:
    """Say whether a count of faces means "no face" or "several"."""
    return faces == 0 if what == "no_face" else faces > 1


def single(watcher: Watcher, media: Path, peers: Mapping[str, Count], widths: Sequence[int | None] = WIDTHS) -> Section:
    """Measure counts of faces in single pictures at several widths, ours beside peers."""
    section = Section("No face, several faces: single pictures", HEAD)
    told = rows(media, "faces")
    for width in widths:
        stills = [(row.label, row.still(width)) for row in told]
        counts = {"Examonitor": [(label, count(watcher.look(still, FACES_ALONE))) for label, still in stills]}
        for name, peer in peers.items():
            counts[name] = [(label, peer(decode(still.jpeg))) for label, still in stills]
        for what in WANTED:
            add_scores(section, what, width, counts)
    return section


def add_scores(section: Section, what: str, width: int | None, counts: Mapping[str, list[tuple[str, int]]]) -> None:
    """Add one line for each of us and the peers."""
    label, where = WANTED[what][0], "as they are" if width is None else f"{width} wide"
    for name, found in counts.items():
        told = scores([(labelled == label, is_said(what, faces)) for labelled, faces in found])
        section.rows.append([f"{what.replace('_', ' ')}, {where}: {name}", *told.cells(), len(found)])
        key = f"{what} {width or 'original'}"
        if name == "Examonitor":
            section.figures |= {
                f"{key} precision": told.precision,
                f"{key} recall": told.recall,
                f"{key} f1": told.f1,
            }
        else:
            section.peer(name, {f"{key} f1": told.f1.value, f"{key} precision": told.precision.value})


def confirmed(watcher: Watcher, media: Path) -> Section:
    """Measure which alerts the judge raises over 12 s of each picture, shaken as a webcam's pictures are."""
    section = Section("No face, several faces: after confirmation", HEAD)
    section.note = (
        f"Each picture as {LOOKS} looks, {APART:g} s apart, moved, turned, noisy, lighter and darker by chance, at most"
        " 640 wide, through the rules with their usual settings."
    )
    raised = []
    for number, row in enumerate(rows(media, "faces")):
        bgr = shrunk(decode(row.still().jpeg).bgr, 640)
        raised.append((row.label, watcher.alerts(shaken(bgr, LOOKS, APART, number), FACES_ALONE)))
    for what, (label, kind) in WANTED.items():
        told = scores([(labelled == label, kind in kinds) for labelled, kinds in raised])
        section.rows.append([str(kind), *told.cells(), len(raised)])
        section.figures |= {f"{what} confirmed precision": told.precision, f"{what} confirmed recall": told.recall}
    return section


# ------------------------------------------------------------------------------------ by condition


@dataclass(frozen=True)
class Portrait:
    """One picture of one person, and what was made of it."""

    row: Row
    faces: int
    has_pose: bool
    light: float
    face_light: float | None
    width: float | None

    def bands(self) -> list[str]:
        """Return every condition that it belongs to."""
        told = [band("light of the picture", self.light, ((70, "dim"), (150, "usual"), (256, "bright")))]
        if self.face_light is not None and self.width is not None:
            told.append(band("lightness of the face", self.face_light, ((40, "dark"), (60, "medium"), (101, "light"))))
            told.append(band("width of the face", self.width, ((0.12, "far"), (0.3, "middle"), (9, "near"))))
        told.append("glasses: noted" if self.row.notes("glasses") else "glasses: not noted")
        return told


def band(name: str, value: float, limits: Sequence[tuple[float, str]]) -> str:
    """Return the name of the band that a value lies in."""
    return f"{name}: " + next(label for limit, label in limits if value < limit)


def portraits(watcher: Watcher, media: Path) -> list[Portrait]:
    """Look at every picture of one person; skin is never stored, only measured here for the table."""
    told = [row for row in rows(media, "faces") if row.label == ONE]
    told += [row for folder in ("headpose", "identity") for row in rows(media, folder)]
    return [portrait(watcher, row) for row in told]


def portrait(watcher: Watcher, row: Row) -> Portrait:
    """Look at one of them."""
    still = row.still(640)
    seen = watcher.look(still, ("face", "picture", "landmarks"))
    box, bgr = largest_face(seen), decode(still.jpeg).bgr
    return Portrait(
        row,
        count(seen),
        seen.get(ObservationKind.LANDMARKS, NOTHING).get("yaw") is not None,
        float(seen[ObservationKind.PICTURE]["luminance"]),
        lightness(bgr, box) if box else None,
        box[2] / still.width if box else None,
    )


def lightness(bgr: Pixels, box: Sequence[int]) -> float:
    """Return CIE L* (0 to 100), the median of the middle of a face: of skin and of the light that falls on it."""
    x, y, width, height = box
    top, left = max(0, y + height // 4), max(0, x + width // 4)
    middle = bgr[top : y + 3 * height // 4, left : x + 3 * width // 4]
    if not middle.size:
        return 50.0
    lab = cv2.cvtColor(middle.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    return float(np.median(lab[..., 0]))


def by_condition(watcher: Watcher, media: Path) -> Section:
    """Measure how often the one face is found and counted right, and its pose known, in each condition."""
    section = Section("By condition", ("", "face found", "counted as one", "pose known", "pictures"))
    section.note = (
        "Pictures of one person, at most 640 wide. Lightness of the face is CIE L* of its middle, made of skin and of"
        " light together, so it stands for skin tone only roughly; where no face was found it could not be measured,"
        " and such pictures are missing in the bands of the face."
    )
    told = portraits(watcher, media)
    names = {name for one in told for name in one.bands()}
    for name in sorted(names):
        inside = [one for one in told if name in one.bands()]
        found = share(sum(one.faces > 0 for one in inside), len(inside))
        right = share(sum(one.faces == 1 for one in inside), len(inside))
        posed = share(sum(one.has_pose for one in inside), len(inside))
        section.rows.append([name, str(found), str(right), str(posed), len(inside)])
    section.figures["face found"] = share(sum(one.faces > 0 for one in told), len(told))
    section.rows.append(["all", str(section.figures["face found"]), "", "", len(told)])
    return section

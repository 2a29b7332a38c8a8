"""Head poses against known angles, looks away against known directions and times."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from core.types import Observation, ObservationKind
from detection.frames.decode import Picture, decode
from detection.measures.line_of_sight import USUAL_GAZE, relative
from detection.rules.looking_away import LookingAway
from detection.runtime.baseline import LEAST_SPREAD
from detection.tools.recordings import read_stills
from evaluation.figures.intervals import Figure, drawn, mean_of, scores, separation, share
from evaluation.figures.labelled_data import Row, rows
from evaluation.figures.section import Section
from evaluation.systems.ours import NOTHING, Watcher

Angles = tuple[float, float]
Poses = Sequence[Mapping[str, Any]]
Looks = Sequence[tuple[bool, Mapping[str, Any]]]
STRAIGHT: Mapping[str, Any] = {"yaw": 0.0, "pitch": 0.0, "roll": 0.0, "gaze": None, "spread": 0.0}
WITHIN = 60.0  # degrees of yaw; beyond it half of the face is hidden
POSE = ("face", "picture", "landmarks")
SITTING, TREMBLE = 240, 2.5  # looks, and degrees (standard deviation) by which a head that sits calmly is told to move
SETTLE = 3.0  # seconds at the beginning of a clip that give the baseline


def pose_of(watcher: Watcher, row: Row) -> Mapping[str, Any]:
    """Return LANDMARKS values of a picture."""
    return watcher.look(row.still(), POSE).get(ObservationKind.LANDMARKS, NOTHING)


def angles(watcher: Watcher, media: Path, stock: Callable[[Picture], Angles | None] | None) -> Section:
    """Measure yaw and pitch against known ones, ours beside the stock landmarker."""
    section = Section("Head pose: single pictures", ("", "mean error of yaw", "of pitch", "pose found", "pictures"))
    section.note = "Degrees, on pictures whose angles are known."
    known = [row for row in rows(media, "headpose") if row.more.get("yaw_deg")]
    ours: list[Angles | None] = []
    for row in known:
        values = pose_of(watcher, row)
        ours.append(None if values.get("yaw") is None else (values["yaw"], values["pitch"]))
    told: dict[str, list[Angles | None]] = {"Examonitor": ours}
    if stock:
        told["MediaPipe Face Landmarker"] = [stock(decode(row.still().jpeg)) for row in known]
    for name, found in told.items():
        for within in (180.0, WITHIN):
            add_errors(section, name, known, found, within)
    return section


def add_errors(
    section: Section, name: str, known: Sequence[Row], found: Sequence[Angles | None], within: float
) -> None:
    """Add one line: all pictures, or those within some degrees of yaw."""
    inside = [
        (float(row.more["yaw_deg"]), float(row.more["pitch_deg"]), said)
        for row, said in zip(known, found, strict=True)
        if abs(float(row.more["yaw_deg"])) <= within
    ]
    yaw = mean_of([abs(said[0] - true) for true, _, said in inside if said])
    pitch = mean_of([abs(said[1] - true) for _, true, said in inside if said])
    where = "all" if within > WITHIN else f"within {WITHIN:g} degrees"
    posed = share(sum(said is not None for _, _, said in inside), len(inside))
    section.rows.append([f"{name}, {where}", str(yaw), str(pitch), str(posed), len(inside)])
    if name != "Examonitor":
        section.peer(name, {f"yaw error {where}": yaw.value, f"pitch error {where}": pitch.value})
    else:
        section.figures |= {f"yaw error {where}": yaw, f"pitch error {where}": pitch}


def directions(watcher: Watcher, media: Path) -> Section:
    """Measure "looks away" as a class: left, right and up against front."""
    section = Section("Looking away: single pictures", ("", "precision", "recall", "F1", "pictures"))
    section.note = (
        "Pictures labelled left, right or up against those labelled front, one look each, by the rule's usual limits."
        f" Learnt quietly: {SITTING} made-up looks come first, of somebody before the screen who glances aside and"
        " spends time over paper, so that the position is the one that the rule learns by itself."
        " The labels are of the head, and nobody's usual gaze is known here, so with a baseline heads alone are"
        " compared. Without one the limits are generous on purpose, as the camera may stand beside the screen, and eyes"
        " that stay on the camera make up for a turned head."
    )
    told = [row for row in rows(media, "headpose") if row.label in {"left", "right", "up", "front"}]
    looks = [(row.label != "front", pose_of(watcher, row)) for row in told]
    heads = [(is_away, {**values, "gaze": None}) for is_away, values in looks]
    wanted: tuple[tuple[str, Mapping[str, Any] | None, Poses, Looks], ...] = (
        ("with a baseline, head", STRAIGHT, (), heads),
        ("position learnt quietly, head", None, sitting(), heads),
        ("position learnt quietly, head and eyes", None, sitting(eyes=True), looks),
        ("without a baseline, head and eyes", None, (), looks),
    )
    for name, baseline, before, chosen in wanted:
        pairs = [(is_away, is_away_said(values, baseline, before)) for is_away, values in chosen]
        found = scores(pairs)
        section.rows.append([name, *found.cells(), len(pairs)])
        section.figures[f"away f1 {name}"] = found.f1
    return section


def sitting(eyes: bool = False) -> Poses:
    """Return what is seen of somebody who sits before a screen: calm, glancing aside, and over paper."""
    chance = np.random.default_rng(11)
    told: list[dict[str, Any]] = []
    for look in range(SITTING):
        yaw, pitch = chance.normal(0.0, TREMBLE, 2)
        yaw += 45.0 * chance.choice((-1, 1)) if look % 12 == 5 else 0.0
        pitch -= 35.0 if 7 <= look % 12 <= 9 else 0.0
        told.append({"yaw": yaw, "pitch": pitch, "gaze": dict(USUAL_GAZE) if eyes else None})
    return told


def is_away_said(values: Mapping[str, Any], baseline: Mapping[str, Any] | None, before: Poses = ()) -> bool:
    """Say whether the rule calls a single look bad, after those `before`."""
    rule = LookingAway()
    memory = rule.memory()
    for look in before:
        rule.read(observed(ObservationKind.LANDMARKS, look), memory, rule.defaults)
    if baseline is not None:
        rule.hear(observed(ObservationKind.BASELINE, baseline), memory)
    verdict = rule.read(observed(ObservationKind.LANDMARKS, values), memory, rule.defaults)
    return verdict is not None and verdict.bad


def observed(kind: ObservationKind, values: Mapping[str, Any]) -> Observation:
    """Return values as the rule gets them."""
    return Observation("file", "someone", kind, 0.0, values)


# ------------------------------------------------------------------------------------ eyes over time

Segment = tuple[float, float, str]


def segments(text: str) -> list[Segment]:
    """Read "0.0-5.2 center; 5.6-10.0 image_left" into (from, to, where the eyes point)."""
    told = []
    for part in text.split(";"):
        times, _, where = part.strip().partition(" ")
        start, _, end = times.partition("-")
        told.append((float(start), float(end), where))
    return told


def gaze(watcher: Watcher, media: Path, every: float = 0.4) -> Section:
    """Measure looks at clips whose eyes' directions are known by time, against a baseline of their first seconds."""
    section = Section("Eyes: looks at clips", ("", "looks told apart", "right at the rule's limit", "looks"))
    section.note = (
        f"The head is still, the eyes move. The first {SETTLE:g} s give the baseline. Told apart: how often a look"
        " aside lies further to the side than one at the screen (area under the ROC curve). The rule's limit is that of"
        " a single look; an alert needs looks aside that last."
    )
    by_source = {row.more["source_blob"]: row for row in rows(media, "gaze") if row.path.suffix == ".mp4"}
    for folder in ("gaze", "clips"):
        for row in rows(media, folder):
            labelled = by_source.get(row.more.get("source_blob", ""))
            if labelled is not None and row.path.suffix == ".mp4":
                add_clip(section, watcher, row, segments(labelled.more["segments"]), every)
    return section


def add_clip(section: Section, watcher: Watcher, row: Row, told: Sequence[Segment], every: float) -> None:
    """Add one clip."""
    looks = []
    for still in read_stills(row.path, every):
        values = watcher.look(still, POSE).get(ObservationKind.LANDMARKS, NOTHING)
        where = next((where for start, end, where in told if start <= still.at <= end), None)
        if values.get("yaw") is not None and where is not None:
            looks.append((still.at, where != "center", values))
    baseline = neutral([values for at, is_away, values in looks if at < SETTLE and not is_away])
    judged = [(is_away, values) for at, is_away, values in looks if at >= SETTLE]
    right = sum(is_away == is_away_said(values, baseline) for is_away, values in judged)
    at_limit = share(right, len(judged))
    apart = told_apart([(is_away, aside(values, baseline)) for is_away, values in judged])
    section.rows.append([row.path.name, str(apart) if apart else "", str(at_limit), len(judged)])
    section.figures[f"gaze {row.path.stem} right"] = at_limit
    if apart:
        section.figures[f"gaze {row.path.stem} told apart"] = apart


def neutral(looks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the baseline of some looks at the screen."""
    pose = {name: median(values[name] for values in looks) for name in ("yaw", "pitch", "roll")}
    gazes = [values["gaze"] for values in looks if values["gaze"]]
    eyes = {axis: median(one[axis] for one in gazes) for axis in ("x", "y")} if gazes else None
    return {**pose, "gaze": eyes, "spread": LEAST_SPREAD, "coarse": looks[0]["coarse"]}


def aside(values: Mapping[str, Any], baseline: Mapping[str, Any]) -> float:
    """Return how far to the side a look goes, in degrees."""
    look = relative(values, baseline)
    return abs(look.across) if look else 0.0


def told_apart(looks: Sequence[tuple[bool, float]]) -> Figure | None:
    """Return how well looks aside are told from others by their angle; None where there is one kind only."""
    table = np.array([(is_away, angle) for is_away, angle in looks], dtype=float).reshape(-1, 2)
    if len({bool(is_away) for is_away, _ in looks}) < 2:
        return None

    def measure(drawn_rows: np.ndarray[Any, np.dtype[np.float64]]) -> float:
        away = drawn_rows[:, 0] > 0
        return separation(drawn_rows[~away, 1], drawn_rows[away, 1]) if 0 < away.sum() < len(away) else 1.0

    return drawn(table, measure)

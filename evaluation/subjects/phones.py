"""Phones in single pictures, by kind of picture, and after the judge's confirmation."""

from collections.abc import Mapping
from pathlib import Path

from core.types import AlertKind, ObservationKind
from detection.frames.decode import decode
from detection.measures.detected_objects import PHONE, SURE_FROM, detected_objects_of
from evaluation.figures.intervals import scores, share
from evaluation.figures.labelled_data import Row, as_still, rows, shaken, shrunk
from evaluation.figures.phone_views import View
from evaluation.figures.section import Section
from evaluation.subjects.second_looks import sets, wrongly
from evaluation.systems.ours import NOTHING, Seen, Watcher
from evaluation.systems.plain_models import Surest, at_thresholds

HEAD = ("", "precision", "recall", "F1", "pictures")
LOOKS, APART = 4, 2.0  # as often as the detector looks in a room
WIDEST = 1280  # pixels; what a good webcam sends
NOTICED = 0.15, 0.25, 0.35, SURE_FROM, 0.65


def has_phone(seen: Seen) -> bool:
    """Say whether a phone was seen."""
    things = detected_objects_of(seen.get(ObservationKind.OBJECTS, NOTHING)) or []
    return any(thing.label == PHONE for thing in things)


def surest(seen: Seen) -> float:
    """Return how sure the surest phone is, 0 without one."""
    things = detected_objects_of(seen.get(ObservationKind.OBJECTS, NOTHING)) or []
    return max((thing.score for thing in things if thing.label == PHONE), default=0.0)


def single(watcher: Watcher, media: Path, peers: Mapping[str, Surest], absent: str = "") -> Section:
    """Measure phones in single pictures, ours beside plain passes of the same models; say which peer was absent."""
    section = Section("Phones: single pictures", HEAD)
    told = rows(media, "phone")
    if not told or "objects" in watcher.missing:
        return section
    ours, theirs = [], dict[str, list[tuple[bool, bool]]]()
    for row in told:
        still = row.still()
        is_phone = row.label == "phone"
        ours.append((row, has_phone(watcher.look(still))))
        picture = decode(still.jpeg)
        for name, said in at_thresholds({name: peer(picture) for name, peer in peers.items()}).items():
            theirs.setdefault(name, []).append((is_phone, said))
    add_ours(section, ours)
    section.note = "\n\n".join(filter(None, (section.note, absent)))
    for name, pairs in theirs.items():
        found = scores(pairs)
        section.rows.append([name, *found.cells(), len(pairs)])
        section.peer(name, {"phone f1": found.f1.value, "phone recall": found.recall.value})
    return section


def add_ours(section: Section, ours: list[tuple[Row, bool]]) -> None:
    """Add our line, and one for each kind of picture."""
    found = scores([(row.label == "phone", said) for row, said in ours])
    section.rows.append(["Examonitor", *found.cells(), len(ours)])
    section.figures |= {
        "phone precision": found.precision,
        "phone recall": found.recall,
        "phone f1": found.f1,
    }
    section.note = mistakes(ours)
    for kind in sorted({row.more.get("kind", "") for row, _ in ours}):
        inside = [(row.label == "phone", said) for row, said in ours if row.more.get("kind", "") == kind]
        section.rows.append([f"Examonitor, {kind.replace('_', ' ')}", *scores(inside).cells(), len(inside)])


def mistakes(ours: list[tuple[Row, bool]]) -> str:
    """Return which pictures were judged wrongly, so that anybody can look at them."""
    missed = [row.path.stem for row, said in ours if row.label == "phone" and not said]
    wrong = [row.path.stem for row, said in ours if row.label != "phone" and said]
    return f"Missed: {', '.join(missed) or 'none'}. Wrongly said: {', '.join(wrong) or 'none'}."


def confirmed(watcher: Watcher, media: Path) -> Section:
    """Measure where the judge raises an alert over some looks at each picture, shaken as a webcam's pictures are."""
    section = Section("Phones: after confirmation", HEAD)
    if "objects" in watcher.missing:
        return section
    section.note = f"Each picture as {LOOKS} looks, {APART:g} s apart, shaken as above, at most {WIDEST} wide."
    pairs = []
    for number, row in enumerate(rows(media, "phone")):
        bgr = shrunk(decode(row.still().jpeg).bgr, WIDEST)
        raised = watcher.alerts(shaken(bgr, LOOKS, APART, number))
        pairs.append((row.label == "phone", AlertKind.PHONE_DETECTED in raised))
    found = scores(pairs)
    section.rows.append([str(AlertKind.PHONE_DETECTED), *found.cells(), len(pairs)])
    section.figures |= {"phone confirmed precision": found.precision, "phone confirmed recall": found.recall}
    return section


def sureness(watcher: Watcher, media: Path) -> Section:
    """Measure what each score would make of phones and of other things: from SURE_FROM on an alert is critical."""
    section = Section(
        "Phones: how sure is sure enough", ("score from", "phones found", "wrongly, same folder", "others")
    )
    if "objects" in watcher.missing or not rows(media, "phone"):
        return section
    section.note = (
        f"From {watcher.told_from:g} on the teacher is told, from {SURE_FROM:g} on as a critical alert and below as a"
        " notice. Single pictures; “others” are those of faces, head poses and people, at 640 and 320 pixels."
    )
    told = {
        name: [(view.phone, scored(watcher, view)) for view in sets(media)[name]] for name in ("as they are", "others")
    }
    for least in sorted({watcher.told_from, *NOTICED}):
        said = {name: [(phone, score >= least) for phone, score in views] for name, views in told.items()}
        here = said["as they are"]
        found = share(sum(phone and yes for phone, yes in here), sum(phone for phone, _ in here))
        wrong = wrongly([pair for pair in here if not pair[0]])
        section.rows.append([f"{least:g}", str(found), str(wrong), str(wrongly(said["others"]))])
        if least == SURE_FROM:
            section.figures |= {"phone critical recall": found, "phone critical wrongly": wrong}
    return section


def scored(watcher: Watcher, view: View) -> float:
    """Return how sure the surest phone of one picture is."""
    return surest(watcher.look(as_still(view.bgr), ["objects"]))

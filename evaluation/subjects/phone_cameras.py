"""What a student's own phones see: desks as from the head and from the room, and the code of the exam page."""

from pathlib import Path

from core.types import AlertKind, Role
from detection.detectors.markers import MarkerDetector
from detection.frames.decode import decode
from detection.models.shelf import ModelShelf
from evaluation.figures.intervals import share
from evaluation.figures.labelled_data import Row, rows, shaken, shrunk
from evaluation.figures.section import Section
from evaluation.subjects.markers import ANGLES, BLURS, measure
from evaluation.systems.ours import Watcher

VIEWS = {str(Role.HEAD): ("desk_view",), str(Role.ROOM): ("desk_view", "desk", "webcam", "far")}
"""Kinds of pictures that are most like what the phone of each role films; nobody has labelled pictures of theirs."""
LOOKS, APART = 6, 4.0  # as often as things are looked for in a phone's pictures
WIDTH = 480  # pixels; what a phone sends while nobody watches it
SIDES = (14, 18, 22, 26, 30, 34)  # pixels of the code
PIXELS_PER_CM = 7.6  # 640 pixels and 70 degrees, 60 cm away


def confirmed(watcher: Watcher, media: Path) -> Section:
    """Measure which alerts the rules raise over some looks at each picture, as each phone's channel has them."""
    section = Section(
        "Phones' cameras: after confirmation",
        ("", "phones found", "phones wrongly", "SECOND_PERSON", "FORBIDDEN_OBJECT", "other alerts", "pictures"),
    )
    told = rows(media, "phone")
    if not told or "objects" in watcher.missing:
        return section
    section.note = (
        f"Each picture as {LOOKS} looks, {APART:g} s apart, at most {WIDTH} wide, by the rules of each channel. Desks"
        " seen from the front stand for what a phone on the head sees, all pictures with one person for the room. In"
        " one of them a book is held up, in one people stand in the street behind; three of the desks show a raised"
        " hand with a cigarette. Nobody has labelled pictures of phones that were really worn or set up."
    )
    for channel, kinds in VIEWS.items():
        for kind in kinds:
            inside = [row for row in told if row.more.get("kind") == kind]
            section.rows.append([f"{channel}: {kind.replace('_', ' ')}", *cells_of(section, watcher, inside, channel)])
    return section


def cells_of(section: Section, watcher: Watcher, inside: list[Row], channel: str) -> list[object]:
    """Return one line; the figures of a phone on the head are kept to be compared with later ones."""
    raised = [alerts_of(watcher, row, number, channel) for number, row in enumerate(inside)]
    phones = [row.label == "phone" for row in inside]
    said = [AlertKind.PHONE_DETECTED in kinds for kinds in raised]
    hits = sum(a and b for a, b in zip(phones, said, strict=True))
    wrong = sum(b and not a for a, b in zip(phones, said, strict=True))
    named = (AlertKind.SECOND_PERSON, AlertKind.FORBIDDEN_OBJECT)
    others = [kinds - {AlertKind.PHONE_DETECTED, *named} for kinds in raised]
    if channel == Role.HEAD:
        section.figures |= {"phone seen from the head: recall": share(hits, sum(phones))}
    return [
        f"{hits} of {sum(phones)}",
        f"{wrong} of {len(phones) - sum(phones)}",
        *(sum(kind in kinds for kinds in raised) for kind in named),
        sum(map(bool, others)),
        len(inside),
    ]


def alerts_of(watcher: Watcher, row: Row, seed: int, channel: str) -> set[str]:
    """Return which alerts a picture raises."""
    bgr = shrunk(decode(row.still().jpeg).bgr, WIDTH)
    return watcher.alerts(shaken(bgr, LOOKS, APART, seed), channel=channel)


def codes(media: Path) -> Section:
    """Measure how small the code of the exam page may be, drawn into real pictures of desks."""
    head = ["side in pixels", "at 60 cm", *(f"blur {blur:g}, {angle:g}°" for blur in BLURS for angle in ANGLES)]
    section = Section("Phones' cameras: the code on the exam page", head)
    if not rows(media, "phone"):
        return section
    detector = MarkerDetector(ModelShelf(media))
    detector.load()
    found, wrong, _ms = measure(detector, media, SIDES)
    section.rows = [[side, f"{float(str(side)) / PIXELS_PER_CM:.1f} cm", *shares] for side, *shares in found]
    section.note = (
        "Share of pictures in which the code was read, by how far the picture is out of focus (sigma in pixels) and"
        " the screen is turned away; JPEG quality 50 and 70, noise of 4 grey levels, 640 wide. The second column is"
        " how wide the dark square must be on a screen 60 cm away from a phone that sees 70 degrees."
        f" Codes that were not there were read {wrong} times."
    )
    return section

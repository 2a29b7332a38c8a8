"""`app.py learn --phones`: an administrator has the second stage learn what teachers called right and wrong."""

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from detection.detectors.second_stage import FILE, save
from detection.frames.decode import Picture
from detection.models.shelf import ModelShelf
from detection.rules.phone_seen import MAY_BE_OWN
from detection.tools.learn_phones import (
    Example,
    Standing,
    fit,
    left_out,
    see_again,
    standing,
    stock_detector,
    surest,
    too_few,
)
from rooms.alerts.evidence_files import EvidenceFolder
from rooms.alerts.judged_phones import JudgedPhone, judged_phones
from settings import Settings
from store.database.opening import open_database, sqlite_file
from store.errors import StoreUnavailable

Shared = Callable[[], Iterable[tuple[bool, Picture]]]
"""Yields labelled pictures that nothing was learned from, and whether each shows a phone."""

HEAD = ("", "phones told", "others told", "phones critical", "others critical", "mean precision", "F1")
RESTART = "Restart the server for it to take effect."


def forget(settings: Settings) -> int:
    """Remove what was learned; the detector is as it comes again after a restart."""
    path = settings.learned() / FILE
    if not path.exists():
        print("Nothing was learned about phones on this server.")
        return 0
    path.unlink()
    print(f"Removed {path}. {RESTART}")
    return 0


def learn(settings: Settings, shelf: ModelShelf, given: argparse.Namespace, shared: Shared) -> int:
    """Learn, show before and after, ask, and write; 1 where it was refused."""
    try:
        judged = _judged(settings)
        detector, model = stock_detector(shelf)
    except (StoreUnavailable, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1
    examples = see_again(detector, judged)
    if unseen := len(judged) - len(examples):
        print(f"{unseen} judged phone alerts are left out: nothing is seen in their pictures any more.")
    if (why := too_few(examples)) is not None:
        print(why, file=sys.stderr)
        return 1
    stage = fit(examples, model, _note(examples))
    told_from = detector.limits.told_from
    kept = _of_kept(examples, told_from)
    labelled = [(is_phone, *surest(detector, picture, stage)) for is_phone, picture in shared()]
    of_shared = tuple(standing([(one[0], one[place]) for one in labelled], told_from) for place in (1, 2))
    _show(examples, kept, of_shared if labelled else ())
    if (where := worse(kept, of_shared)) and given.yes:
        print(f"Nothing was written: {where}. Without --yes you are asked.", file=sys.stderr)
        return 1
    if not given.yes and not _agreed(where):
        print("Nothing was written.")
        return 0
    save(stage, settings.learned() / FILE)
    print(f"Wrote {settings.learned() / FILE}. {RESTART}")
    return 0


def _judged(settings: Settings) -> list[JudgedPhone]:
    """Return what may be learned from.

    An alert that may be of the student's own phone is none: "wrong" can mean there that it is a phone and allowed.
    """
    path = sqlite_file(settings.database())
    if path is not None and not path.exists():
        return []  # opening it would make one
    database = open_database(settings.database())
    try:
        found = judged_phones(database, EvidenceFolder(settings.data_dir / "evidence"))
    finally:
        database.close()
    return [one for one in found if one.text != MAY_BE_OWN]


def _of_kept(examples: Sequence[Example], told_from: float) -> tuple[Standing, Standing]:
    before = [(one.is_phone, one.score) for one in examples]
    after = [(one.is_phone, score) for one, score in zip(examples, left_out(examples), strict=True)]
    return standing(before, told_from), standing(after, told_from)


def _note(examples: Sequence[Example]) -> str:
    right, people = sum(one.is_phone for one in examples), len({one.participant for one in examples})
    day = datetime.now(UTC).date().isoformat()
    return f"{right} right and {len(examples) - right} wrong verdicts on pictures of {people} students, {day}."


def _show(examples: Sequence[Example], kept: Sequence[Standing], of_shared: Sequence[Standing]) -> None:
    print(f"From {_note(examples)}")
    rows = [("judged alerts, before", kept[0]), ("judged alerts, after", kept[1])]
    rows += [(f"labelled pictures, {when}", one) for when, one in zip(("before", "after"), of_shared, strict=False)]
    table = [HEAD, *(_cells(name, one) for name, one in rows)]
    widths = [max(len(row[column]) for row in table) for column in range(len(HEAD))]
    for row in table:
        cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        print("  ".join([row[0].ljust(widths[0]), *cells]))
    print("After: each student's alerts as a stage that was learned without that student leaves them.")
    if not of_shared:
        print("The folder of labelled pictures (EXAM_MEDIA_DIR) is not there: nothing else could be compared.")


def _cells(name: str, one: Standing) -> tuple[str, ...]:
    return (
        name,
        f"{one.phones_told} of {one.phones}",
        f"{one.others_told} of {one.others}",
        str(one.phones_critical),
        str(one.others_critical),
        f"{one.ranking:.3f}",
        f"{one.f1:.3f}",
    )


def worse(kept: Sequence[Standing], of_shared: Sequence[Standing]) -> str:
    """Return where the detector does better without what was learned, as part of a sentence; empty where nowhere."""
    if kept[1].ranking <= kept[0].ranking or kept[1].balanced < kept[0].balanced:
        return "on the judged alerts it is no better"
    if of_shared[1].f1 < of_shared[0].f1:
        return "on the labelled pictures it is worse"
    return ""


def _agreed(where: str) -> bool:
    """Ask on the terminal; no answer is no."""
    warning = f"Beware: {where}. " if where else ""
    try:
        return input(f"{warning}Use it from the next start on? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        print()
        return False

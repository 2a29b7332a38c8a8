"""What `models` and `models fetch` print: which model files are there, what the missing ones cost, and their way in."""

import sys
from collections.abc import Sequence
from functools import partial
from typing import TextIO

from tqdm import tqdm

from detection.models import exported
from detection.models.export_yolo import NAME, Exporter, ExportError, Order
from detection.models.shelf import ModelShelf
from detection.models.sources import ExportSource, FetchError, PackageSource, Source

MEGABYTE = 1_000_000


def print_status(shelf: ModelShelf, out: TextIO = sys.stdout) -> int:
    """Print every model with its place, or what its absence costs and where it comes from; return how many miss."""
    for status in shelf.status():
        model = status.model
        state = "there  " if status.path else "not had" if model.optional else "MISSING"
        out.write(f"{state}  {model.name}: {model.use}\n")
        out.write(f"         {model.file}, {_megabytes(model.size)}, {model.licence}\n")
        if status.path:
            out.write(f"         {status.path}\n")
        else:
            out.write(f"         without it {model.without}\n")
            out.writelines(f"         from {_described(source)}\n" for source in model.sources)
            if model.optional:
                out.write(f"         only some rooms need it: `app.py models fetch {model.name}`\n")
    shipped = exported.shipped()
    if shipped is not None:
        out.write(
            f"there    {exported.SHIPPED.name}: phones, other things and people; comes with the server, AGPL-3.0\n"
        )
        out.write(f"         {shipped.path}\n")
    else:
        out.write(f"MISSING  {exported.SHIPPED.name}: its files are not those that came with the server\n")
        out.write(f"         {exported.SHIPPED}\n")
    if made := exported.find_first(shelf.places, NAME):
        place = (
            "is not used: the one above finds more" if made.weights in exported.OUTDONE else "goes before the one above"
        )
        out.write(f"there    {NAME} made here from {made.weights}, {made.precision}; {place}\n")
        out.write(f"         {made.path}\n")
    return len(shelf.missing()) + (shipped is None)


def fetch_all(shelf: ModelShelf, out: TextIO = sys.stdout, bars: TextIO = sys.stderr, names: Sequence[str] = ()) -> int:
    """Fetch these models, or all missing ones but the optional; print what could not be had, return how many.

    What only an export makes is named, and counts as no failure: nobody waits minutes for it unasked.
    """
    unknown = [name for name in names if name not in shelf.names()]
    if unknown:
        out.write(f"There is no model {', '.join(unknown)}; there are {', '.join(shelf.names())}.\n")
        return len(unknown)
    failed = 0
    wanted = names or shelf.missing()
    missing = [status.model for status in shelf.status() if status.path is None and status.model.name in wanted]
    for name in [model.name for model in missing if all(isinstance(one, ExportSource) for one in model.sources)]:
        out.write(f"{name} is made by {ExportSource()}\n")
    for name in [model.name for model in missing if any(not isinstance(one, ExportSource) for one in model.sources)]:
        with tqdm(desc=name, unit="B", unit_scale=True, file=bars, leave=True) as bar:
            try:
                shelf.fetch(name, partial(_show, bar))
            except FetchError as error:
                failed += 1
                out.write(f"{name}: {error}\n")
    shelf.tidy()
    return failed


def export(shelf: ModelShelf, order: Order, out: TextIO = sys.stdout) -> int:
    """Make the YOLO model on this machine, saying each step; return 1 when it could not be made, with the reason."""
    try:
        made = Exporter(shelf.cache, out).make(order)
    except ExportError as error:
        out.write(f"{error}\n")
        return 1
    out.write(f"{made.path}: {made.weights}, {made.precision}\n")
    return 0


def _show(bar: "tqdm[None]", _name: str, done: int, total: int | None) -> None:
    bar.total = total
    bar.update(done - bar.n)


def _described(source: Source) -> str:
    if isinstance(source, PackageSource):
        return f"the package index: {source} (downloads {_megabytes(source.size)} once)"
    return str(source)


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f} MB"

"""The labelled pictures of phones, for what a server learned of phones by itself (`app.py learn`)."""

from collections.abc import Iterator

from detection.frames.decode import Picture, decode
from evaluation.figures.labelled_data import media_folder, rows


def shared_phones() -> Iterator[tuple[bool, Picture]]:
    """Yield each labelled picture and whether it shows a phone; none where the folder of pictures is not there."""
    for row in rows(media_folder(), "phone"):
        yield row.label == "phone", decode(row.still().jpeg)

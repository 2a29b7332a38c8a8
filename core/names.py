"""When two names are the same name: case, accents, order and signs between the words do not matter."""

import re
import unicodedata

WORDS = re.compile(r"[^\W_]+")
MOST_KEY = 255  # characters, as the tables hold


def name_key(name: str) -> str:
    """Return what equal names have in common; "" for a name without a word."""
    return " ".join(sorted(_words(name)))[:MOST_KEY]


def sort_key(name: str) -> str:
    """Return by what names are put in order: as they are written, whatever their accents and signs."""
    return " ".join(_words(name))


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    return WORDS.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))

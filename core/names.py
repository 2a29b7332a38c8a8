"""When two names are the same name: case, accents, order and signs between the words do not matter."""

import re
import unicodedata

WORDS = re.compile(r"[^\W_]+")
MOST_KEY = 255  # characters, as the tables hold


def name_key(name: str) -> str:
    """Return what equal names have in common; "" for a name without a word."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(sorted(WORDS.findall(bare)))[:MOST_KEY]

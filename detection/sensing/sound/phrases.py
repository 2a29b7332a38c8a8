"""Finds phrases in what was understood, although machines mishear: plain text in, phrases out."""

import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

ALIKE = 0.88
"""Of 1, difflib's ratio of two texts without spaces: "okay google" is like "ok google" by 0.89, "google" by 0.86."""
EXACT_BELOW = 6
"""Letters: shorter phrases must be understood exactly, as one letter would be a fifth of them."""


class Understood(NamedTuple):
    """What a listener made of a stretch; `alike` and its limit are of 1, None where it compares no text."""

    text: str
    phrases: Sequence[str]
    alike: float | None = None
    alike_limit: float | None = None
    sure: float = 0.0


class Found(NamedTuple):
    """Phrases as the room wrote them, and how alike the best of them is, of 1."""

    phrases: list[str]
    alike: float


def plain(text: str) -> list[str]:
    """Return the words of a text without accents, capitals and punctuation."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    kept = "".join(c if c.isalnum() else " " for c in apart if not unicodedata.combining(c))
    return kept.split()


def find_phrases(text: str, phrases: Iterable[str]) -> Found:
    """Return the phrases that the text holds, as alike as ALIKE asks."""
    words = plain(text)
    scores = {phrase: _alike(words, plain(phrase)) for phrase in phrases}
    found = {phrase: score for phrase, score in scores.items() if score > 0}
    return Found(list(found), max(found.values(), default=0.0))


def _alike(words: Sequence[str], phrase: Sequence[str]) -> float:
    """Return how alike the best stretch of words is, 0 where none is alike enough."""
    wanted = "".join(phrase)
    if not wanted:
        return 0.0
    limit = 1.0 if len(wanted) < EXACT_BELOW else ALIKE
    best = 0.0
    for length in range(max(1, len(phrase) - 1), len(phrase) + 2):
        for start in range(len(words) - length + 1):
            matcher = SequenceMatcher(None, wanted, "".join(words[start : start + length]), autojunk=False)
            if matcher.real_quick_ratio() >= limit and matcher.quick_ratio() >= limit:
                best = max(best, matcher.ratio())
    return best if best >= limit else 0.0

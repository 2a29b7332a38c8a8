"""What a person typed, made safe to keep and to show without changing what it says."""

import re
import unicodedata

# Overrides and embeddings change the order of text around them; no honest message needs them (UAX 9, 2.1-2.2).
BIDI_FORCES = frozenset("\u202a\u202b\u202c\u202d\u202e")
ISOLATE_OPEN = frozenset("\u2066\u2067\u2068")
ISOLATE_CLOSE = "\u2069"
BIDI_MARKS = frozenset("\u061c\u200e\u200f")
# Cc control, Cs lone surrogate (cannot be stored as UTF-8). Not Cn: an emoji newer than Python's tables is one.
UNWANTED = frozenset({"Cc", "Cs"})
NO_CHARACTERS = frozenset(
    map(chr, [*range(0xFDD0, 0xFDF0), *(p << 16 | n for p in range(17) for n in (0xFFFE, 0xFFFF))])
)
# "Zalgo" piles marks until they cover the lines above; no script in use stacks more than a few.
MOST_MARKS = 6
PILING_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
MARK_PILE = re.compile(f"[{PILING_MARKS}]{{{MOST_MARKS + 1},}}")
LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
UNKEPT = re.compile("[\0\ud800-\udfff]")  # half an emoji (a lone surrogate); PostgreSQL keeps no zero either
SPACES = re.compile(r"\s+")


def clean_text(raw: str) -> str:
    """Return a message of several lines: NFC, newlines kept, nothing that controls or flips the page around it."""
    wanted = _without(LINE_ENDS.sub("\n", raw).replace("\t", " "), BIDI_FORCES | NO_CHARACTERS)
    lines = [_balance_isolates(line) for line in wanted.split("\n")]
    return "\n".join(_composed(line).rstrip() for line in lines).strip("\n ")


def clean_line(raw: str) -> str:
    """Return a name or title of one line: as `clean_text`, and without any direction control or double space."""
    wanted = _without(SPACES.sub(" ", raw), BIDI_FORCES | NO_CHARACTERS | BIDI_MARKS | ISOLATE_OPEN | {ISOLATE_CLOSE})
    return SPACES.sub(" ", _composed(wanted)).strip()


def can_be_kept(text: str, shape: re.Pattern[str] | None = None) -> bool:
    """Return whether every database keeps the text as it is, and whether it has the shape, where it should have one."""
    return not UNKEPT.search(text) and (shape is None or shape.fullmatch(text) is not None)


def has_word(text: str) -> bool:
    """Return whether the text holds at least one letter or digit of any script."""
    return any(unicodedata.category(c)[0] in "LN" for c in text)


def _without(text: str, unwanted: frozenset[str]) -> str:
    return "".join(c for c in text if c == "\n" or (c not in unwanted and unicodedata.category(c) not in UNWANTED))


def _composed(line: str) -> str:
    return MARK_PILE.sub(lambda pile: pile.group()[:MOST_MARKS], unicodedata.normalize("NFC", line))


def _balance_isolates(line: str) -> str:
    """Drop closings without an opening and close what is left open: isolates end with their paragraph."""
    kept: list[str] = []
    depth = 0
    for character in line:
        if character == ISOLATE_CLOSE:
            if depth == 0:
                continue
            depth -= 1
        elif character in ISOLATE_OPEN:
            depth += 1
        kept.append(character)
    return "".join(kept) + ISOLATE_CLOSE * depth

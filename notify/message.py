"""A message in the words of the person who reads it: no picture, no student's name."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from accounts.languages import catalogue
from core.text_keys import N_
from notify.kinds import NOTICES

TRANSLATED = frozenset({"what"})
"""Facts that are translation keys."""
NAME = "Examonitor"
SEVERAL = N_("%(count)s notices")
WHY = N_("You are told this because you asked for it on the page “Notifications” of your account.")


@dataclass(frozen=True, slots=True)
class Item:
    """One notice of a message."""

    kind: str
    at: float
    room: str | None
    title: str
    """Of the room, "" without one."""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a way tells somebody."""

    id: str
    """The same for each try, so that a receiver can tell a repeated one."""
    subject: str
    lines: tuple[str, ...]
    link: str = ""
    locale: str = "en"
    is_urgent: bool = True
    why: str = ""
    """Why the person is told, and where to change that."""

    def payload(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {**asdict(self), "lines": list(self.lines)}

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> "Message":
        """Return what `payload` made."""
        return cls(**{**payload, "lines": tuple(payload["lines"])})


def message_of(items: Sequence[Item], locale: str, site: str) -> Message:
    """Return the message about one notice or several, for somebody who reads this language."""
    words = catalogue(locale)
    lines = [_line(item, words, with_title=len(items) > 1) for item in items]
    first = items[0]
    alike = {(item.kind, item.room) for item in items}
    head = _say(words, NOTICES[first.kind].label) if len(alike) == 1 else _say(words, SEVERAL, count=len(items))
    place = f" – {_one_line(first.title)}" if first.title and len({item.room for item in items}) == 1 else ""
    return Message(
        id=identity([asdict(item) for item in items]),
        subject=f"{NAME}{place}: {head}",
        lines=tuple(dict.fromkeys(lines)),
        link=link_of(first, site),
        locale=locale,
        is_urgent=any(NOTICES[item.kind].is_urgent for item in items),
        why=_say(words, WHY),
    )


def link_of(item: Item, site: str) -> str:
    """Return where a notice is looked at, "" where nobody said under which address this server is."""
    return site.rstrip("/") + NOTICES[item.kind].path.format(room=item.room or "") if site else ""


def sentence(item: Item, locale: str = "en") -> str:
    """Return what a notice says."""
    return _line(item, catalogue(locale), with_title=False)


def identity(told: Any) -> str:
    """Return a name for what is told, which no other has."""
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:32]


def _line(item: Item, words: Mapping[str, str], with_title: bool) -> str:
    facts = {name: _fact(name, value, words) for name, value in item.facts.items()}
    said = _say(words, NOTICES[item.kind].sentence, **facts)
    return f"{_one_line(item.title)}: {said}" if with_title and item.title else said


def _fact(name: str, value: Any, words: Mapping[str, str]) -> str:
    return words.get(str(value), str(value)) if name in TRANSLATED else str(value)


def _say(words: Mapping[str, str], text: str, **facts: Any) -> str:
    said = words.get(text, text)
    for name, value in facts.items():
        said = said.replace(f"%({name})s", str(value))
    return said


def _one_line(text: str) -> str:
    """A title is what somebody typed: in a subject it must not begin another header."""
    return " ".join(text.split())[:120]

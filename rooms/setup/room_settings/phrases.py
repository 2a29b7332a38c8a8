"""The phrases to listen for."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from core.text_keys import N_
from rooms.setup.room_settings.base import FormContext, Lines, Sent, check_lines
from rooms.setup.room_settings.controls import Control, Kind, Section

USUAL_PHRASES = (
    *("ok google", "hey siri", "alexa", "what is the answer", "what did you put", "tell me the answer"),
    *("dis siri", "quelle est la réponse", "donne moi la réponse", "tu as mis quoi"),
)
"""Phrases to listen for where a room names none: calls of assistants, and requests for an answer."""
MOST_PHRASES = 30
MAX_PHRASE = 60  # characters


class Phrases(Lines):
    """Lines as they may be said; none means the usual ones."""

    def from_json(self, kept: Any) -> tuple[str, ...]:
        """Return at most MOST_PHRASES phrases."""
        return super().from_json(kept)[:MOST_PHRASES]

    def read(self, sent: Sent) -> tuple[str, ...]:
        """Return the phrases; UserError `lines_too_long`."""
        lines = sent.lines(self.name)
        check_lines(lines, MOST_PHRASES, MAX_PHRASE)
        return lines or USUAL_PHRASES

    def shown(self, values: Mapping[str, Any], context: FormContext) -> dict[str, Any]:
        """Return one phrase a line."""
        return {self.name: "\n".join(values[self.name])}


SETTING = Phrases(
    default=USUAL_PHRASES,
    controls=(
        Control(
            name="phrases",
            kind=Kind.LINES,
            section=Section.SOUND,
            label=N_("Phrases to listen for, one per line"),
            help=N_("Calls to assistants, and requests for an answer. Short words are often misheard."),
            needs="words",
            attributes=MappingProxyType({"rows": 5, "dir": "auto"}),
        ),
    ),
)

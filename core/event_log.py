"""server.log: one readable line for each thing that happened, for the administrator who has to answer for it."""

import logging
import re
from typing import Any

UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control and direction characters and halves of emoji: a name must not be able to forge, hide or break a line."""


class EventLog:
    """Writes the events of rooms as `event key=value ...`; names in quotes, never what people wrote to each other."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger

    def note(self, event: str, /, **facts: Any) -> None:
        """Write a line about something that went as it should."""
        self._logger.info("%s", _line(event, facts))

    def warn(self, event: str, /, **facts: Any) -> None:
        """Write a line about something refused or degraded."""
        self._logger.warning("%s", _line(event, facts))


def _line(event: str, facts: dict[str, Any]) -> str:
    told = [f"{name}={_shown(value)}" for name, value in facts.items() if value is not None]
    return " ".join([event, *told])


def _shown(value: Any) -> str:
    text = UNSAFE.sub("?", str(value))[:200]
    return text if re.fullmatch(r"[\w.:/+-]+", text) else '"' + text.replace('"', "'") + '"'

"""Four kinds of error, by what happens next.

ExamError
├── UserError      show the text to the person; nothing is wrong with the connection
├── NotAllowed     refuse and log: this person may not do this
├── ProtocolError  the client is broken or hostile: answer, log, close the connection
└── Busy           a limit was met: try again after `retry_after` seconds

Every error carries a stable `code` for programs and a `text` for people: an English sentence that is also the key
of its translation, with its `params` filled in by whoever shows it. Only the edges turn errors into acks and HTTP.
"""

from collections.abc import Mapping
from typing import Any


class ExamError(Exception):
    """Base of every error that is meant to reach a client."""

    def __init__(self, code: str, text: str, **params: Any) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text
        self.params: Mapping[str, Any] = params


class UserError(ExamError):
    """Something the person can mend: show the text, keep the connection."""


class NotAllowed(ExamError):
    """The person has no right to this: refuse and write a line to the log."""


class ProtocolError(ExamError):
    """A message that no honest client sends: answer, log, close the connection."""


class Busy(ExamError):
    """A rate or capacity limit was met: the client may try again after `retry_after` seconds."""

    def __init__(self, code: str, text: str, retry_after: float, **params: Any) -> None:
        super().__init__(code, text, **params)
        self.retry_after = retry_after

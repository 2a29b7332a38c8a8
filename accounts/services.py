"""What the account pages need of the rest of the server, as far as they need it."""

from typing import Protocol

from core.clock import Clock
from core.event_log import EventLog
from store.session import Database


class AccountSettings(Protocol):
    """The settings that decide about accounts."""

    @property
    def registration(self) -> str:
        """Who may register: `open`, `invitation` or `closed`."""
        ...


class LivePages(Protocol):
    """The open live pages of people."""

    def send_away(self, person: int) -> None:
        """Close those of one person."""
        ...


class CodeGuard(Protocol):
    """What slows down guesses of room codes, less where teachers log in."""

    def succeeded(self, address: str) -> None:
        """Remember that a teacher logged in at this address."""
        ...


class AccountServices(Protocol):
    """The services of the application, as the account pages see them; at app.extensions["exam"]."""

    @property
    def settings(self) -> AccountSettings: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def database(self) -> Database: ...

    @property
    def event_log(self) -> EventLog: ...

    @property
    def teacher_sessions(self) -> LivePages: ...

    @property
    def join_guard(self) -> CodeGuard: ...

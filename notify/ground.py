"""What telling people stands on."""

from typing import Protocol

from core.clock import Clock
from store.session import Database


class NotifySettings(Protocol):
    """The settings that decide how people can be told."""

    @property
    def public_url(self) -> str:
        """The address that people open, "" where nobody said."""
        ...

    @property
    def smtp_url(self) -> str:
        """The mail server, "" for no mail."""
        ...

    @property
    def mail_from(self) -> str:
        """The address that mail comes from, "" for one that is made up."""
        ...

    @property
    def private_targets(self) -> bool:
        """Whether messages may go to addresses inside the network."""
        ...

    def secret(self) -> str:
        """Return the server's secret."""
        ...

    def push_key(self) -> bytes:
        """Return the key of push messages."""
        ...


class NotifyGround(Protocol):
    """What a way to tell people is handed; jobs.ground.Ground is one."""

    @property
    def settings(self) -> NotifySettings: ...

    @property
    def database(self) -> Database: ...

    @property
    def clock(self) -> Clock: ...

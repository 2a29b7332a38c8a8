"""What these pages need of the rest of the server, as far as they need it."""

from datetime import UTC, datetime
from typing import Protocol

from flask import current_app

from core.clock import Clock
from core.event_log import EventLog
from notify.ground import NotifySettings
from store.session import Database


class NotifyServices(Protocol):
    """The services of the application, as these pages see them; at app.extensions["exam"]."""

    @property
    def settings(self) -> NotifySettings: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def database(self) -> Database: ...

    @property
    def event_log(self) -> EventLog: ...


def services_of_request() -> NotifyServices:
    """Return the services of the application that answers this request."""
    found: NotifyServices = current_app.extensions["exam"]
    return found


def now_of_request() -> datetime:
    """Return the time of the server's clock."""
    return datetime.fromtimestamp(services_of_request().clock.now(), UTC)

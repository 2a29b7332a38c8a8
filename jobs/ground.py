"""What every job stands on, handed to it as one thing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core.clock import Clock
from core.event_log import EventLog
from core.rule_catalogue import RuleCatalogue
from notify.ground import NotifySettings
from store.session import Database


class JobSettings(NotifySettings, Protocol):
    """The settings that jobs keep to."""

    @property
    def data_dir(self) -> Path:
        """The folder of database, evidence and keys."""
        ...


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Made once for each process; it decides nothing."""

    settings: JobSettings
    database: Database
    clock: Clock
    event_log: EventLog
    rules: RuleCatalogue
    """What every rule says of itself, for reports and notices."""

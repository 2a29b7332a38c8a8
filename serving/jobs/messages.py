"""What the server and its process of jobs say to each other."""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from detection.processes.wire import Cutter, pack
from settings import Settings

SETTINGS, PING, PONG, READY, LOG = "settings", "ping", "pong", "ready", "log"

Said = Mapping[str, Any]


def encoded(kind: str, **values: Any) -> bytes:
    """Return the bytes of a message."""
    return pack({"kind": kind, **values})


def cutter() -> Cutter[Said]:
    """Return what cuts bytes into messages."""
    return Cutter(lambda said, _body: said)


def settings_as_json(settings: Settings) -> dict[str, Any]:
    """Return settings for a process: they hold secrets, which a command line would show to everybody."""
    values = {one.name: getattr(settings, one.name) for one in fields(Settings)}
    return {name: str(value) if isinstance(value, Path) else value for name, value in values.items()}


def settings_from_json(values: Mapping[str, Any]) -> Settings:
    """Return the settings that `settings_as_json` was given."""
    paths = {one.name for one in fields(Settings) if one.metadata["read"] is Path}
    given: dict[str, Any] = {name: Path(value) if name in paths and value else value for name, value in values.items()}
    return Settings(**given)

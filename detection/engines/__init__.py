"""Where frames can be analysed, by dotted name: an engine is imported only when it is the one in use."""

import importlib
from collections.abc import Mapping
from typing import Any

from detection.engines.base import Engine

ENGINES: Mapping[str, str] = {
    "local": "detection.engines.local:LocalEngine",
    "celery": "detection.engines.celery:CeleryEngine",
}


def make(name: str, **options: Any) -> Engine:
    """Import and build one engine, not started yet; KeyError for a name that is not registered."""
    module, _, attribute = ENGINES[name].partition(":")
    try:
        engine: Engine = getattr(importlib.import_module(module), attribute)(**options)
    except ModuleNotFoundError as error:
        error.add_note(f"The engine {name} needs more packages: pip install '.[cluster]'")
        raise
    return engine

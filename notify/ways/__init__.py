"""How somebody is told. A new way is one file and one line here (docs/extending.md)."""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from notify.ways.base import Way

NAMES = (
    "mail",
    "push",
    "webhook",
)
"""Modules of this package, each with a `WAY` of the same name."""

WAYS: Mapping[str, Way] = MappingProxyType({name: import_module(f"notify.ways.{name}").WAY for name in NAMES})

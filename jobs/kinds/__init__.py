"""The kinds of jobs. A new one is one file and one line here (docs/extending.md)."""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from jobs.base import JobKind

NAMES = (
    "notice",
    "tell",
    "report",
    "deliver",
)
"""Modules of this package, each with a `KIND` of the same name."""

KINDS: Mapping[str, JobKind] = MappingProxyType({name: import_module(f"jobs.kinds.{name}").KIND for name in NAMES})

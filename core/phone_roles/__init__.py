"""Every role that a phone of a student can have. A new role is one file and one line here (docs/extending.md)."""

import importlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from core.phone_roles.base import PhoneRole

NAMES = (
    "arm",
    "head",
    "room",
)
"""Modules of this package, each with a `ROLE`, in the order of every list of phones."""


def role_named(name: str) -> PhoneRole:
    """Import one role of NAMES."""
    role: PhoneRole = importlib.import_module(f"core.phone_roles.{name}").ROLE
    return role


def registry(roles: Iterable[PhoneRole]) -> Mapping[str, PhoneRole]:
    """Return the roles by key; ValueError when two have the same key."""
    found: dict[str, PhoneRole] = {}
    for role in roles:
        if role.key in found:
            raise ValueError(f"two phone roles named {role.key}")
        found[role.key] = role
    return MappingProxyType(found)


ROLES = registry(role_named(name) for name in NAMES)

CAMERA_ROLES = frozenset(key for key, role in ROLES.items() if role.camera)
MOTION_ROLES = frozenset(key for key, role in ROLES.items() if role.motion)


def watched_for(kind: str) -> frozenset[str]:
    """Return the roles whose phones may raise this kind of alert."""
    return frozenset(key for key, role in ROLES.items() if kind in role.alerts)


def moving_for(sense: str) -> frozenset[str]:
    """Return the roles whose movement this sense reads."""
    return frozenset(key for key, role in ROLES.items() if role.motion == sense)

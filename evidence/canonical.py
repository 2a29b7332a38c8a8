"""JSON in the one form of RFC 8785, so that whoever hashes the same facts hashes the same bytes."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import rfc8785

MOST = 2**53 - 1
"""The largest whole number that every reader of JSON keeps exactly."""


def canonical(value: Mapping[str, Any]) -> bytes:
    """Return facts as canonical JSON; what JSON cannot say is said as well as it can be.

    A number that is none (NaN, infinite) becomes null, a whole number that is too large and an object of another type
    become their text, and half a character a question mark: a strange value in an alert must not cost its evidence.
    """
    return rfc8785.dumps(_plain(value))


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, Mapping):
        return {_text(key): _plain(one) for key, one in value.items()}
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, str | bytes):
        return [_plain(one) for one in value]
    return _text(value)


def _number(value: int | float) -> int | float | str | None:
    if isinstance(value, int):
        return int(value) if abs(value) <= MOST else str(value)
    return float(value) if math.isfinite(value) else None


def _text(value: Any) -> str:
    return str(value).encode("utf-8", "replace").decode("utf-8")

"""JSON files of numbers that a model is made of: written whole or not at all, read with every doubt. No pickle."""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

Model = TypeVar("Model")

MOST_NUMBER = 1e6
"""Sums over larger numbers are no numbers any more."""


class NumberFile(NamedTuple):
    """One kind of file: how its content names itself, what it is called in words, and how large it may be."""

    format: str
    version: int
    noun: str
    most_bytes: int


def load(path: Path, kind: NumberFile, build: Callable[[dict[str, Any]], Model]) -> Model:
    """Read a file and return what `build` makes of its content, which has the right format, version and sum.

    Raises:
        ValueError: it cannot be read or used, with the reason; whatever `build` stumbles over is such a reason.
    """
    try:
        if path.stat().st_size > kind.most_bytes:
            raise ValueError(f"it is larger than {kind.most_bytes} bytes")
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ValueError(f"{path} cannot be read: {error}") from error
    try:
        return build(_content(told, kind))
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise ValueError(f"{path} cannot be used: {error}") from error


def save(path: Path, kind: NumberFile, content: Mapping[str, Any]) -> None:
    """Write content with its sum at once or not at all, in place of an earlier file, readable by its owner alone.

    ValueError for numbers that JSON does not know.
    """
    named = {"format": kind.format, "version": kind.version, **content}
    text = json.dumps({**named, "sha256": digest(named)}, separators=(",", ":"), allow_nan=False)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text.replace("],[", "],\n["))
            stream.flush()
            os.fsync(handle)
        Path(part).replace(path)
    finally:
        Path(part).unlink(missing_ok=True)


def digest(content: Mapping[str, Any]) -> str:
    """Return the sum over a content."""
    plain = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def numbers(content: Mapping[str, Any], names: Iterable[str]) -> dict[str, NDArray[np.float64]]:
    """Return the named lists as arrays; ValueError where a number is beyond all bounds."""
    found = {name: np.array(content[name], dtype=np.float64) for name in names}
    demand(all(bool((np.abs(one) <= MOST_NUMBER).all()) for one in found.values()), "it holds numbers that are none")
    return found


def demand(condition: bool, otherwise: str) -> None:
    """Raise ValueError with the reason unless a condition holds."""
    if not condition:
        raise ValueError(otherwise)


def _content(told: Any, kind: NumberFile) -> dict[str, Any]:
    demand(isinstance(told, dict) and told.get("format") == kind.format, f"it is no {kind.noun}")
    demand(told["version"] == kind.version, f"it has version {told['version']}, this program reads {kind.version}")
    content = {name: value for name, value in told.items() if name != "sha256"}
    demand(told["sha256"] == digest(content), "its content does not fit its sum: it was changed")
    return content

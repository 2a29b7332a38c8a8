"""Work that keeps a thread waiting: done where it is, by whoever has threads to spare, or in a process of its own."""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
RunBlocking = Callable[..., Any]
"""Calls a function with arguments and returns what it returned; under eventlet in a thread beside the server's one."""


class Outcome(NamedTuple):
    """How a process ended, and what it wrote; a signal that ended it is a negative status."""

    status: int
    written: bytes


def call_directly(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function here and now: right where each connection has a thread of its own."""
    return function(*arguments)


def run_module(module: str, *arguments: str, given: bytes, seconds: float) -> Outcome | None:
    """Run a module of ours in a process that reads `given`; None where it was killed because it took too long.

    It has an empty environment: what reads a stranger's file needs none of our secrets. What it says of errors is lost.
    """
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as made:
        told.write(given)
        told.seek(0)
        command = [sys.executable, "-m", module, *arguments]
        with subprocess.Popen(command, cwd=ROOT, env={}, stdin=told, stdout=made, stderr=subprocess.DEVNULL) as process:
            try:
                status = process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                return None
        made.seek(0)
        return Outcome(status, made.read())

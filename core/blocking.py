"""Calls that keep a thread waiting: done where they are, or handed to whoever has threads to spare."""

from collections.abc import Callable
from typing import Any

RunBlocking = Callable[..., Any]
"""Calls a function with arguments and returns what it returned; under eventlet in a thread beside the server's one."""


def call_directly(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function here and now: right where each connection has a thread of its own."""
    return function(*arguments)

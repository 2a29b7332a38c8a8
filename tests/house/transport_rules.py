"""The architecture rules of transport/: who knows which library's private parts, and what its core must not know."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.house.architecture import Check, Source, imported, imports_of

# what the two async modes are made of: their privates are known in transport/ alone, and there in one folder each
ASYNC_LIBRARIES = {"eventlet", "engineio", "simple_websocket", "wsproto", "greenlet"}
PUBLIC_EVENTLET = {"eventlet", "eventlet.patcher", "eventlet.tpool"}
GREEN_SIDE = re.compile(r"transport/green/.*")
IO_FREE = re.compile(r"transport/(_websocket_py|fast_path|protocol|handshake)\.py")
IO_LIBRARIES = ASYNC_LIBRARIES | {
    *("socket", "selectors", "select", "ssl", "threading", "queue", "time", "asyncio", "socketio", "werkzeug"),
}


def imported_names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every absolute import with its line, `from a import b` as a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def privates_in_transport(source: Source) -> list[str]:
    """Only transport/ knows what eventlet, Engine.IO and simple_websocket are made of; eventlet only in its adapter."""
    if not source.is_product:
        return []
    if source.package == "transport":
        is_green = GREEN_SIDE.fullmatch(source.path) is not None
        found = [] if is_green else imports_of(source, {"eventlet", "greenlet"})
        return [source.problem(line, f"{name} only in transport/green") for line, name in found]
    names = [(line, name) for line, name in imported_names(source.tree) if name.split(".")[0] in ASYNC_LIBRARIES]
    private = [(line, name) for line, name in names if name not in PUBLIC_EVENTLET]
    return [source.problem(line, f"{name} is a private part that only transport/ knows") for line, name in private]


def core_is_io_free(source: Source) -> list[str]:
    """The WebSocket protocol knows no socket, no thread, no clock and no event loop."""
    if not IO_FREE.fullmatch(source.path):
        return []
    inside = {"transport.wire", "transport.fast_path_socket", "transport.green", "transport.threads"}
    own = [(line, name) for line, name in imported(source.tree) if any(name.startswith(each) for each in inside)]
    found = [*imports_of(source, IO_LIBRARIES), *own]
    return [source.problem(line, f"{name} does input or output; the protocol does none") for line, name in found]


PYTHON_CHECKS: tuple[Check, ...] = (privates_in_transport, core_is_io_free)

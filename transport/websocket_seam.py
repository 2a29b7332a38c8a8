"""The seam between the server and its WebSockets: our own where they can be proven at start-up, stock where not.

`install` replaces, for the whole process, the WebSocket that Engine.IO uses in its eventlet or threading mode. Where
that fails its test, `open_fast_path` says False and frames arrive as ordinary events.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

from transport import _websocket_py
from transport.fast_path import BINARY, TEXT, FastPath, Take, fast_paths_of, frame_head
from transport.fast_path_socket import FastPathSocket
from transport.self_test import reader_problem, unmask_problem

try:
    import cy_frame

    COMPILED: Any = cy_frame
except ImportError:  # not built: the Python twin does the same, slower
    COMPILED = None

ADAPTERS = {"eventlet": "transport.green.websocket", "threading": "transport.threads.websocket"}
"""By async mode; one is imported, so that a server on threads needs no eventlet."""


@dataclass(frozen=True)
class SeamStatus:
    """What is active, for the log and the health page: `cython`, `python` or the name of the stock library."""

    unmask: str
    reader: str
    problems: tuple[str, ...] = ()

    @property
    def has_fast_path(self) -> bool:
        """Say whether frames can take the fast path."""
        return self.reader in {"cython", "python"}


# ------------------------------------------------------------------------------------ start-up


def install(logger: logging.Logger, kernels: Any = COMPILED, async_mode: str = "eventlet") -> SeamStatus:
    """Put the fast parts in place for this process, each as far as it passes its test; may be called again."""
    adapter: Any = import_module(ADAPTERS[async_mode])
    problems: list[str] = []
    unmask = _first_good(kernels, lambda each: adapter.stock_problem() or unmask_problem(each), problems)
    if unmask is not None:
        adapter.mend_unmasking(unmask.unmask)
    problem_of = partial(reader_problem, wire_and_queue=adapter.wire_and_queue, logger=logger)
    reader = _first_good(kernels, problem_of, problems)
    if reader is not None:
        adapter.use(reader, logger)
    status = SeamStatus(_name(unmask, adapter.STOCK), _name(reader, adapter.STOCK), tuple(problems))
    for problem in problems:
        logger.warning("websocket seam: %s", problem)
    logger.info("websocket seam: unmask %s, reader and fast path %s", status.unmask, status.reader)
    return status


def _first_good(kernels: Any, problem_of: Callable[[Any], str | None], problems: list[str]) -> Any | None:
    for candidate in (kernels, _websocket_py):
        problem = None if candidate is None else problem_of(candidate)
        if candidate is not None and problem is None:
            return candidate
        problems.append(problem or "cy_frame is not built: pictures cost more than they need to")
    return None


def _name(kernels: Any | None, stock: str) -> str:
    return stock if kernels is None else "python" if kernels is _websocket_py else "cython"


# ------------------------------------------------------------------------------------ fast paths


def open_fast_path(server: Any, sid: str, namespace: str, event: str, take: Take) -> bool:
    """Hand this connection's events of one name to `take` as (whole number, whole number, bytes).

    `take` runs in the connection's own greenlet or thread, returns the payload of the acknowledgement, and must not
    raise. Only events that ask for an acknowledgement and match to the letter come this way: keep the ordinary handler,
    which gets the rest. False where the connection has no fast path (long-polling, stock WebSocket).
    """
    owner = connection_of(server, sid, namespace)
    if owner is None:
        return False
    fast_paths_of(owner)[namespace, event] = FastPath(namespace, event, take)
    return isinstance(getattr(owner, "fast_path_socket", None), FastPathSocket)


def close_fast_path(server: Any, sid: str, namespace: str, event: str) -> None:
    """Let this connection's events of one name go the usual way again; harmless where no fast path is open."""
    owner = connection_of(server, sid, namespace)
    path = fast_paths_of(owner).pop((namespace, event), None) if owner is not None else None
    if path is not None:
        path.is_open = False


def connection_of(server: Any, sid: str, namespace: str) -> Any | None:
    """Return the Engine.IO connection of a Socket.IO client, None when it is gone."""
    eio_sid = server.manager.eio_sid_from_sid(sid, namespace)
    return server.eio.sockets.get(eio_sid)


# ------------------------------------------------------------------------------------ sending


def send_binary_event(
    server: Any,
    sid: str,
    namespace: str,
    event: str,
    index: Mapping[str, Any],
    chunks: Sequence[bytes],
    acknowledged: Callable[..., None] | None = None,
) -> None:
    """Send `event(index, bytes of all chunks)` to one client, without joining the chunks where our WebSocket serves.

    Keeps the order of what was sent to this client before. May wait for a slow client to read, so call it from a
    greenlet or thread that serves this client alone. `acknowledged` is called with what the client acknowledges.
    """
    owner = connection_of(server, sid, namespace)
    ws = getattr(owner, "fast_path_socket", None)
    if owner is None or ws is None or not owner.upgraded:
        server.emit(
            event, (index, b"".join(chunks)), to=sid, namespace=namespace, callback=acknowledged, ignore_queue=True
        )
        return
    place = "" if namespace == "/" else f"{namespace},"
    ack = "" if acknowledged is None else ws.expect_acknowledgement(f"43{place}", acknowledged)
    told = json.dumps(index, separators=(",", ":"))
    text = f'451-{place}{ack}[{json.dumps(event)},{told},{{"_placeholder":true,"num":0}}]'.encode()
    head = frame_head(TEXT, len(text)) + text + frame_head(BINARY, sum(map(len, chunks)))
    ws.send_gathered([head, *chunks])

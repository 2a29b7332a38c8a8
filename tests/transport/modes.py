"""Both async modes as the tests of the adapters see them: a wire, its queue, and something that runs meanwhile."""

from __future__ import annotations

import queue
import socket
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import eventlet
from eventlet.greenio import GreenSocket

from serving.tls import certificate
from transport.green.wire import GreenWire
from transport.threads.wire import ThreadWire, TlsThreadWire, WriterQueue
from transport.wire import Wire

WAIT_S = 20.0


@dataclass
class Line:
    """A wire, the browser at its other end, and the queue that Engine.IO's writer would empty."""

    wire: Wire
    browser: Any
    queue: Any
    meanwhile: Callable[..., Callable[[], Any]]
    """Starts a call and returns what waits for its result."""


@contextmanager
def green(_folder: Path) -> Iterator[Line]:
    """A line on eventlet."""
    ours, browser = socket.socketpair()
    browser.settimeout(WAIT_S)

    def meanwhile(call: Callable[..., Any], *args: Any) -> Callable[[], Any]:
        started = eventlet.spawn(call, *args)
        eventlet.sleep(0)
        return lambda: bounded(started.wait)

    with ours, browser:
        wire = GreenWire(GreenSocket(ours))
        try:
            yield Line(wire, browser, queue.Queue(), meanwhile)
        finally:
            wire.stop()


def bounded(wait: Callable[[], Any]) -> Any:
    with eventlet.Timeout(WAIT_S):
        return wait()


@contextmanager
def threads(_folder: Path) -> Iterator[Line]:
    """A line on threads."""
    ours, browser = socket.socketpair()
    browser.settimeout(WAIT_S)
    with ours, browser, ThreadPoolExecutor() as pool:
        try:
            yield Line(ThreadWire(ours), browser, WriterQueue(), meanwhile_in(pool))
        finally:
            browser.close()  # whoever waits for it goes on


@contextmanager
def tls_threads(folder: Path) -> Iterator[Line]:
    """A line on threads, with TLS."""
    served, asking = (ssl.SSLContext(kind) for kind in (ssl.PROTOCOL_TLS_SERVER, ssl.PROTOCOL_TLS_CLIENT))
    served.load_cert_chain(*map(str, certificate(folder, ["localhost"], ["127.0.0.1"])))
    asking.check_hostname, asking.verify_mode = False, ssl.CERT_NONE
    plain, other = socket.socketpair()
    with ThreadPoolExecutor() as pool:
        wrapping = pool.submit(served.wrap_socket, plain, server_side=True)
        other.settimeout(WAIT_S)
        browser = asking.wrap_socket(other)
        ours = wrapping.result(WAIT_S)
        with ours, browser:
            try:
                yield Line(TlsThreadWire(ours), browser, WriterQueue(), meanwhile_in(pool))
            finally:
                browser.close()


def meanwhile_in(pool: ThreadPoolExecutor) -> Callable[..., Callable[[], Any]]:
    def meanwhile(call: Callable[..., Any], *args: Any) -> Callable[[], Any]:
        started = pool.submit(call, *args)
        return lambda: started.result(WAIT_S)

    return meanwhile


LINES = {"green": green, "threads": threads, "tls-threads": tls_threads}

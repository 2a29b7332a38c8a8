"""Who is connected: counted, by address too, and kept below what the system lets this process hold open."""

import contextlib
import ipaddress
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from core.clock import Clock
from core.event_log import EventLog

MOST_CONNECTIONS = 4096
MOST_RESERVED = 256
"""Open files for everything else: database, log, evidence, analysis processes."""
TOLD_EVERY_S = 60.0
REMEMBERED_S = 600.0
IPV6_SITE_BITS = 64
"""What one customer of a provider has at least: whoever counts whole addresses counts nothing."""


@dataclass(frozen=True)
class Figures:
    """What the page about the server shows."""

    open: int
    most: int
    largest: int
    """Connections of the address that has most of them."""
    most_of_one: int
    let_go: int
    """Hung up on, because others needed the place, while nothing but their next bytes was waited for."""
    refused: int
    refused_lately: bool

    @property
    def is_short(self) -> bool:
        """Say whether somebody should allow the server more open files, or look who connects."""
        return self.refused_lately or self.open > 0.9 * self.most


class Connections:
    """Every open connection; when places run out, who keeps us waiting longest gives his to who comes next."""

    def __init__(self, most: int, most_of_one: int, clock: Clock, event_log: EventLog) -> None:
        self.most, self.most_of_one = most, most_of_one
        self._clock, self._event_log, self._lock = clock, event_log, Lock()
        self._open: dict[Any, str] = {}
        self._of_one: Counter[str] = Counter()
        self._waiting: dict[str, dict[Any, None]] = {}
        self._let_go = self._refused = 0
        self._refused_at = self._told_at = 0.0

    def enter(self, connection: Any, host: str) -> bool:
        """Give a new connection a place, if need be that of another; False when all are in use."""
        address = counted_address(host)
        with self._lock:
            is_free = self._make_room(address)
            if is_free:
                self._open[connection] = address
                self._of_one[address] += 1
                self._waiting.setdefault(address, {})[connection] = None
        if not is_free:
            self._refuse(address)
        return is_free

    def wait_for(self, connection: Any) -> None:
        """Note that the client has to say something now, as part of an HTTP request."""
        with self._lock:
            if connection in self._open:
                self._waiting.setdefault(self._open[connection], {})[connection] = None

    def serve(self, connection: Any) -> None:
        """Note that it is our turn: its place is in use."""
        with self._lock:
            self._no_longer_waits(connection)

    def leave(self, connection: Any) -> None:
        """Take back the place of a connection that is over."""
        with self._lock:
            self._forget(connection)

    def let_one_go(self) -> bool:
        """Hang up on who has kept us waiting longest, because the system has no more open files for us."""
        with self._lock:
            return self._hang_up(self._most_waiting())

    def figures(self) -> Figures:
        """Return how full it is."""
        with self._lock:
            largest = max(self._of_one.values(), default=0)
            lately = bool(self._refused) and self._clock.now() - self._refused_at < REMEMBERED_S
            told = (len(self._open), self.most, largest, self.most_of_one, self._let_go, self._refused, lately)
        return Figures(*told)

    def _make_room(self, address: str) -> bool:
        if self._of_one[address] >= self.most_of_one:
            return self._hang_up(address)
        return len(self._open) < self.most or self._hang_up(self._most_waiting())

    def _most_waiting(self) -> str:
        return max(self._waiting, key=lambda address: len(self._waiting[address]), default="")

    def _hang_up(self, address: str) -> bool:
        """Take the place of the one of an address that waits longest; its own greenlet or thread ends by itself."""
        oldest = next(iter(self._waiting.get(address, ())), None)
        if oldest is None:
            return False
        self._forget(oldest)
        self._let_go += 1
        cut(oldest)
        return True

    def _forget(self, connection: Any) -> None:
        self._no_longer_waits(connection)
        address = self._open.pop(connection, None)
        if address is not None:
            self._of_one[address] -= 1
            if not self._of_one[address]:
                del self._of_one[address]

    def _no_longer_waits(self, connection: Any) -> None:
        address = self._open.get(connection, "")
        waiting = self._waiting.get(address, {})
        waiting.pop(connection, None)
        if not waiting:
            self._waiting.pop(address, None)

    def _refuse(self, address: str) -> None:
        now = self._clock.now()
        with self._lock:
            self._refused += 1
            self._refused_at = now
            if now - self._told_at < TOLD_EVERY_S:
                return
            self._told_at = now
        full = self._of_one[address] >= self.most_of_one
        self._event_log.warn(
            "connections-refused", address=address, limit="of one address" if full else "of all", open=len(self._open)
        )


def counted_address(host: str) -> str:
    """Return what connections are counted by: an IPv4 address, or the 64 bits of an IPv6 site."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, IPV6_SITE_BITS), strict=False))


def cut(connection: Any) -> None:
    """End a connection under whoever reads it, who then finds its end."""
    # Past TLS, whose own shutdown would disturb the thread that reads; eventlet keeps the system's socket in fd.
    plain = getattr(connection, "fd", connection)
    with contextlib.suppress(OSError):
        socket.SocketType.shutdown(plain, socket.SHUT_RDWR)


def raise_file_limit(wanted: int = MOST_CONNECTIONS + MOST_RESERVED) -> int:
    """Let this process open as many files as it may, up to what it can use; return the limit that holds now."""
    try:
        import resource  # noqa: PLC0415 - Windows has neither the module nor the limit
    except ImportError:
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    best = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < best:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (best, hard))
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return wanted if soft == resource.RLIM_INFINITY else soft


def connections_for(
    proxies: int, clock: Clock, event_log: EventLog, raise_limit: Callable[[], int] = raise_file_limit
) -> Connections:
    """Return the places that this process has: one address gets half, a trusted proxy, which speaks for all, each."""
    files = raise_limit()
    most = max(1, min(MOST_CONNECTIONS, files - min(MOST_RESERVED, files // 4)))
    return Connections(most, most if proxies else max(1, most // 2), clock, event_log)

"""Knocks at a server on this machine as somebody would who wants it to fall over: `python -m tools.knock --port 5000`.

Thousands of connections that are reset at once, thousands that say nothing, and some whose requests never end; all
the while a visitor asks for a page, again and again. Prints how the visitor fared, and returns 1 if he was not served.
"""

from __future__ import annotations

import argparse
import contextlib
import resource
import socket
import ssl
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

HOST = "127.0.0.1"
MOST_RESETS, MOST_SILENT = 100_000, 20_000
ANSWER_S = 20.0
RESET = struct.pack("ii", 1, 0)  # SO_LINGER with no time: close() sends RST
REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
SLOW = b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 9000\r\n\r\nx"


@dataclass
class Visits:
    """How a visitor fared: the seconds of each answer, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        worst = max(self.seconds, default=0.0)
        failed = f", {len(self.failed)} not: {self.failed[0]}" if self.failed else ""
        return f"{len(self.seconds)} visits answered, the slowest in {worst * 1000:.0f} ms{failed}"


def visit(port: int, tls: bool) -> str:
    """Ask for a page as a browser would and return the first line of the answer."""
    asking = socket.create_connection((HOST, port), timeout=ANSWER_S)
    if tls:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        asking = context.wrap_socket(asking)
    with asking:
        asking.sendall(REQUEST)
        answer = asking.recv(1000)
        return answer.split(b"\r\n")[0].decode()


@contextlib.contextmanager
def visitor(port: int, tls: bool) -> Iterator[Visits]:
    """Visit the server again and again until the block is over."""
    visits, is_over = Visits(), threading.Event()

    def go() -> None:
        while not is_over.wait(0.02):
            begun = time.monotonic()
            try:
                answer = visit(port, tls)
            except OSError as error:
                answer = f"{error!r}"
            if answer.endswith("200 OK"):
                visits.seconds.append(time.monotonic() - begun)
            else:
                visits.failed.append(answer)

    asking = threading.Thread(target=go, daemon=True)
    asking.start()
    try:
        yield visits
    finally:
        is_over.set()
        asking.join(2 * ANSWER_S)


def reset(port: int, count: int) -> int:
    """Connect and reset so many times; return how many times that worked."""
    done = 0
    for _ in range(min(count, MOST_RESETS)):
        with contextlib.suppress(OSError), socket.socket() as knocking:
            knocking.settimeout(ANSWER_S)
            knocking.connect((HOST, port))
            knocking.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            done += 1
    return done


@contextlib.contextmanager
def silent(port: int, count: int, says: bytes = b"") -> Iterator[list[socket.socket]]:
    """Hold so many connections open that say nothing, or begin a request and stop."""
    held: list[socket.socket] = []
    try:
        for _ in range(min(count, MOST_SILENT)):
            with contextlib.suppress(OSError):
                held.append(socket.create_connection((HOST, port), timeout=ANSWER_S))
                held[-1].sendall(says)
        yield held
    finally:
        for one in held:
            one.close()


def allow_files(wanted: int) -> None:
    """Let this process hold so many connections, as far as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, allowed), hard))


def attack(port: int, tls: bool, resets: int, quiet: int, tell: Callable[[str], object]) -> Visits:
    """Do all of it, one after the other, and return how the visitor fared."""
    allow_files(quiet + 500)
    with visitor(port, tls) as visits:
        tell(f"{reset(port, resets)} connections reset: {visits}")
        for name, says in (("say nothing", b""), ("stop inside a request", b"" if tls else SLOW)):
            with silent(port, quiet, says) as held:
                seen = len(visits.seconds)
                deadline = time.monotonic() + ANSWER_S
                while len(visits.seconds) < seen + 10 and time.monotonic() < deadline:
                    time.sleep(0.05)
                tell(f"{len(held)} connections that {name}: {visits}")
    return visits


def main(arguments: list[str] | None = None) -> int:
    """Attack the server on a port of this machine; bounded in count and time."""
    parser = argparse.ArgumentParser(prog="python -m tools.knock", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="port of the server, on this machine alone")
    parser.add_argument("--tls", action="store_true", help="the server speaks HTTPS")
    parser.add_argument("--resets", type=int, default=10_000)
    parser.add_argument("--silent", type=int, default=2_000)
    given = parser.parse_args(arguments)
    visits = attack(given.port, given.tls, given.resets, given.silent, print)
    return 1 if visits.failed or not visits.seconds else 0


if __name__ == "__main__":
    sys.exit(main())

"""What every process that the server starts does first: the socket it was given, its own log, a low priority."""

import argparse
import contextlib
import logging
import os
import signal
import socket
from collections.abc import Iterator

from detection.processes.native_output import STDERR

NICENESS = 5  # the web process must stay smooth while others work for it


@contextlib.contextmanager
def inherited_socket(name: str, arguments: list[str] | None = None) -> Iterator[socket.socket]:
    """Read `--fd N` from the command line and give the socket to the server on that descriptor."""
    parser = argparse.ArgumentParser(description=f"The {name} process of Examonitor; started by the server.")
    parser.add_argument("--fd", type=int, required=True, help="descriptor of the socket to the server")
    options = parser.parse_args(arguments)
    own = os.fdopen(os.dup(STDERR), "w", buffering=1, encoding="utf-8")  # stays open while libraries are silenced
    logging.basicConfig(level=logging.WARNING, format=f"{name} %(process)d: %(message)s", stream=own)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then hangs up
    os.nice(NICENESS)
    with socket.socket(fileno=options.fd) as connection:
        connection.setblocking(True)  # a patched parent makes its sockets non-blocking, and ours with them
        yield connection

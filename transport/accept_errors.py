"""What both HTTP servers do where a connection cannot be accepted."""

import errno
import logging
from collections.abc import Callable
from pathlib import Path

from transport.connections import Connections

Certificate = tuple[Path, Path] | None
"""The files of a certificate and its key."""
PAUSE_S = 0.05
LISTENER_GONE = {errno.EBADF, errno.EINVAL, errno.ENOTSOCK, errno.EOPNOTSUPP}
"""Errors of accept() that mean the listening socket; any other is that of one connection, or passes."""
OUT_OF_FILES = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}

logger = logging.getLogger(__name__)


def after_failed_accept(error: OSError, connections: Connections, sleep: Callable[[float], object]) -> None:
    """Get over an error of accept(): raise it when nobody can be accepted any more, else wait where that helps."""
    if error.errno in LISTENER_GONE:
        raise error
    if error.errno in OUT_OF_FILES:
        connections.let_one_go()
        sleep(PAUSE_S)
    logger.debug("a connection was not accepted: %s", error)

"""What model libraries write past Python's logging, for whoever loads one: they offer no switch for it."""

import contextlib
import os
import sys
from collections.abc import Iterator

STDERR = 2  # descriptor


@contextlib.contextmanager
def native_silence() -> Iterator[None]:
    """Send what libraries write past Python's logging to nowhere: dozens of lines for each start say nothing."""
    sys.stderr.flush()
    kept = os.dup(STDERR)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, STDERR)
    try:
        yield
    finally:
        os.dup2(kept, STDERR)
        os.close(kept)
        os.close(nowhere)

"""The process that reads one exam paper: `python -m rooms.setup.paper_reader pdf|markdown`, by standard input.

Its limits are its own, set before it reads a byte; rooms/setup/paper_process.py starts and ends it.
"""

import os
import resource
import sys

from rooms.setup.exam_paper import pages_in, render_markdown
from rooms.setup.paper_process import BAD, PDF, READ

CPU_SECONDS = 10
MEMORY_BYTES = 640 * 1024**2
"""Of address space: Python and the libraries take about 150 MiB, the largest file that may be uploaded 20."""
OUTPUT_BYTES = 4 * 1024**2
"""The longest text that may be typed makes half a megabyte of HTML at most."""
TOO_HEAVY = 2
NICE = 10


def main(kind: str) -> int:
    """Read what is there and return the status to end with."""
    os.nice(NICE)
    for what, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, OUTPUT_BYTES),
    ):
        resource.setrlimit(what, (most, most))
    content = sys.stdin.buffer.read()
    try:
        if kind == PDF:
            return READ if pages_in(content) else BAD
        sys.stdout.buffer.write(render_markdown(content.decode()).encode())
        sys.stdout.buffer.flush()
    except (MemoryError, OSError):
        return TOO_HEAVY
    return READ


if __name__ == "__main__":
    # Not sys.exit: what a library left running or wants to clean up is of no use to anybody here.
    os._exit(main(sys.argv[1]))

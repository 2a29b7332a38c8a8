"""Measures for how long a server in eventlet mode stands still while its database keeps somebody waiting.

`python -m tools.store_stall locked` has another process lock a SQLite database of its own for --seconds;
`python -m tools.store_stall slow` gives it a disk that takes --seconds to keep anything (for which it needs gcc);
`python -m tools.store_stall ADDRESS` runs three queries of a second each at once on a PostgreSQL server.
Prints one JSON object with `longest_stall_ms`; the probe is the only client, on this machine alone.
"""

import sys

from serving.green import patch_for

patch_for(sys.argv)

import argparse  # noqa: E402
import itertools  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import sqlite3  # noqa: E402
import subprocess  # noqa: E402
import tempfile  # noqa: E402
import threading  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable, Iterator, Mapping  # noqa: E402
from contextlib import contextmanager  # noqa: E402
from pathlib import Path  # noqa: E402

from sqlalchemy import text  # noqa: E402

from serving.blocking import run_blocking_for  # noqa: E402
from store.database.migrate import upgrade  # noqa: E402
from store.database.scrub import scrub  # noqa: E402
from store.errors import StoreUnavailable  # noqa: E402
from store.session import Database  # noqa: E402

HOLD = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.readline()
held.execute("ROLLBACK")
"""
SLOW_DISK = """
#define _GNU_SLOW_DISK
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static void take_time(void) {
    const char *milliseconds = getenv("SLOW_DISK_MS");
    if (milliseconds) usleep(1000 * atoi(milliseconds));
}
int fsync(int file) { take_time(); return syscall(SYS_fsync, file); }
int fdatasync(int file) { take_time(); return syscall(SYS_fdatasync, file); }
"""
"""A library that makes each wait for the disk as long as one says."""
BEAT_S = 0.005
QUERIES, QUERY_S = 3, 1.0
WRITERS = 20
FILL = "INSERT INTO filling VALUES (zeroblob(6000000))"
"""More pages than SQLite keeps in its log before it moves them into the database."""
MOST_SECONDS = 60
SLOWED = "slowed"


class Pulse:
    """Beats in a thread of its own; a gap between two beats is a time in which nothing else could run either."""

    def __init__(self) -> None:
        self._beats: list[float] = []
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._beat)

    def __enter__(self) -> "Pulse":
        self._beats.append(time.monotonic())
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._end.set()
        self._thread.join()
        self._beats.append(time.monotonic())

    def longest_ms(self) -> float:
        """Return the longest gap so far."""
        return round(1000 * max(after - before for before, after in itertools.pairwise(self._beats)), 1)

    def _beat(self) -> None:
        while not self._end.is_set():
            self._beats.append(time.monotonic())
            time.sleep(BEAT_S)


def together(acts: list[Callable[[], None]]) -> None:
    """Do all of this at once and wait for the last."""
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def opened(address: str) -> Database:
    """Open a database as the server does."""
    return Database(address, run_blocking_for("eventlet"))


def while_queries_run(address: str) -> dict[str, float]:
    """Measure with three slow queries under way."""
    database = opened(address)

    def ask() -> None:
        with database.read() as session:
            session.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": QUERY_S})

    began = time.monotonic()
    with Pulse() as pulse:
        together([ask] * QUERIES)
    took = time.monotonic() - began
    database.close()
    return {"longest_stall_ms": pulse.longest_ms(), "took_s": round(took, 2)}


@contextmanager
def locked_by_another_process(path: Path, seconds: float) -> Iterator[None]:
    """Let another process hold the write lock of a database for so long."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        lines_in, lines_out = holder.stdin, holder.stdout
        assert lines_in is not None and lines_out is not None  # noqa: S101 - both are pipes
        lines_out.readline()
        release = threading.Timer(seconds, lines_in.close)
        release.start()
        yield
        release.join()


def while_locked(seconds: float) -> dict[str, float]:
    """Measure with many writers who wait for a lock, and one reader who must not."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "exam.db"
        upgrade(f"sqlite:///{path}")
        database = opened(f"sqlite:///{path}")
        refused: list[str] = []
        reads: list[float] = []

        def write() -> None:
            try:
                database.check()
            except (StoreUnavailable, sqlite3.Error) as error:
                refused.append(str(error))

        def read() -> None:
            time.sleep(min(seconds, 1) / 2)
            began = time.monotonic()
            with database.read() as session:
                session.execute(text("SELECT count(*) FROM rooms"))
            reads.append(time.monotonic() - began)

        with locked_by_another_process(path, seconds), Pulse() as pulse:
            together([*[write] * WRITERS, read])
        database.close()
    told = {"longest_stall_ms": pulse.longest_ms(), "read_ms": round(1000 * reads[0], 1)}
    return {**told, "written": WRITERS - len(refused), "refused": len(refused)}


def on_a_slow_disk() -> dict[str, float]:
    """Measure with a large change, a small one and the emptying of the log, each waiting for the disk."""
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/exam.db"
        upgrade(address)
        database = opened(address)
        with database.session() as session:
            session.execute(text("CREATE TABLE filling (content BLOB)"))
        began = time.monotonic()
        with Pulse() as pulse:
            with database.session() as session:
                session.execute(text(FILL))
            database.check()
            is_scrubbed = scrub(database)
        took = time.monotonic() - began
        database.close()
    return {"longest_stall_ms": pulse.longest_ms(), "took_s": round(took, 2), "scrubbed": is_scrubbed}


def build_slow_disk(folder: Path) -> Path:
    """Build the library in a folder and return where it is.

    Raises:
        OSError: there is no gcc.
        CalledProcessError: it fails.
    """
    library = folder / "slow_disk.so"
    command = ["gcc", "-shared", "-fPIC", "-O1", "-x", "c", "-", "-o", str(library)]
    subprocess.run(command, input=SLOW_DISK, text=True, check=True)
    return library


def slow_disk(library: Path, milliseconds: int) -> Mapping[str, str]:
    """Return the environment of a program whose disk takes so long to keep anything."""
    return {**os.environ, "LD_PRELOAD": str(library), "SLOW_DISK_MS": str(milliseconds)}


def with_a_slow_disk(seconds: float) -> int:
    """Run this program once more, on a slow disk."""
    with tempfile.TemporaryDirectory() as folder:
        environment = slow_disk(build_slow_disk(Path(folder)), int(1000 * seconds))
        command = [sys.executable, "-m", "tools.store_stall", SLOWED]
        return subprocess.run(command, env=environment, check=False).returncode


def probe(what: str, seconds: float) -> dict[str, float]:
    """Run one probe and return what it found."""
    if what == SLOWED:
        return on_a_slow_disk()
    return while_locked(seconds) if what == "locked" else while_queries_run(what)


def main() -> int:
    """Run one probe and print what it found."""
    parser = argparse.ArgumentParser(prog="tools.store_stall", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", help="locked, slow, or the SQLAlchemy address of a PostgreSQL server")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long the lock or the disk takes (default 20)")
    given = parser.parse_args()
    seconds = min(given.seconds, MOST_SECONDS)
    if given.what == "slow":
        return with_a_slow_disk(seconds)
    print(json.dumps(probe(given.what, seconds)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Under eventlet all connections share one thread: nothing the database does may keep that thread waiting."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import Any

import pytest

from settings import REPOSITORY

pytestmark = pytest.mark.slow

QUERIES_MS, LOCKED_S, SLOW_S = 1000, 3, 1


def probe(*arguments: str) -> dict[str, Any]:
    """What tools/store_stall.py found, in a process that is patched as the server's is."""
    command = [sys.executable, "-m", "tools.store_stall", *arguments]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_queries_of_postgresql_keep_nobody_else_waiting(postgres_server: str) -> None:
    found = probe(postgres_server)
    assert found["longest_stall_ms"] < QUERIES_MS / 2, found
    assert found["took_s"] < 3 * QUERIES_MS / 1000, "three of a second each ran at the same time"


def test_a_database_locked_by_another_process_keeps_writers_waiting_and_nobody_else() -> None:
    found = probe("locked", "--seconds", str(LOCKED_S))
    assert found["longest_stall_ms"] < 1000 * LOCKED_S / 3, found
    assert found["read_ms"] < 1000 * LOCKED_S / 3, "readers wait for no writer"
    assert (found["written"], found["refused"]) == (20, 0), "whoever waited was served after all"


@pytest.mark.skipif(shutil.which("gcc") is None, reason="a slow disk is made with gcc")
def test_a_disk_that_takes_its_time_keeps_whoever_writes_waiting_and_nobody_else() -> None:
    found = probe("slow", "--seconds", str(SLOW_S))
    assert found["longest_stall_ms"] < 1000 * SLOW_S / 2, found
    assert found["took_s"] > 3 * SLOW_S, "changes and the emptying of the log did wait for the disk"
    assert found["scrubbed"]

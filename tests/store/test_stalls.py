"""Under eventlet all connections share one thread: nothing the database does may keep that thread waiting."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from settings import REPOSITORY

QUERIES_MS, LOCKED_S = 1000, 3


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

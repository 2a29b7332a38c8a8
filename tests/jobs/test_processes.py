"""Whole processes: several at once take no job twice, and one that is killed in the middle loses none."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import ColumnElement, func, select

from jobs.ground import Ground
from settings import REPOSITORY
from store.delivery.outbox import DONE, JobRow
from tests.flows.live_server import wait_until
from tests.jobs.outbox import put, row_of

pytestmark = pytest.mark.slow
JOBS = 120


@contextmanager
def scribe(address: str, path: Path, lease_s: float) -> Iterator[subprocess.Popen[bytes]]:
    """A process that does jobs; killed at the end."""
    command = [sys.executable, "-m", "tests.jobs.scribe", address, str(path), str(lease_s)]
    process = subprocess.Popen(command, cwd=REPOSITORY)
    try:
        yield process
    finally:
        process.kill()
        process.wait(20)


def written(path: Path) -> list[list[str]]:
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


def count(ground: Ground, *conditions: ColumnElement[bool]) -> int:
    with ground.database.read() as session:
        return session.scalar(select(func.count()).select_from(JobRow).where(*conditions)) or 0


def test_several_at_once_do_each_job_exactly_once(ground: Ground, migrated: str, tmp_path: Path) -> None:
    path = tmp_path / "written"
    for number in range(JOBS):
        put(ground, "write", number=number)
    with scribe(migrated, path, 30), scribe(migrated, path, 30), scribe(migrated, path, 30):
        wait_until(lambda: count(ground, JobRow.kind == "write", JobRow.state == DONE) == JOBS, "all are done")
    assert Counter(int(line[0]) for line in written(path)) == Counter(range(JOBS))
    assert count(ground, JobRow.kind == "kept") == JOBS
    assert len({line[1] for line in written(path)}) > 1, "more than one of them worked"


def test_a_job_that_is_cut_off_by_sigkill_is_done_by_the_next_and_kept_once(
    ground: Ground, migrated: str, tmp_path: Path
) -> None:
    path = tmp_path / "written"
    job = put(ground, "write", number=1, hold=True)
    with scribe(migrated, path, 1.0) as killed:
        wait_until(lambda: written(path), "it began")
        killed.kill()
        killed.wait(20)
    assert count(ground, JobRow.kind == "kept") == 0
    with scribe(migrated, path, 1.0):
        wait_until(lambda: row_of(ground, job).state == DONE, "the next did it")
    assert [line[2] for line in written(path)] == ["1", "2"]
    assert count(ground, JobRow.kind == "kept") == 1

"""A private PostgreSQL server in a temporary folder, for the tests that must hold on both databases."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

DEBIAN = Path("/usr/lib/postgresql")


def binaries() -> Path | None:
    """The folder with initdb and pg_ctl: Debian keeps it off PATH, one per version."""
    folders = sorted(DEBIAN.glob("*/bin"), key=lambda folder: int(folder.parent.name))
    on_path = shutil.which("initdb")
    found = [folder for folder in folders if (folder / "initdb").is_file()]
    if found:
        return found[-1]
    return Path(on_path).resolve().parent if on_path else None


def present(environ: Mapping[str, str]) -> Path:
    """The binaries; skips the test without them, and fails it where they are required."""
    found = binaries()
    if found is None:
        missing = "no PostgreSQL server on this machine (Debian package `postgresql`)"
        if environ.get("EXAM_REQUIRE_MEDIA") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    return found


@contextmanager
def running(programs: Path) -> Iterator[str]:
    """Start a server that listens on a socket in its own folder alone; gives its SQLAlchemy address."""
    user = _unprivileged()
    with tempfile.TemporaryDirectory(prefix="exam-pg-") as name:
        folder = Path(name)
        if user is not None:
            shutil.chown(folder, user)
        data = folder / "data"
        run = {"check": True, "capture_output": True, "timeout": 90, "cwd": folder, "user": user}
        make = [programs / "initdb", "-D", data, "-U", "exam", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
        subprocess.run(make, **run)  # type: ignore[call-overload]
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        start = [programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"]
        subprocess.run(start, **run)  # type: ignore[call-overload]
        try:
            yield f"postgresql+psycopg://exam@/postgres?host={folder}"
        finally:
            subprocess.run([programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"], **run)  # type: ignore[call-overload]


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: then some other user of the system must do."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"

"""Capsules: pictures as they came, in files that are whole or not there."""

from __future__ import annotations

import hashlib
import io
import json
import signal
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence.capsule import CapsuleFolder, capsule
from evidence.manifest import manifest
from tests.evidence.samples.capsules import a_window, an_alert, circumstances
from tests.house.project_files import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> CapsuleFolder:
    return CapsuleFolder(tmp_path, keep_free=0)


def files_in(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.rglob("*") if one.is_file())


def test_a_capsule_has_the_very_pictures_and_their_manifest() -> None:
    window = a_window()
    said = manifest(an_alert(), window, circumstances())
    with zipfile.ZipFile(io.BytesIO(capsule(said, window))) as archive:
        assert archive.read("manifest.json") == said
        pictures = [archive.read(one["name"]) for one in json.loads(said)["pictures"]]
        assert len(archive.namelist()) == 1 + len(pictures)
    assert pictures == [one.jpeg for one in window.frames]


def test_a_capsule_is_kept_read_and_dropped(folder: CapsuleFolder) -> None:
    assert folder.names("r1") == []
    assert folder.keep("r1", "a1.sealed", [b"one ", b"two"])
    assert folder.read("r1", "a1.sealed") == b"one two"
    assert folder.names("r1") == ["a1.sealed"]
    folder.drop("r1", "a1.sealed")
    folder.drop("r1", "a1.sealed")
    assert folder.names("r1") == []


def test_a_room_is_dropped_and_no_other(folder: CapsuleFolder, tmp_path: Path) -> None:
    folder.keep("r1", "a1", [b"one"])
    folder.keep("r2", "a2", [b"two"])
    assert folder.drop_room("r1")
    assert folder.drop_room("r1")
    assert files_in(tmp_path) == ["a2"]


def test_a_capsule_is_never_written_over(folder: CapsuleFolder, tmp_path: Path) -> None:
    assert folder.keep("r1", "a1", [b"first"])
    assert not folder.keep("r1", "a1", [b"second"])
    assert folder.read("r1", "a1") == b"first"
    assert files_in(tmp_path) == ["a1"]


def test_nothing_stays_of_one_that_could_not_be_made(folder: CapsuleFolder, tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="gone"):
        folder.keep("r1", "a1", pieces())
    assert files_in(tmp_path) == []


def test_the_last_of_the_disk_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="free space"):
        CapsuleFolder(tmp_path, keep_free=1 << 62).keep("r1", "a1", [b"x"])
    assert files_in(tmp_path) == []


# ------------------------------------------------------------------------------------ killed in the middle

CHILD = """
    import os, signal, sys
    from pathlib import Path
    from evidence.capsule import CapsuleFolder

    def pieces(kill_after):
        for number in range(40):
            if number == kill_after:
                os.kill(os.getpid(), signal.SIGKILL)
            yield bytes([number]) * 100_000

    folder, kill_after = CapsuleFolder(Path(sys.argv[1]), keep_free=0), int(sys.argv[2])
    folder.keep("r1", "whole", pieces(None))
    folder.keep("r1", "half", pieces(kill_after))
"""
WHOLE = hashlib.sha256(b"".join(bytes([number]) * 100_000 for number in range(40))).hexdigest()
WRITER = """
    import itertools, sys
    from pathlib import Path
    from evidence.capsule import CapsuleFolder

    folder = CapsuleFolder(Path(sys.argv[1]), keep_free=0)
    for number in itertools.count():
        folder.keep("r1", f"c{number}", (bytes([piece]) * 100_000 for piece in range(40)))
        print(number, flush=True)
"""


def child(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("kill_after", [0, 1, 39])
def test_a_process_killed_while_it_writes_leaves_no_half_capsule(tmp_path: Path, kill_after: int) -> None:
    with child(CHILD, tmp_path, kill_after) as process:
        assert process.wait(timeout=60) == -signal.SIGKILL
    folder = CapsuleFolder(tmp_path)
    assert folder.names("r1") == ["whole"]
    assert hashlib.sha256(folder.read("r1", "whole")).hexdigest() == WHOLE
    assert folder.tidy() == 1
    assert files_in(tmp_path) == ["whole"]


def test_a_process_killed_at_any_moment_leaves_whole_capsules_alone(tmp_path: Path) -> None:
    with child(WRITER, tmp_path) as process:
        assert process.stdout is not None
        for _ in range(3):
            process.stdout.readline()
        process.kill()
    folder = CapsuleFolder(tmp_path)
    assert len(folder.names("r1")) >= 3
    assert {hashlib.sha256(folder.read("r1", name)).hexdigest() for name in folder.names("r1")} == {WHOLE}
    folder.tidy()
    assert files_in(tmp_path) == folder.names("r1")

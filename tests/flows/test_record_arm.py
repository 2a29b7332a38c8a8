"""`app.py record-arm` over a real TLS socket: a phone records, a crash in between, and what is kept can be read."""

from __future__ import annotations

import json
import os
import re
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from detection.sensing.arm.recordings import read_folder
from tests.detection.arms import batches, raised, rows
from tests.media import ROOT


class Recorder:
    """The command as a process of its own, and a phone that talks to it."""

    def __init__(self, folder: Path, out: Path, label: str = "use_telephone") -> None:
        command = [sys.executable, "-W", "ignore", "app.py", "record-arm", "--label", label, "--person", "p07"]
        command += ["--out", str(out), "--host", "127.0.0.1"]
        environ = {name: value for name, value in os.environ.items() if not name.startswith("EXAM_")}
        environ |= {"EXAM_DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert self.process.stdout is not None
        self.said: list[str] = []
        for line in self.process.stdout:
            self.said.append(line)
            if found := re.search(r"https://\S+", line):
                self.address = urlsplit(found[0])
                break
        self.trust = ssl.create_default_context(cafile=str(folder / "tls" / "certificate.pem"))

    def ask(self, method: str, path: str, body: bytes | None = None, root: str | None = None) -> tuple[int, bytes]:
        wire = HTTPSConnection("127.0.0.1", self.address.port, context=self.trust, timeout=20)
        wire.request(method, (self.address.path if root is None else root) + path, body)
        answer = wire.getresponse()
        told = answer.status, answer.read()
        wire.close()
        return told

    def post(self, path: str, body: bytes = b"") -> dict[str, Any]:
        status, answer = self.ask("POST", path, body)
        assert status == 200, answer
        told: dict[str, Any] = json.loads(answer)
        return told

    def move(self, name: str, told: Any) -> dict[str, Any]:
        """Send movement as the phone's page does: rows that begin with milliseconds."""
        answer: dict[str, Any] = {}
        for reading in batches(told):
            part = bytearray(reading.data)
            values = memoryview(part).cast("f")
            for row in range(0, len(values), 4):
                values[row] *= 1000
            answer = self.post(f"readings/{name}?at={reading.at * 1000}", bytes(part))
        return answer

    def stop(self, how: signal.Signals = signal.SIGINT) -> str:
        self.process.send_signal(how)
        rest, _ = self.process.communicate(timeout=30)
        return "".join(self.said) + rest


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    made = Recorder(tmp_path / "data", tmp_path / "out")
    yield made
    if made.process.poll() is None:
        made.stop(signal.SIGKILL)


def test_a_phone_records_and_the_recording_can_be_trained_with(recorder: Recorder, tmp_path: Path) -> None:
    status, page = recorder.ask("GET", "")
    assert status == 200
    assert b"use_telephone" in page
    assert b"%(seconds)s" in page
    assert recorder.ask("GET", "", root="/")[0] == 404
    assert recorder.ask("GET", "/static/js/sensors/motion.js", root="")[0] == 200
    name = recorder.post("begin")["name"]
    assert recorder.move(name, raised(6.0))["rows"] == 360
    assert recorder.ask("POST", f"readings/{name}?at=x", bytes(16))[0] == 400
    assert recorder.ask("POST", f"readings/{name}?at=1", bytes(15))[0] == 400
    assert recorder.ask("POST", "readings/other?at=1", bytes(16))[0] == 409
    assert recorder.ask("POST", f"readings/{name}?at=1", bytes(200_000))[0] == 413
    kept = recorder.post("end")["kept"]
    assert kept == f"{name}.txt"
    assert "1 recordings of use_telephone by p07" in recorder.stop()
    (recording,) = read_folder(tmp_path / "out")
    assert (recording.label, recording.person, len(recording.rows)) == ("use_telephone", "p07", 360)


def test_what_a_crash_left_is_kept_at_the_next_start(recorder: Recorder, tmp_path: Path) -> None:
    name = recorder.post("begin")["name"]
    recorder.move(name, rows(5.0, 3.0))
    recorder.stop(signal.SIGKILL)
    again = Recorder(tmp_path / "data", tmp_path / "out", "walk")
    assert f"kept {name}.txt" in again.stop()
    (recording,) = read_folder(tmp_path / "out")
    assert recording.label == "use_telephone"


def test_an_unknown_label_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "ignore", "app.py", "record-arm", "--label", "dance", "--person", "p07"]
    environ = {**os.environ, "EXAM_DATA_DIR": str(tmp_path / "data")}
    done = subprocess.run(
        [*command, "--out", str(tmp_path / "out")], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "use_telephone" in done.stderr

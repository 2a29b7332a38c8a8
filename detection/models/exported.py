"""Models that were made: on this machine, or here for everybody; a receipt says what each is and proves it."""

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from detection.models.shelf import sha256_of

FOLDER = "exported"
RECEIPT = "receipt.json"
SHIPPED = Path(__file__).with_name("files") / "exam_objects"
"""The model that comes with the server (docs/phone-model.md)."""
OUTDONE = "yolo11n.pt", "yolov8n.pt"
"""Weights that older versions made a model of at their first start; the shipped one finds more."""


@dataclass(frozen=True)
class Export:
    """An exported model: its folder, the weights it came from, and what its class numbers mean."""

    folder: Path
    weights: str
    precision: str
    names: Mapping[int, str]
    told_from: float | None = None
    """The score of a phone from which it is told, where the model's own was chosen."""
    doubtful: tuple[float, float] | None = None
    """The scores of phones that a second look decides."""

    @property
    def path(self) -> Path:
        """Return the file that OpenVINO opens; its weights lie beside it."""
        return self.folder / "model.xml"


def find(cache: Path, name: str) -> Export | None:
    """Return the exported model of this name, or None where there is none or its files are not what was exported."""
    return read(cache / FOLDER / name)


def shipped() -> Export | None:
    """Return the model that comes with the server, or None where its files are not what was shipped."""
    return read(SHIPPED)


def read(folder: Path) -> Export | None:
    """Return the model in a folder with a receipt, or None."""
    try:
        receipt = json.loads((folder / RECEIPT).read_text(encoding="utf-8"))
        right = all(sha256_of(folder / file) == digest for file, digest in receipt["sha256"].items())
        names = {int(number): str(label) for number, label in receipt["names"].items()}
        told_from, doubtful = receipt.get("told_from"), receipt.get("doubtful")
        limits = told_from, None if doubtful is None else (float(doubtful[0]), float(doubtful[1]))
        return Export(folder, receipt["weights"], receipt["precision"], names, *limits) if right else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def find_first(places: Iterable[Path], name: str) -> Export | None:
    """Return the exported model of this name from the first of the folders that has it."""
    return next(filter(None, (find(place, name) for place in places)), None)


def keep(made: Path, cache: Path, name: str, weights: str, precision: str, names: Mapping[str, str]) -> Export:
    """Copy an OpenVINO model (one .xml, one .bin) into the cache in place of an older one, with its receipt.

    `names` are those of its classes by number, the numbers written out as JSON has them.

    Raises:
        FileNotFoundError: the folder holds no such pair of files.
    """
    return write(made, Export(cache / FOLDER / name, weights, precision, {int(n): label for n, label in names.items()}))


def write(made: Path, export: Export) -> Export:
    """Copy an OpenVINO model into the export's folder in place of what is there, with the receipt of this export.

    Raises:
        FileNotFoundError: `made` holds no .xml and .bin.
    """
    sources = {f"model{ending}": next(iter(sorted(made.glob(f"*{ending}"))), None) for ending in (".xml", ".bin")}
    folder = export.folder
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for file, source in sources.items():
        if source is None:
            raise FileNotFoundError(f"no {file[5:]} file in {made}")
        shutil.copyfile(source, part / file)
    digests = {file: sha256_of(part / file) for file in sources}
    told = {key: value for key, value in asdict(export).items() if key != "folder" and value is not None}
    receipt = told | {"sha256": digests}
    (part / RECEIPT).write_text(json.dumps(receipt, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
    return export

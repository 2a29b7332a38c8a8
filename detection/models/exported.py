"""Models that were made on this machine: where they lie, and a receipt that says what they are and proves it."""

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from detection.models.shelf import sha256_of

FOLDER = "exported"
RECEIPT = "receipt.json"


@dataclass(frozen=True)
class Export:
    """An exported model: its folder, the weights it came from, and what its class numbers mean."""

    folder: Path
    weights: str
    precision: str
    names: Mapping[int, str]

    @property
    def path(self) -> Path:
        """Return the file that OpenVINO opens; its weights lie beside it."""
        return self.folder / "model.xml"


def find(cache: Path, name: str) -> Export | None:
    """Return the exported model of this name, or None where there is none or its files are not what was exported."""
    folder = cache / FOLDER / name
    try:
        receipt = json.loads((folder / RECEIPT).read_text(encoding="utf-8"))
        right = all(sha256_of(folder / file) == digest for file, digest in receipt["sha256"].items())
        names = {int(number): str(label) for number, label in receipt["names"].items()}
        return Export(folder, receipt["weights"], receipt["precision"], names) if right else None
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
    sources = {f"model{ending}": next(iter(sorted(made.glob(f"*{ending}"))), None) for ending in (".xml", ".bin")}
    part, folder = cache / FOLDER / f"{name}.part", cache / FOLDER / name
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for file, source in sources.items():
        if source is None:
            raise FileNotFoundError(f"no {file[5:]} file in {made}")
        shutil.copyfile(source, part / file)
    export = Export(folder, weights, precision, {int(number): label for number, label in names.items()})
    digests = {file: sha256_of(part / file) for file in sources}
    receipt = {key: value for key, value in asdict(export).items() if key != "folder"} | {"sha256": digests}
    (part / RECEIPT).write_text(json.dumps(receipt, indent=1), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
    return export

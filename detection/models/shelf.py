"""Model files: what there should be, where it is, and how to get it; nothing here reads the environment."""

import hashlib
import shutil
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detection.models.sources import WHEELS, AddressSource, ExportSource, FetchError, PackageSource, Source
from detection.models.unpacking import UnpackError, is_unpacked, unpack

MANIFEST = Path(__file__).with_name("models.toml")
FACE_RUNTIME = "mediapipe"
BLOCK = 1 << 20
SOURCES: Mapping[str, Callable[..., Source]] = {
    "package": PackageSource,
    "address": AddressSource,
    "export": ExportSource,
}

Progress = Callable[[str, int, int | None], None]
"""Called with the model's name, bytes so far and bytes in all (None where the source does not say)."""


@dataclass(frozen=True)
class Part:
    """A further file of a model that has more than one; `size` in bytes."""

    file: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Model:
    """One entry of the manifest; `size` in bytes, `without` says what its absence costs."""

    name: str
    use: str
    without: str
    file: str
    size: int
    sha256: str
    licence: str
    sources: tuple[Source, ...]
    parts: tuple[Part, ...] = ()
    unpacked: str | None = None
    """The file is an archive: this folder is what it is unpacked to, and what is located."""
    optional: bool = False
    """Only some rooms need it: it is fetched when it is named, and its absence is no fault."""


@dataclass(frozen=True)
class ModelStatus:
    """One line of `models`: where the file is, or None and what that costs."""

    model: Model
    path: Path | None


def load_manifest(path: Path = MANIFEST) -> tuple[Model, ...]:
    """Read the manifest; a KeyError or TypeError means it was written wrongly."""
    with path.open("rb") as stream:
        return tuple(_model(entry) for entry in tomllib.load(stream)["model"])


def _model(entry: dict[str, Any]) -> Model:
    listed = [dict(source) for source in entry.pop("source", [])]
    sources = tuple(SOURCES[source.pop("kind")](**source) for source in listed)
    parts = tuple(Part(**part) for part in entry.pop("part", []))
    return Model(**entry, sources=sources, parts=parts)


def sha256_of(path: Path) -> str:
    """Return the file's sha256 in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


class ModelShelf:
    """Finds and fetches the files of the manifest; folders are only read, the cache is written.

    Every answer is checked by size and sha256: a file with the right name and the wrong content counts as missing.
    `face_runtime` says which library runs the face models (detection.detectors.face_runtimes). `learned` is the folder
    of what this server learned by itself, None where it has none.
    """

    def __init__(
        self,
        cache: Path,
        folders: Iterable[Path] = (),
        models: Iterable[Model] | None = None,
        face_runtime: str = FACE_RUNTIME,
        learned: Path | None = None,
    ) -> None:
        self.face_runtime = face_runtime
        self.learned = learned
        self.cache = cache
        self.folders = tuple(folders)
        self._models = {model.name: model for model in (load_manifest() if models is None else models)}

    @property
    def places(self) -> tuple[Path, ...]:
        """The folders that a model made here may lie in, the newest first."""
        return (self.cache, *self.folders)

    def locate(self, name: str) -> Path | None:
        """Return where the verified file is, or the folder of an archive that was verified before it was unpacked.

        None where it is not there; KeyError for a name that the manifest does not have.
        """
        model = self._models[name]
        if model.unpacked is not None:
            places = (folder / model.unpacked for folder in (*self.folders, self.cache))
            return next((place for place in places if is_unpacked(place, model.sha256)), None)
        complete = (folder for folder in (*self.folders, self.cache) if is_complete(folder, model))
        return next((folder / model.file for folder in complete), None)

    def status(self) -> list[ModelStatus]:
        """Return every model with its place, in the manifest's order."""
        return [ModelStatus(model, self.locate(name)) for name, model in self._models.items()]

    def missing(self) -> list[str]:
        """Return the names of the models that are not there, optional ones left out."""
        return [one.model.name for one in self.status() if one.path is None and not one.model.optional]

    def names(self) -> list[str]:
        """Return the name of every model, in the manifest's order."""
        return list(self._models)

    def fetch(self, name: str, progress: Progress | None = None) -> Path:
        """Return the verified file, fetched into the cache from the first source that has it.

        Raises:
            FetchError: no source could give it; the text says what each of them answered.
        """
        if found := self.locate(name):
            return found
        model = self._models[name]
        self.cache.mkdir(parents=True, exist_ok=True)
        kept = next((folder / model.file for folder in self.folders if is_complete(folder, model)), None)
        if kept is not None and model.unpacked is not None:
            return self._unpack(kept, model)
        reasons = []
        for source in model.sources:
            try:
                return self._fetch_from(source, model, progress)
            except (FetchError, OSError) as error:
                reasons.append(f"{source}: {error}")
        raise FetchError(f"{model.file} could not be had ({'; '.join(reasons) or 'no source is known'})")

    def tidy(self) -> None:
        """Remove what was kept for the next fetch from the same package."""
        shutil.rmtree(self.cache / WHEELS, ignore_errors=True)

    def _fetch_from(self, source: Source, model: Model, progress: Progress | None) -> Path:
        part = self.cache / f"{model.file}.part"
        source.fetch(part, lambda done, total: progress(model.name, done, total) if progress else None)
        if not is_right(part, model):
            part.unlink()
            raise FetchError("the file's sha256 is not the one in the manifest; it was deleted")
        whole = part.replace(self.cache / model.file)
        if model.unpacked is None:
            return whole
        try:
            return self._unpack(whole, model)
        finally:
            whole.unlink(missing_ok=True)

    def _unpack(self, archive: Path, model: Model) -> Path:
        folder = self.cache / str(model.unpacked)
        try:
            unpack(archive, folder, model.sha256)
        except UnpackError as error:
            raise FetchError(str(error)) from error
        return folder


def is_complete(folder: Path, model: Model) -> bool:
    """Say whether the folder holds every file of the model."""
    files: tuple[Model | Part, ...] = (model, *model.parts)
    return all(is_right(folder / part.file, part) for part in files)


def is_right(path: Path, model: Model | Part) -> bool:
    """Say whether the file is there and is the one that the manifest means."""
    return path.is_file() and path.stat().st_size == model.size and sha256_of(path) == model.sha256

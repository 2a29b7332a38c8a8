"""What Examonitor is made of: pinned packages of Python and JavaScript, and model files, as CycloneDX 1.6."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from detection.models.shelf import Model, load_manifest
from tools.node import ROOT

PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)")
LOCKS = {"runtime.txt": "required", "node.txt": "optional", "dev.txt": "optional"}
SHORT_LICENCE = 60  # characters; what is longer is the text of a licence, not its name


@dataclass(frozen=True)
class Package:
    """One pinned package: its ecosystem as advisories name it, and whether a server needs it or only a contributor."""

    ecosystem: str
    name: str
    version: str
    scope: str
    licence: str | None = None

    @property
    def purl(self) -> str:
        """The package's address as SBOMs write it."""
        kind, name = ("pypi", normal(self.name)) if self.ecosystem == "PyPI" else ("npm", self.name.replace("@", "%40"))
        return f"pkg:{kind}/{name}@{self.version}"


def normal(name: str) -> str:
    """Return a Python package's name in the one spelling (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def python_packages(folder: Path = ROOT / "requirements") -> Iterator[Package]:
    """Yield what the lock files pin, each package once, those of a server first."""
    seen: set[tuple[str, str]] = set()
    for file, scope in LOCKS.items():
        for line in (folder / file).read_text(encoding="utf-8").splitlines():
            found = PINNED.match(line)
            if found and (key := (normal(found[1]), found[2])) not in seen:
                seen.add(key)
                yield Package("PyPI", *key, scope, licence_of(found[1]))


def licence_of(name: str) -> str | None:
    """Return the licence that the installed package names, None where it is not installed or names none shortly."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    classified = [one.rpartition(" :: ")[2] for one in told.get_all("Classifier") or () if one.startswith("License ::")]
    named, written = told.get_all("License-Expression") or (), told.get_all("License") or ()
    candidates = *named, " AND ".join(classified), *written
    return next((text for text in candidates if text and len(text) <= SHORT_LICENCE and "\n" not in text), None)


def script_packages(lock: Path = ROOT / "package-lock.json") -> Iterator[Package]:
    """Yield what package-lock.json pins."""
    for place, told in json.loads(lock.read_text(encoding="utf-8"))["packages"].items():
        if place:
            name = place.rpartition("node_modules/")[2]
            yield Package(
                "npm", name, told["version"], "optional" if told.get("dev") else "required", told.get("license")
            )


def all_packages() -> list[Package]:
    """Return every pinned package."""
    return [*python_packages(), *script_packages()]


def as_component(package: Package) -> dict[str, Any]:
    """Return a package as the document lists it."""
    component = {
        "type": "library",
        "bom-ref": package.purl,
        "name": package.name,
        "version": package.version,
        "scope": package.scope,
        "purl": package.purl,
    }
    return component | ({"licenses": [{"license": {"name": package.licence}}]} if package.licence else {})


def model_component(model: Model) -> dict[str, Any]:
    """Return a model file as the document lists it."""
    return {
        "type": "machine-learning-model",
        "bom-ref": f"model:{model.name}",
        "name": model.name,
        "description": model.use,
        "scope": "optional",
        "hashes": [{"alg": "SHA-256", "content": model.sha256}],
        "licenses": [{"license": {"name": model.licence}}],
    }


def document(packages: Iterable[Package], models: Iterable[Model]) -> dict[str, Any]:
    """Return the whole document; the same parts always make the same one."""
    parts = [*map(as_component, packages), *map(model_component, models)]
    number = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(parts, sort_keys=True))
    ours = {"type": "application", "bom-ref": "examonitor", "name": "examonitor"}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{number}",
        "version": 1,
        "metadata": {"component": ours | {"licenses": [{"license": {"id": "AGPL-3.0-or-later"}}]}},
        "components": parts,
    }


def write(path: Path) -> int:
    """Write the document of this copy; return how many parts it has."""
    made = document(all_packages(), load_manifest())
    path.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    return len(made["components"])

"""Looks for known weaknesses of the pinned packages, without the internet where advisories are at hand.

`python -m tools.audit --advisories DIR` reads advisories in the OSV format: .json files, or the archives that osv.dev
gives for each ecosystem. `--fetch` gets those archives into DIR first; on a machine without internet DIR comes on a
stick. `--sbom FILE` writes what Examonitor is made of (CycloneDX). 0: nothing known, 1: something is, 2: nothing to
look into.
"""

from __future__ import annotations

import argparse
import json
import sys
import urllib.request
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from tools import sbom
from tools.node import ROOT
from tools.sbom import Package, normal

SOURCE = "https://osv-vulnerabilities.storage.googleapis.com/{ecosystem}/all.zip"
ECOSYSTEMS = ("PyPI", "npm")
FOLDER = ROOT / "build" / "advisories"
TIMEOUT_S = 120.0
OLD = timedelta(days=30)

Advisory = Mapping[str, Any]


@dataclass(frozen=True)
class Weakness:
    """An advisory that holds for a package of ours."""

    package: Package
    advisory: str
    summary: str
    mended_in: tuple[str, ...]

    def __str__(self) -> str:
        mended = f"mended in {', '.join(self.mended_in)}" if self.mended_in else "not mended yet"
        whom = f"{self.package.name} {self.package.version} ({self.package.scope})"
        return f"{whom}: {self.advisory}, {mended}. {self.summary}"


# ------------------------------------------------------------------------------------ advisories


def read_advisories(folder: Path) -> Iterator[Advisory]:
    """Yield every advisory in the folder's .json files and .zip archives."""
    for path in sorted(folder.rglob("*.json")):
        yield json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(folder.rglob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".json"):
                    yield json.loads(archive.read(name))


def fetch(folder: Path, source: str = SOURCE) -> None:
    """Get the archives of our ecosystems; OSError (URLError) where they cannot be reached."""
    folder.mkdir(parents=True, exist_ok=True)
    for ecosystem in ECOSYSTEMS:
        # The address is this file's own, not a visitor's.
        with urllib.request.urlopen(source.format(ecosystem=ecosystem), timeout=TIMEOUT_S) as answer:  # noqa: S310
            part = folder / f"{ecosystem}.zip.part"
            part.write_bytes(answer.read())
        part.replace(folder / f"{ecosystem}.zip")


# ------------------------------------------------------------------------------------ what holds for us


def weaknesses(packages: Iterable[Package], advisories: Iterable[Advisory]) -> list[Weakness]:
    """Return which advisories hold for these packages; withdrawn ones never do."""
    ours: dict[tuple[str, str], list[Package]] = defaultdict(list)
    for package in packages:
        ours[package.ecosystem, name_in(package.ecosystem, package.name)].append(package)
    found = []
    for advisory in advisories:
        for affected in () if advisory.get("withdrawn") else advisory.get("affected", ()):
            told = affected.get("package", {})
            ecosystem = told.get("ecosystem", "").partition(":")[0]
            for package in ours.get((ecosystem, name_in(ecosystem, told.get("name", ""))), ()):
                if holds(package.version, affected):
                    found.append(Weakness(package, names_of(advisory), advisory.get("summary", ""), fixes(affected)))
    return sorted(set(found), key=str)


def name_in(ecosystem: str, name: str) -> str:
    """Return a package's name in the spelling that can be compared."""
    return normal(name) if ecosystem == "PyPI" else name


def names_of(advisory: Advisory) -> str:
    """Return the advisory's number and those that others give it."""
    return " / ".join([advisory["id"], *advisory.get("aliases", ())])


def fixes(affected: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the versions that mend it."""
    events = [event for one in affected.get("ranges", ()) for event in one.get("events", ())]
    return tuple(event["fixed"] for event in events if "fixed" in event)


def holds(version: str, affected: Mapping[str, Any]) -> bool:
    """Say whether a version is listed or lies in a range that is affected; what cannot be compared counts as such."""
    if version in affected.get("versions", ()):
        return True
    ranges = [one for one in affected.get("ranges", ()) if one.get("type") in ("ECOSYSTEM", "SEMVER")]
    try:
        return any(in_range(Version(version), one.get("events", ())) for one in ranges)
    except InvalidVersion:
        return True


def in_range(version: Version, events: Sequence[Mapping[str, str]]) -> bool:
    """Say whether a version lies in one of the spans that the events begin and end."""
    steps = [(Version("0.dev0" if at == "0" else at), kind) for event in events for kind, at in event.items()]
    state = False
    for at, kind in sorted(steps, key=lambda step: (step[0], step[1] != "introduced")):
        if kind == "introduced" and version >= at:
            state = True
        elif (kind == "fixed" and version >= at) or (kind == "last_affected" and version > at):
            state = False
    return state


# ------------------------------------------------------------------------------------ the command


class Counted:
    """Advisories as they are read, hundreds of thousands in an archive: how many there were, and the newest's date."""

    def __init__(self, advisories: Iterable[Advisory]) -> None:
        self._advisories = advisories
        self.count, self.newest = 0, ""

    def __iter__(self) -> Iterator[Advisory]:
        for advisory in self._advisories:
            self.count += 1
            self.newest = max(self.newest, str(advisory.get("modified", "")))
            yield advisory

    def are_old(self, now: datetime) -> bool:
        """Say whether even the newest was written long ago."""
        return not self.newest or now - datetime.fromisoformat(self.newest.replace("Z", "+00:00")) > OLD


def audit(folder: Path, now: datetime) -> int:
    """Print what is known of our packages; the command's status."""
    packages, advisories = sbom.all_packages(), Counted(read_advisories(folder))
    found = weaknesses(packages, advisories)
    if not advisories.count:
        print(f"There are no advisories in {folder}: --fetch gets them, or carry the archives of osv.dev there:")
        print("\n".join(f"  {SOURCE.format(ecosystem=one)} as {one}.zip" for one in ECOSYSTEMS))
        return 2
    print("\n".join(map(str, found)) or "Nothing is known against them.")
    print(f"{len(packages)} packages, {advisories.count} advisories, {len(found)} hold.")
    if advisories.are_old(now):
        print("These advisories are more than a month old; newer ones may know more.")
    return 1 if found else 0


def main(arguments: Sequence[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tools.audit", description=__doc__)
    parser.add_argument(
        "--advisories", type=Path, default=FOLDER, metavar="DIR", help=f"default: {FOLDER.name} in build"
    )
    parser.add_argument("--fetch", action="store_true", help="get the newest advisories first")
    parser.add_argument("--sbom", type=Path, metavar="FILE", help="write what Examonitor is made of, and do no more")
    chosen = parser.parse_args(arguments)
    if chosen.sbom:
        print(f"{chosen.sbom}: {sbom.write(chosen.sbom)} parts")
        return 0
    if chosen.fetch:
        try:
            fetch(chosen.advisories)
        except OSError as error:
            print(f"The advisories cannot be fetched from here ({error}); those at hand are used.")
    return audit(chosen.advisories, datetime.now(UTC))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

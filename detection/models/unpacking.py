"""Model archives: unpacked whole or not at all, into one folder, and only after their sha256 was the right one."""

import shutil
import stat
import zipfile
from pathlib import Path, PurePosixPath

MOST_BYTES = 1 << 30  # of all files unpacked; the largest that the manifest names is 70 MB
MOST_FILES = 1000
STAMP = ".archive.sha256"
"""In an unpacked folder: the sha256 of the archive it came from. A folder without it was not unpacked by us."""


class UnpackError(Exception):
    """The archive holds what no model archive holds; the text says what."""


def is_unpacked(folder: Path, sha256: str) -> bool:
    """Say whether the folder was unpacked, to its end, from the archive of that sha256."""
    try:
        return (folder / STAMP).read_text(encoding="ascii").strip() == sha256
    except (OSError, UnicodeDecodeError):
        return False


def unpack(archive: Path, folder: Path, sha256: str) -> None:
    """Unpack the archive, whose one top folder is named like `folder`, in its place.

    Raises:
        UnpackError: a file outside that folder, a link, too much of anything, or no zip archive at all.
        OSError: the disk is full, or cannot be written.
    """
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [member for member in opened.infolist() if not member.is_dir()]
            _check(members, folder.name)
            for member in members:
                _write(opened, member, part)
        (part / folder.name / STAMP).write_text(sha256, encoding="ascii")
        shutil.rmtree(folder, ignore_errors=True)
        (part / folder.name).replace(folder)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise UnpackError(f"{archive.name} cannot be unpacked: {error}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _check(members: list[zipfile.ZipInfo], top: str) -> None:
    if len(members) > MOST_FILES or sum(member.file_size for member in members) > MOST_BYTES:
        raise UnpackError("the archive holds more than any model does")
    for member in members:
        parts = PurePosixPath(member.filename).parts
        is_inside = len(parts) > 1 and parts[0] == top and ".." not in parts and "\\" not in member.filename
        kind = stat.S_IFMT(member.external_attr >> 16)
        if not is_inside or kind not in (0, stat.S_IFREG):
            raise UnpackError(f"the archive holds {member.filename!r}, which is no file below {top}/")
    if not members:
        raise UnpackError("the archive is empty")


def _write(opened: zipfile.ZipFile, member: zipfile.ZipInfo, part: Path) -> None:
    target = part / member.filename
    target.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(member) as source, target.open("wb") as stream:
        shutil.copyfileobj(source, stream)
    if target.stat().st_size != member.file_size:  # a lying header: zipfile reads no further, but say so
        raise UnpackError(f"{member.filename} is not as large as the archive says")

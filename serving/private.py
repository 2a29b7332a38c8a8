"""What the server keeps is for the account that runs it alone: its folder, its files, its log."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import make_url

from settings import Settings

OWNER_ALONE = stat.S_IRWXU
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def keep_private(settings: Settings) -> None:
    """Make nothing that others may read from now on, and take from them what an older version left readable."""
    os.umask(OTHERS)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    for path in (*_everything_in(settings.data_dir), *_logs(settings.log_file), *_database(settings.database())):
        _take_from_others(path)


def _everything_in(folder: Path) -> Iterator[Path]:
    yield folder
    # os.walk follows no links to folders: what they lead to was put elsewhere on purpose
    for place, folders, files in os.walk(folder):
        yield from (Path(place, name) for name in (*folders, *files))


def _logs(log_file: Path) -> list[Path]:
    """Return the log and its older parts; the folder around them may be anybody's."""
    return [log_file, *log_file.parent.glob(f"{log_file.name}.*")]


def _database(address: str) -> list[Path]:
    """Return the files of a database that may lie outside the data folder; none where a server keeps it."""
    url = make_url(address)
    if url.get_backend_name() != "sqlite" or not url.database:
        return []
    return [Path(f"{url.database}{ending}") for ending in ("", "-wal", "-shm")]


def _take_from_others(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode) and mode & OTHERS:
            path.chmod(mode & OWNER_ALONE)
    except (FileNotFoundError, PermissionError):
        # gone meanwhile, or another account's: then it is not what we keep
        return

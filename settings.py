"""Settings: what an administrator can change, read from EXAM_* variables in this file and nowhere else."""

import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from core.delivery.mail_server import mail_server
from core.durable import put_in_place

REPOSITORY = Path(__file__).resolve().parent
NOT_OURS = frozenset({"EXAM_MEDIA_DIR", "EXAM_REQUIRE_MEDIA", "EXAM_NO_EXTENSIONS", "EXAM_ULTRALYTICS_PYTHON"})
"""Variables with our prefix that tests, benchmarks and the build read; not settings of the server."""

ASYNC_MODES = ("eventlet", "threading")
ENGINES = ("local", "celery")
FACE_RUNTIMES = ("mediapipe", "openvino")
REGISTRATION = ("open", "invitation", "closed")

LEAST_SECRET = 32
"""Characters of a signing key; those that we make have 64."""
CUT_SHORT = (
    "the secret key in {path} is empty or was cut short, as a full disk or a power cut leaves it. Please put the file "
    "back from a backup. Without one, delete it and start again: a new key is made, everybody logs in and joins "
    "anew, and faces that were kept for comparison are taken again."
)

CUT_SHORT_EVIDENCE = (
    "the key of evidence in {path} is empty or damaged, as a full disk or a power cut leaves it. Please put the file "
    "back from a backup. Without one, delete it and start again: a new key is made, and evidence is signed with it "
    "from now on; who kept the old key's line can still verify what it signed."
)

CUT_SHORT_PUSH = (
    "the key of push messages in {path} is empty or damaged, as a full disk or a power cut leaves it. Please put the "
    "file back from a backup. Without one, delete it: a new key is made, and whoever had messages shown in a browser "
    "allows it again."
)


class SettingsError(ValueError):
    """A variable that is unknown or whose value makes no sense; the text says which and what is allowed."""


def _one_of(*allowed: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"expected one of {', '.join(allowed)}")
        return text

    return read


def _number(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        value = int(text)
        if not low <= value <= high:
            raise ValueError(f"expected a whole number from {low} to {high}")
        return value

    return read


def _mail_server(text: str) -> str:
    mail_server(text)
    return text


def _site(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("expected the address that people open, such as https://exam.school.example")
    return text.rstrip("/")


def _switch(text: str) -> bool:
    if text.lower() not in ("0", "1", "no", "yes", "off", "on", "false", "true"):
        raise ValueError("expected on or off")
    return text.lower() in ("1", "yes", "on", "true")


def _setting(default: Any, read: Callable[[str], Any], about: str) -> Any:
    made = {"default_factory": default} if callable(default) else {"default": default}
    return field(metadata={"read": read, "about": about}, **made)


def _spare_cores() -> int:
    # One core is left to the web process: the relay must stay smooth while faces are looked for.
    return max(1, (os.cpu_count() or 2) - 1)


@dataclass(frozen=True)
class Settings:
    """Everything the server is told from outside; each field is EXAM_<NAME> in the environment."""

    host: str = _setting("127.0.0.1", str, "address to listen on")
    port: int = _setting(5000, _number(0, 65535), "port to listen on; 0 takes a free one")
    tls: bool = _setting(False, _switch, "serve HTTPS with a self-signed certificate of our own")
    async_mode: str = _setting("eventlet", _one_of(*ASYNC_MODES), "how connections are served")
    data_dir: Path = _setting(REPOSITORY / "var", Path, "database, evidence, uploads, secret key, certificate")
    database_url: str = _setting("", str, "SQLAlchemy address; empty for SQLite in the data folder")
    secret_key: str = _setting("", str, "signs tickets and cookies; empty for one made and kept in the data folder")
    models_dir: Path | None = _setting(None, Path, "folder with model files, besides those that were fetched")
    log_file: Path = _setting(REPOSITORY / "server.log", Path, "the readable log; rotates at 5 MB, 5 kept")
    registration: str = _setting("invitation", _one_of(*REGISTRATION), "who may register as a teacher after the first")
    detection: bool = _setting(True, _switch, "look at the pictures at all")
    workers: int = _setting(_spare_cores, _number(1, 64), "analysis processes")
    engine: str = _setting("local", _one_of(*ENGINES), "where pictures are looked at; celery: by workers anywhere")
    face_runtime: str = _setting("mediapipe", _one_of(*FACE_RUNTIMES), "what runs the face models; openvino costs less")
    redis_url: str = _setting("redis://127.0.0.1:6379/0", str, "Redis server for the engine celery; rediss:// for TLS")
    retention_days: int = _setting(30, _number(1, 3650), "days until an ended room's pictures and messages go")
    proxies: int = _setting(0, _number(0, 5), "trusted reverse proxies in front (X-Forwarded-For, -Proto, -Host)")

    jobs: bool = _setting(True, _switch, "start the process that does jobs; off where `app.py jobs` runs by itself")
    public_url: str = _setting("", _site, "the address that people open, for links in mails and webhooks")
    smtp_url: str = _setting("", _mail_server, "mail server: smtps://user:password@mail.example; empty: no mail")
    mail_from: str = _setting("", str, "the address that mail comes from; empty for examonitor@ the mail server's host")
    private_targets: bool = _setting(False, _switch, "let webhooks and push messages go to addresses inside")

    def database(self) -> str:
        """Return the SQLAlchemy address of the database."""
        return self.database_url or f"sqlite:///{self.data_dir / 'examonitor.db'}"

    def model_cache(self) -> Path:
        """Return the folder that fetched model files go to: the installation's, whatever data folder it serves."""
        own = REPOSITORY / "var" / "models"
        return own if _is_writable(own) else self.data_dir / "models"

    def model_folders(self) -> list[Path]:
        """Return the folders that model files are only read from: the one set, and where they may lie already."""
        kept = REPOSITORY / "var" / "models", self.data_dir / "models", REPOSITORY.parent / "shared" / "models"
        wanted = dict.fromkeys(folder for folder in (self.models_dir, *kept) if folder is not None)
        return [folder for folder in wanted if folder != self.model_cache() and folder.is_dir()]

    def learned(self) -> Path:
        """Return the folder of what this server learned by itself, when it was told to."""
        return self.data_dir / "learned"

    def secret(self) -> str:
        """Return the signing key, made on first use and kept readable by the owner alone.

        Raises:
            SettingsError: it is too short, damaged, or cannot be kept.
        """
        if not self.secret_key:
            return _kept_secret(self.data_dir / "secret.key", secrets.token_urlsafe(48), CUT_SHORT)
        if len(self.secret_key) < LEAST_SECRET:
            raise SettingsError(f"EXAM_SECRET_KEY: {LEAST_SECRET} characters are the least, so that nobody guesses it")
        return self.secret_key

    def signing_key(self) -> bytes:
        """Return the 32 bytes of the key that signs checkpoints of evidence, made and kept as the signing key is.

        Raises:
            SettingsError: it is damaged, or cannot be kept.
        """
        return _kept_key(self.data_dir / "evidence.key", CUT_SHORT_EVIDENCE)

    def push_key(self) -> bytes:
        """Return the 32 bytes by which browsers know that a push message is ours, made and kept as the signing key is.

        Raises:
            SettingsError: it is damaged, or cannot be kept.
        """
        return _kept_key(self.data_dir / "push.key", CUT_SHORT_PUSH)


def _is_writable(folder: Path) -> bool:
    """Say whether files can be put there, now or once the folder is made: an installation may be read-only."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return os.access(there, os.W_OK)


def _kept_secret(path: Path, new: str, damaged: str) -> str:
    try:
        if not path.exists():
            _make_secret(path, new)
        kept = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"the secret key cannot be made or read in {path}: {error}") from error
    if len(kept) < LEAST_SECRET:
        raise SettingsError(damaged.format(path=path))
    return kept


def _kept_key(path: Path, damaged: str) -> bytes:
    kept = _kept_secret(path, secrets.token_hex(32), damaged)
    try:
        return bytes.fromhex(kept)
    except ValueError as error:
        raise SettingsError(damaged.format(path=path)) from error


def _make_secret(path: Path, new: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(new)
        put_in_place(Path(name), path)
    finally:
        Path(name).unlink(missing_ok=True)


def load_settings(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Read EXAM_* from the environment, refuse names we do not know; `overrides` (not None) win.

    Raises:
        SettingsError: unknown variable, or a value that cannot be used.
    """
    given = os.environ if environ is None else environ
    names = dict(zip(setting_names(), fields(Settings), strict=True))
    unknown = [n for n in given if n.startswith("EXAM_") and n not in names and n not in NOT_OURS]
    if unknown:
        raise SettingsError(f"unknown setting {', '.join(sorted(unknown))}; known are {', '.join(sorted(names))}")
    values = {f.name: _read(n, f.metadata["read"], given[n]) for n, f in names.items() if given.get(n)}
    values.update({k: v for k, v in overrides.items() if v is not None})
    return Settings(**values)


def setting_names() -> list[str]:
    """Return the names of all variables we read, for the help."""
    return [f"EXAM_{f.name.upper()}" for f in fields(Settings)]


def _read(name: str, read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except ValueError as error:
        raise SettingsError(f"{name}={text!r}: {error}") from error

"""`python app.py demo`: a room with nine simulated students on a database of its own, and a teacher signed in."""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from flask import Flask

from core.types import Role
from rooms.setup.exam_paper import Exam
from rooms.setup.room_settings import RoomSettings
from serving.logs import configure_logs
from serving.run import serve
from settings import REPOSITORY, Settings
from simulation.demo_acts import CAST
from simulation.demo_pages import Entrance, make_blueprint
from simulation.example_room import ExampleRoom, seed_room

MARK = ".examonitor-demo"
"""Says that a folder is ours to delete."""
MOST_DEMOS = 9
STOP_S = 5.0
PAPER = """# Mathematics, final exam

1. Find all *x* with *x*² - 5*x* + 6 = 0.
2. A bag holds 3 red and 5 blue balls. Two are drawn. How likely are two of one colour?
3. Draw the graph of *f*(*x*) = |*x* - 2| + 1 and read off its least value.

You have **90 minutes**. Good luck!
"""


def run_demo(settings: Settings, create_app: Callable[[Settings], Flask]) -> int:
    """Serve the demonstration until stopped."""
    with demo_folder(settings.data_dir) as folder, Students() as students:
        ours = demo_settings(settings, folder)
        configure_logs(ours.log_file)
        password = secrets.token_urlsafe(9)
        room = seed_demo(ours, password)
        entrance = Entrance(ours.secret(), room.teachers[0].id, room.id)
        app = create_app(ours)
        app.register_blueprint(make_blueprint(entrance))
        return serve(app, ours, on_ready=lambda port: _begin(ours, port, room, entrance, password, students))


def demo_settings(settings: Settings, folder: Path) -> Settings:
    """Return the settings on the demonstration's folder, so that it touches no real exam."""
    models = settings.models_dir or settings.model_cache()
    return replace(settings, data_dir=folder, database_url="", log_file=folder / "server.log", models_dir=models)


@contextmanager
def demo_folder(parent: Path) -> Iterator[Path]:
    """Give a fresh folder: `demo`, or `demo-2` and so on where another demonstration is running in it."""
    parent.mkdir(parents=True, exist_ok=True)
    for number in range(1, MOST_DEMOS + 1):
        name = "demo" if number == 1 else f"demo-{number}"
        with (parent / f".{name}.lock").open("w", encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            make_folder(parent / name)
            yield parent / name
            return
    raise SystemExit(f"{MOST_DEMOS} demonstrations are running already.")


def make_folder(folder: Path) -> None:
    """Make the folder anew; one that no demonstration made is left alone with an error."""
    if folder.exists():
        if not (folder / MARK).exists() and any(folder.iterdir()):
            raise SystemExit(f"{folder} is not a demonstration's folder: please move it away.")
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).write_text("Made by `app.py demo`, deleted at its next start.\n", encoding="utf-8")


def seed_demo(settings: Settings, password: str) -> ExampleRoom:
    """Make the teacher and the room; all students but the last have been let in."""
    rules = RoomSettings(
        admit_by_hand=True,
        forbidden=("Mobile phone", "Books and notes", "Second screen"),
        forbidden_moves=("Leaving the chair", "Talking or reading aloud"),
        phones_allowed=(Role.ARM, Role.ROOM),
    )
    names = [part.name for part in CAST]
    phones = {part.name: part.phones for part in CAST}
    paper = Exam.of_text(PAPER)
    return seed_room(settings, names, room=rules, exam=paper, admitted=len(names) - 1, password=password, phones=phones)


class Students:
    """The process that plays the students: begins to draw them at once, and lets them come when it is told where."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "simulation.demo_students"]
        self._process = subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def come(self, url: str, room: ExampleRoom, words: str, link: str) -> None:
        """Let them come, and say the words once they are seen.

        Tickets go through a pipe, because command lines can be read by everybody.
        """
        participants = [[participant.ticket, dict(participant.phones)] for participant in room.students]
        plan = {"url": url, "participants": participants, "words": words, "link": link}
        if self._process.stdin is not None:
            self._process.stdin.write(json.dumps(plan) + "\n")
            self._process.stdin.flush()


def _begin(
    settings: Settings, port: int, room: ExampleRoom, entrance: Entrance, password: str, students: Students
) -> None:
    shown = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "") else settings.host
    url = f"{'https' if settings.tls else 'http'}://{shown}:{port}"
    link = url + entrance.path()
    words = (
        f"\nNine simulated students are here. Watch them as their teacher:\n\n  {link}\n\n"
        f"The link works once; after that log in as {room.teachers[0].email} with {password}\n"
        f"Join as a student yourself: {url} with the code {room.code}\n"
        "Ctrl-C ends everything.\n"
    )
    print("Nine simulated students are coming ...", flush=True)
    students.come(url, room, words, link if has_screen() else "")


def has_screen() -> bool:
    """Say whether a browser could show itself; on a bare terminal one that draws text would take the terminal."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))

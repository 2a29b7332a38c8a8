"""`python -m tools.flood_sockets [ATTACK ...]`: what floods of the live connection do to an honest student.

Starts a server of its own on this machine, lets a few participants (or strangers) send as fast as they can for seconds,
and prints how long another student waited for an answer, how much the log grew, and the server's memory.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, cast

import psutil
import websocket

from rooms.chat.messages import TO_ALL, make_message
from settings import REPOSITORY, load_settings
from simulation.example_room import ExampleRoom, seed_room
from store.session import Database

SECONDS, MOST_PACKETS = 6.0, 60_000
START_S, ANSWER_S = 90.0, 60.0
SEATS = 8
WORDS = "😀" * 1000

Connect = Callable[[], websocket.WebSocket]


def as_student(port: int, ticket: str | None) -> websocket.WebSocket:
    """Open a connection, and join with a ticket where there is one."""
    address = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
    browser = websocket.create_connection(address, timeout=ANSWER_S)
    browser.recv()
    if ticket is not None:
        browser.send(f"40/student,{json.dumps({'ticket': ticket})}")
        while not str(browser.recv()).startswith("40/student,"):
            pass
    return browser


def attack_names(browser: websocket.WebSocket) -> None:
    """Send an event of the library's own."""
    browser.send('42/student,["connect",{"a":1},{"ticket":"x"}]')


def attack_nameless(browser: websocket.WebSocket) -> None:
    """Send an event without a name."""
    browser.send("42/student,[[]]")


def attack_history(browser: websocket.WebSocket) -> None:
    """Ask for everything nineteen times a second, and read nothing."""
    browser.send('42/student,1["history",{"after":0}]')
    time.sleep(1 / 19)


def attack_stranger(browser: websocket.WebSocket) -> None:
    """Send pings of the WebSocket and events of nobody."""
    browser.ping(b"x")
    browser.send('42/student,["x"]')


ATTACKS: dict[str, tuple[Callable[[websocket.WebSocket], None], int, bool]] = {
    "names": (attack_names, 1, True),
    "nameless": (attack_nameless, 1, True),
    "history": (attack_history, SEATS, True),
    "stranger": (attack_stranger, 1, False),
}
"""What is sent, over how many connections, and whether with a ticket."""


def flood(attack: Callable[[websocket.WebSocket], None], connect: Connect, until: float) -> None:
    """Attack until the time is over, coming back whenever the server hangs up."""
    sent = 0
    while time.monotonic() < until and sent < MOST_PACKETS:
        with contextlib.suppress(OSError, websocket.WebSocketException):
            browser = connect()
            with contextlib.closing(browser):
                while time.monotonic() < until and sent < MOST_PACKETS:
                    attack(browser)
                    sent += 1


def ask(browser: websocket.WebSocket, number: int) -> float:
    """Return how many seconds one small question waited for its answer."""
    began = time.monotonic()
    browser.send(f'42/student,{number}["probe",{{"sent_at":1}}]')
    while not (said := str(browser.recv())).startswith(f"43/student,{number}["):
        if said == "2":
            browser.send("3")
    return time.monotonic() - began


def longest_wait(browser: websocket.WebSocket, until: float) -> tuple[float, bool]:
    """Ask ten times a second; return the longest wait in seconds, and whether the connection was lost meanwhile."""
    longest, number = 0.0, 0
    while time.monotonic() < until:
        number += 1
        try:
            longest = max(longest, ask(browser, number))
        except (OSError, websocket.WebSocketException):
            return longest, True
        time.sleep(0.1)
    return longest, False


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[tuple[psutil.Process, int]]:
    """Run the real server on a folder and give its process and port."""
    command = [sys.executable, "app.py", "--port", "0", "--data-dir", str(folder)]
    environment = {**os.environ, "EXAM_DETECTION": "off", "EXAM_LOG_FILE": str(folder / "server.log")}
    out, errors = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, cwd=REPOSITORY, env=environment, text=True, stdout=out, stderr=errors) as process:
        said = cast("IO[str]", process.stdout)
        try:
            port = next(int(line.split(":")[-1].split("/")[0]) for line in said if "ready: http" in line)
            threading.Thread(target=said.read, daemon=True).start()
            yield psutil.Process(process.pid), port
        finally:
            process.terminate()
            process.wait(START_S)


def seed(folder: Path) -> ExampleRoom:
    """Make a running room with long messages that everybody sees."""
    settings = load_settings({}, data_dir=folder)
    names = [f"Student {number}" for number in range(SEATS + 1)]
    room = seed_room(settings, names, admitted=len(names))
    database = Database(settings.database())
    with database.session() as session:
        sender, now = ("teacher", "1", "Ana"), datetime.now(UTC)
        session.add_all(make_message(room.id, f"m{n}", sender, (TO_ALL, None), WORDS, now) for n in range(200))
    database.close()
    return room


def measure(name: str) -> dict[str, object]:
    """Run one attack and return what it did."""
    attack, connections, has_ticket = ATTACKS[name]
    with tempfile.TemporaryDirectory(prefix="examonitor-flood-") as place:
        folder = Path(place)
        room = seed(folder)
        with serving(folder) as (process, port):
            honest = as_student(port, room.students[0].ticket)
            log = folder / "server.log"
            size = sum(part.stat().st_size for part in folder.glob("server.log*"))
            until = time.monotonic() + SECONDS
            for participant in room.students[1 : connections + 1]:
                ticket = participant.ticket if has_ticket else None
                arguments = attack, lambda ticket=ticket: as_student(port, ticket), until
                threading.Thread(target=flood, args=arguments, daemon=True).start()
            waited, is_lost = longest_wait(honest, until)
            grown = sum(part.stat().st_size for part in folder.glob("server.log*")) - size
            text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
            return {
                "attack": name,
                "longest_wait_ms": round(waited * 1000),
                "honest_student_lost": is_lost,
                "log_kb": round(grown / 1024),
                "tracebacks": text.count("Traceback"),
                "memory_mb": round(process.memory_info().rss / 1024**2),
            }


def main() -> int:
    """Run the named attacks, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("attacks", nargs="*", metavar="ATTACK", help=f"of {', '.join(ATTACKS)}; all by default")
    named = parser.parse_args().attacks
    if unknown := set(named) - set(ATTACKS):
        parser.error(f"no attack is called {', '.join(sorted(unknown))}")
    for name in named or ATTACKS:
        print(json.dumps(measure(name)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`python -m bench.broadcast [--students 40] [--teachers 3] [--json]`: an event to a room, or to each connection.

The real python-socketio, packet guard and queues, without a network: each event is emitted and every connection's
queue is emptied and encoded, as its writer does. Turns alternate, and the fastest of each way counts.
"""

import argparse
import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from types import SimpleNamespace
from typing import Any

import socketio
from engineio.socket import Socket

from core.clock import SystemClock
from core.event_log import EventLog
from evaluation.figures.report import Report, show, table
from rooms.live.broadcaster import Broadcaster
from rooms.protocol import wire_json
from rooms.protocol.events import NAMESPACES, STUDENT, TEACHER
from rooms.protocol.socket_rooms import (
    SocketRoom,
    devices_of,
    rooms_of_student,
    rooms_of_teacher,
    students_of,
    teachers_of,
)
from transport.client_rooms import ClientRooms
from transport.packet_guard import PacketGuard

TURNS, EVENTS = 7, 200
ROOM = {"id": "r1", "code": "004217", "title": "Algebra", "state": "running", "started_at": 1, "ended_at": None}
MESSAGE = {
    "id": 17,
    "client_id": "a-17",
    "from": {"kind": "teacher", "id": "1", "name": "Ana"},
    "to": {"kind": "all", "id": None},
    "text": "You have ten minutes left. Please write your name on every page.",
    "sent_at": 1_700_000_000_000,
}
PAPER = {"room": ROOM, "exam": {"kind": "text", "html": "<p>Solve the equation and explain each step.</p>" * 400}}
ALERT = {
    "id": "a1",
    "participant": "p1",
    "name": "Zoé",
    "channel": "webcam",
    "kind": "FACE_NOT_FOUND",
    "severity": "warning",
    "text": "No face for %(seconds)s s.",
    "numbers": {"seconds": 5, "marks": [["face", 10, 20, 30, 40]]},
    "verdict": "new",
}


LOOK = {"picture": "ok", "luminance": 120.5, "blur": 80.25, "faces": 1, "at": 1_700_000_000_000}


class Crowd:
    """Connections of one exam room, of which nobody reads but `drain`."""

    def __init__(self, students: int, teachers: int) -> None:
        self.server = socketio.Server(async_mode="threading", client_manager=ClientRooms(), json=wire_json)
        self.server.eio.start_service_task = False
        log = EventLog(logging.getLogger("bench.broadcast"))
        self.guard = PacketGuard(self.server, NAMESPACES, TEACHER, log, SystemClock())
        self.broadcaster = Broadcaster(SimpleNamespace(server=self.server))
        self.sockets: list[Socket] = []
        self.sids = {
            STUDENT: [self._connect(STUDENT, f"s{n}", rooms_of_student("r1", f"p{n}")) for n in range(students)],
            TEACHER: [self._connect(TEACHER, f"t{n}", rooms_of_teacher("r1")) for n in range(teachers)],
        }

    def _connect(self, namespace: str, name: str, rooms: tuple[SocketRoom, ...]) -> str:
        made = Socket(self.server.eio, name)
        made.last_ping = None
        self.server.eio.sockets[name] = made
        self.guard.begin(name, {})
        self.sockets.append(made)
        sid: str = self.server.manager.connect(name, namespace)
        self.broadcaster.enter(sid, rooms)
        return sid

    def drain(self) -> int:
        """Encode and throw away what waits for everybody, and return how many packets that were."""
        sent = 0
        for connection in self.sockets:
            while not connection.queue.empty():
                connection.queue.get().encode()
                sent += 1
        return sent

    def to_each(self, namespace: str, receivers: int, event: str, payload: Mapping[str, Any]) -> None:
        """Send an event to one connection after the other."""
        for sid in self.sids[namespace][:receivers]:
            self.server.emit(event, payload, to=sid, namespace=namespace, ignore_queue=True)


def cost(crowd: Crowd, send: Callable[[], None], receivers: int) -> float:
    """Return the processor time of one event in microseconds, its encoding for every connection included."""
    begun = time.process_time()
    for _ in range(EVENTS):
        send()
        if crowd.drain() != receivers:
            raise RuntimeError("an event did not reach everybody")
    return 1e6 * (time.process_time() - begun) / EVENTS


def measure(students: int, teachers: int) -> tuple[Report, str]:
    """Run both ways in turns and return the report and its table."""
    crowd = Crowd(students, teachers)
    everybody = [devices_of(f"p{n}") for n in range(students)]
    cases: dict[str, tuple[str, str, Mapping[str, Any], list[SocketRoom]]] = {
        "message to all students": (STUDENT, "chat", MESSAGE, [students_of("r1")]),
        "start, with a paper": (STUDENT, "room", PAPER, everybody),
        "alert to the teachers": (TEACHER, "alert", ALERT, [teachers_of("r1")]),
        "look to one student": (STUDENT, "look", LOOK, everybody[:1]),
    }
    report, lines = Report("broadcast"), []
    for name, (namespace, event, payload, rooms) in cases.items():
        receivers = 1 if event == "look" else len(crowd.sids[namespace])
        ways: dict[str, Callable[[], None]] = {
            "each": partial(crowd.to_each, namespace, receivers, event, payload),
            "room": partial(crowd.broadcaster.to_rooms, rooms, event, payload),
        }
        turns = [{way: cost(crowd, send, receivers) for way, send in ways.items()} for _ in range(TURNS)]
        each, room = (min(turn[way] for turn in turns) for way in ("each", "room"))
        report.metrics[f"{name}, us"], report.ratios[name] = room, room / each
        report.peers.setdefault("each", {})[name] = each
        lines.append([name, receivers, f"{each:.0f}", f"{room:.0f}", f"{room / each:.2f}"])
    head = ("processor time of one event, us", "receivers", "to each", "to a room", "room / each")
    return report, table(head, lines)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m bench.broadcast", description=__doc__)
    options.add_argument("--students", type=int, default=40)
    options.add_argument("--teachers", type=int, default=3)
    options.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    chosen = options.parse_args()
    report, text = measure(chosen.students, chosen.teachers)
    show(report, text, chosen.json)


if __name__ == "__main__":
    main()

"""Stand-ins with the real interfaces: an engine that a test finishes by hand, a judge told what to conclude, a sink."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.ports import NOBODY, Rules
from core.types import Alert, AlertKind, Frame, Observation, ObservationKind, Severity
from detection.analysis.schedule import EVERYTHING, Plan
from detection.engines.base import Detectors, Listener, Outcome
from detection.measures.paces import Paced
from detection.rules import RULES

PATIENCE = 60.0  # seconds until a test gives up waiting


class Changes:
    """Lets a test wait until something became true, told by whoever changes it."""

    def __init__(self) -> None:
        self._condition = threading.Condition()

    def changed(self) -> None:
        with self._condition:
            self._condition.notify_all()

    def until(self, true: Callable[[], Any]) -> None:
        with self._condition:
            assert self._condition.wait_for(true, PATIENCE), "did not happen"


def eventually(true: Callable[[], Any]) -> None:
    """Wait for what nobody announces, such as the state of another process."""
    never = threading.Event()
    for _ in range(int(PATIENCE / 0.02)):
        if true():
            return
        never.wait(0.02)
    raise AssertionError("did not happen")


class FakeEngine:
    """Keeps what it is given until the test says what became of it."""

    def __init__(self, room: int = 1) -> None:
        self.room = room
        self.under_way: list[Frame] = []
        self.plans: list[Plan] = []
        self.rechecks = 0
        self.changes = Changes()
        self.listener: Listener | None = None
        self.running = self.renewed = False

    def start(self, listener: Listener) -> None:
        self.listener, self.running = listener, True

    def stop(self) -> None:
        self.running = False

    def free(self) -> int:
        return self.room - len(self.under_way)

    def submit(self, frame: Frame, plan: Plan = EVERYTHING) -> bool:
        if self.free() <= 0:
            return False
        self.plans.append(plan)
        self.under_way.append(frame)
        self.changes.changed()
        return True

    def renew(self) -> None:
        self.renewed = True

    def recheck(self) -> None:
        self.rechecks += 1
        self.changes.changed()

    def every(self) -> Mapping[str, float]:
        return {"face": 0.0, "objects": 2.0}

    def detectors(self) -> Detectors:
        return {"face": None, "phone": "model file missing"}

    def health(self) -> Sequence[Mapping[str, Any]]:
        return [{"state": "ready"}]

    def answer(self, *observations: Observation, error: str | None = None, lost: bool = False) -> Frame:
        """Finish the oldest frame, once there is one."""
        self.changes.until(lambda: self.under_way)
        frame = self.under_way.pop(0)
        assert self.listener is not None
        self.listener.finished(Outcome(frame, observations, 5.0, error, lost))
        return frame


class FakeJudge:
    """Remembers what it was told; concludes what the test put into `next`."""

    def __init__(self) -> None:
        self.rooms: dict[str, Rules] = {}
        self.own: dict[str, Mapping[str, Rules]] = {}
        self.fed: list[Observation] = []
        self.forgotten: list[str] = []
        self.taken_up: list[Alert] = []
        self.next: list[Alert] = []
        self.at_tick: list[Alert] = []
        self.ticked: list[float] = []
        self.paces: dict[ObservationKind, Paced] = {}

    def watch(self, room: str, rules: Rules, own: Mapping[str, Rules] = NOBODY) -> None:
        self.rooms[room], self.own[room] = rules, own

    def unwatch(self, room: str, now: float) -> list[Alert]:
        self.rooms.pop(room, None)
        return self._concluded()

    def feed(self, observation: Observation) -> list[Alert]:
        self.fed.append(observation)
        return self._concluded()

    def tick(self, now: float) -> list[Alert]:
        self.ticked.append(now)
        concluded, self.at_tick = self.at_tick, []
        return concluded

    def know(self, paces: Mapping[ObservationKind, Paced]) -> None:
        self.paces = dict(paces)

    def take_up(self, alert: Alert) -> bool:
        self.taken_up.append(alert)
        return True

    def forget(self, participant: str, now: float) -> list[Alert]:
        self.forgotten.append(participant)
        return self._concluded()

    def _concluded(self) -> list[Alert]:
        concluded, self.next = self.next, []
        return concluded


class FakeSink:
    """Keeps what detection concluded, in order, with the name of the thread that said so."""

    def __init__(self) -> None:
        self.changes = Changes()
        self.raised: list[Alert] = []
        self.ended: list[Alert] = []
        self.seen: list[tuple[Frame, Sequence[Observation]]] = []
        self.felt: list[Sequence[Observation]] = []
        self.order: list[str] = []
        self.threads: set[str] = set()

    def alert_raised(self, alert: Alert) -> None:
        self._note(self.raised, alert, f"raised {alert.id}")

    def alert_ended(self, alert: Alert) -> None:
        self._note(self.ended, alert, f"ended {alert.id}")

    def observed(self, frame: Frame, observations: Sequence[Observation]) -> None:
        self._note(self.seen, (frame, observations), f"seen {frame.sequence}")

    def sensed(self, observations: Sequence[Observation], judged: bool) -> None:
        self._note(self.felt, observations, f"sensed {len(observations)}")

    def _note(self, where: list[Any], what: Any, line: str) -> None:
        where.append(what)
        self.order.append(line)
        self.threads.add(threading.current_thread().name)
        self.changes.changed()


class FakeListener:
    """What an engine reports to, for tests without a runtime."""

    def __init__(self) -> None:
        self.changes = Changes()
        self.outcomes: list[Outcome] = []
        self.rooms = 0

    def finished(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.changes.changed()

    def has_room(self) -> None:
        self.rooms += 1
        self.changes.changed()


def alert(number: int = 1, kind: AlertKind = AlertKind.FACE_NOT_FOUND, participant: str = "ana") -> Alert:
    """An alert with defaults."""
    text, shown_by = "Nobody was seen.", RULES[kind].evidence
    return Alert(f"a{number}", "room", participant, kind, Severity.WARNING, 0.0, 3.0, text, shown_by=shown_by)

"""Calibration: while the student looks at five targets, the poses of the frames become that student's own baseline."""

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.errors import UserError
from core.ports import Monitor
from core.types import Frame, Observation, ObservationKind
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Student
from rooms.setup.states import ParticipantState
from store.rooms import ParticipantRow

DETECTOR = "landmarks"
SETTLE = 0.4  # seconds that eyes and head take to a new target
MOST_LOOKS = 40  # of one target
MOST_STEPS = 100  # targets shown; a page shows five

Looks = dict[str, list[Mapping[str, Any]]]
Measure = Callable[[Mapping[str, Sequence[Mapping[str, Any]]]], tuple[dict[str, Any] | None, str | None]]


class Run:
    """One student's calibration under way: when which target was shown, and the looks at each."""

    def __init__(self) -> None:
        self.shown: list[tuple[float, str]] = []
        self.looks: Looks = {}

    def show(self, target: str, now: float) -> int:
        """Know what is shown from now on; return how many looks it has."""
        # the same target again only asks
        if not self.shown or self.shown[-1][1] != target:
            self.shown.append((now, target))
        return len(self.looks.get(target, ()))

    def take(self, captured_at: float, values: Mapping[str, Any]) -> None:
        """Keep a look at whatever was shown when its frame was captured, which may be the target before this one."""
        since, target = next((one for one in reversed(self.shown) if one[0] <= captured_at), (math.inf, ""))
        looks = self.looks.setdefault(target, []) if captured_at >= since + SETTLE else []
        if len(looks) < MOST_LOOKS:
            looks.append(dict(values))


class Calibration:
    """Observer of frames that collects poses for whoever is being calibrated, and keeps the baseline."""

    def __init__(self, context: RoomContext, monitor: Monitor, measure: Measure) -> None:
        self._database = context.database
        self._directory = context.directory
        self._event_log = context.event_log
        self._clock = context.clock
        self._measure = measure
        self._monitor = monitor
        self._runs: dict[str, Run] = {}
        self._lock = threading.Lock()
        context.signals.students.disconnected.connect(self._disconnected)
        context.signals.when_absent(self.forget)

    def step(self, participant: Student, phase: str, target: str | None) -> dict[str, Any]:
        """Take one step of a student in the system check and return its acknowledgement.

        Raises:
            UserError: `bad_move` after the system check, or a step without a start.
        """
        if participant.state != ParticipantState.CHECKING:
            raise UserError("bad_move", "Your usual position is measured during the system check only.")
        if phase == "start":
            return self._start(participant)
        if phase == "point":
            return self._point(participant, target)
        return self._done(participant) if phase == "done" else self._skip(participant)

    def observed(self, frame: Frame, observations: Sequence[Observation]) -> None:
        """Keep the pose of a frame that was captured while the student looked at a target."""
        run = self._runs.get(frame.participant)
        if run is None or frame.channel != "webcam":
            return
        for observation in observations:
            if observation.kind is ObservationKind.LANDMARKS:
                with self._lock:
                    run.take(frame.captured_at, observation.values)
        self._ask(frame.participant)

    def forget(self, participant: str) -> None:
        """Drop what is under way for a student who went away."""
        self._runs.pop(participant, None)

    def _start(self, participant: Student) -> dict[str, Any]:
        self._runs[participant.id] = Run()
        self._ask(participant.id)
        return _answer(participant, 0)

    def _point(self, participant: Student, target: str | None) -> dict[str, Any]:
        run = self._runs.get(participant.id)
        if run is None or target is None or len(run.shown) >= MOST_STEPS:
            raise UserError("bad_move", "Please start the measurement of your usual position again.")
        with self._lock:
            samples = run.show(target, self._clock.now())
        self._ask(participant.id)
        return _answer(participant, samples)

    def _done(self, participant: Student) -> dict[str, Any]:
        run = self._runs.pop(participant.id, None)
        if run is None:
            raise UserError("bad_move", "Please start the measurement of your usual position again.")
        baseline, reason = self._measure(run.looks)
        self._keep(participant, baseline, reason)
        return _answer(participant, sum(map(len, run.looks.values())), reason)

    def _skip(self, participant: Student) -> dict[str, Any]:
        self._runs.pop(participant.id, None)
        return _answer(participant, 0)

    def _keep(self, participant: Student, baseline: dict[str, Any] | None, reason: str | None) -> None:
        room = self._directory.room(participant.room)
        code = room.code if room else None
        if baseline is None:
            # an earlier one that was good stays: the student and the camera have hardly moved since
            self._event_log.note("not-calibrated", room=code, student=participant.name, why=reason)
            return
        with self._database.session() as session:
            row = session.get(ParticipantRow, participant.id)
            if row is not None:
                row.baseline = baseline
        participant.baseline = baseline
        self._event_log.note("calibrated", room=code, student=participant.name, spread=baseline.get("spread"))

    def _ask(self, participant: str) -> None:
        self._monitor.ask_now(participant, DETECTOR)

    def _disconnected(self, _room: LiveRoom, participant: Student) -> None:
        self.forget(participant.id)


def _answer(participant: Student, samples: int, reason: str | None = None) -> dict[str, Any]:
    return {"ok": True, "baseline": participant.baseline is not None, "samples": samples, "reason": reason}

"""The arm's calibration: while the student rests, types and writes, the phone on the arm shows what desk work is."""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.errors import UserError
from core.ports import Monitor
from core.types import Observation, ObservationKind
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Student
from rooms.setup.states import ParticipantState
from store.rooms import ParticipantRow

SENSOR = "arm"
PHASES = frozenset({"rest", "type", "write"})
SETTLE = 0.5  # seconds that hands take to the next task
WINDOW = 2.5  # seconds that a window of the arm lasts; its observation tells its end
MOST_WINDOWS = 120  # of one phase
MOST_STEPS = 30  # phases shown; a page shows three

Windows = dict[str, list[Sequence[float]]]
Measure = Callable[[Mapping[str, Sequence[Sequence[float]]]], tuple[dict[str, Any] | None, str | None]]


class ArmRun:
    """One student's calibration under way: when which phase began, and the windows of each."""

    def __init__(self, known: Mapping[str, Any] | None) -> None:
        self.known = known
        """The reference that holds if nothing comes of this."""
        self.begun: list[tuple[float, str]] = []
        self.windows: Windows = {}

    def begin(self, phase: str, now: float) -> int:
        """Know what the student does from now on; return how many windows it has."""
        if not self.begun or self.begun[-1][1] != phase:
            self.begun.append((now, phase))
        return len(self.windows.get(phase, ()))

    def take(self, ended_at: float, features: Sequence[float]) -> None:
        """Keep a window that lies in one phase as a whole."""
        earlier = [one for one in self.begun if one[0] + SETTLE <= ended_at - WINDOW]
        if not earlier:
            return
        place = len(earlier)
        if place < len(self.begun) and ended_at > self.begun[place][0]:
            return
        windows = self.windows.setdefault(earlier[-1][1], [])
        if len(windows) < MOST_WINDOWS:
            windows.append(list(features))


class ArmCalibration:
    """Observer of senses that collects windows for whoever is being calibrated, and keeps the reference."""

    def __init__(self, context: RoomContext, monitor: Monitor, measure: Measure) -> None:
        self._database = context.database
        self._directory = context.directory
        self._event_log = context.event_log
        self._clock = context.clock
        self._measure = measure
        self._monitor = monitor
        self._runs: dict[str, ArmRun] = {}
        self._lock = threading.Lock()
        context.signals.students.joined.connect(self._joined)
        context.signals.students.disconnected.connect(self._disconnected)
        context.signals.when_absent(self.forget)

    def step(self, participant: Student, phase: str) -> dict[str, Any]:
        """Take one step of a student in the system check and return its acknowledgement.

        Raises:
            UserError: `bad_move` after the system check, or a step without a start.
        """
        if participant.state != ParticipantState.CHECKING:
            raise UserError("bad_move", "Your usual movements are learnt during the system check only.")
        if phase == "start":
            return self._start(participant)
        if phase in PHASES:
            return self._phase(participant, phase)
        return self._done(participant) if phase == "done" else self._skip(participant)

    def resume(self, participant: Student) -> None:
        """Tell the sense what is known of a student who is there again, also after a restart of the server."""
        if participant.arm_reference is not None:
            self._tell(participant.id, participant.arm_reference, False)

    def sensed(self, observations: Sequence[Observation], _judged: bool) -> None:
        """Keep the windows of whoever is being calibrated."""
        for one in observations:
            run = self._runs.get(one.participant)
            features = one.values.get("features")
            if run is not None and features is not None and one.kind is ObservationKind.ARM:
                with self._lock:
                    run.take(one.at, features)

    def forget(self, participant: str) -> None:
        """Drop what is under way for a student who went away."""
        run = self._runs.pop(participant, None)
        if run is not None:
            self._tell(participant, run.known, False)

    def _start(self, participant: Student) -> dict[str, Any]:
        self._runs[participant.id] = ArmRun(participant.arm_reference)
        self._tell(participant.id, participant.arm_reference, True)
        return _answer(participant, 0)

    def _phase(self, participant: Student, phase: str) -> dict[str, Any]:
        run = self._runs.get(participant.id)
        if run is None or len(run.begun) >= MOST_STEPS:
            raise UserError("bad_move", "Please start again to show your usual movements.")
        with self._lock:
            samples = run.begin(phase, self._clock.now())
        return _answer(participant, samples)

    def _done(self, participant: Student) -> dict[str, Any]:
        run = self._runs.pop(participant.id, None)
        if run is None:
            raise UserError("bad_move", "Please start again to show your usual movements.")
        with self._lock:
            reference, reason = self._measure(run.windows)
        self._keep(participant, reference, reason)
        self._tell(participant.id, participant.arm_reference, False)
        return _answer(participant, sum(map(len, run.windows.values())), reason)

    def _skip(self, participant: Student) -> dict[str, Any]:
        self.forget(participant.id)
        return _answer(participant, 0)

    def _keep(self, participant: Student, reference: dict[str, Any] | None, reason: str | None) -> None:
        room = self._directory.room(participant.room)
        code = room.code if room else None
        if reference is None:
            # an earlier one that was good stays: it is the same arm
            self._event_log.note("arm-not-learnt", room=code, student=participant.name, why=reason)
            return
        with self._database.session() as session:
            row = session.get(ParticipantRow, participant.id)
            if row is not None:
                row.arm_reference = reference
        participant.arm_reference = reference
        self._event_log.note("arm-learnt", room=code, student=participant.name)

    def _tell(self, participant: str, reference: Mapping[str, Any] | None, calibrates: bool) -> None:
        known: dict[str, Any] = {"reference": reference} if reference is not None else {}
        self._monitor.give_context(participant, SENSOR, {**known, **({"calibrates": True} if calibrates else {})})

    def _joined(self, _room: LiveRoom, participant: Student) -> None:
        self.resume(participant)

    def _disconnected(self, _room: LiveRoom, participant: Student) -> None:
        self.forget(participant.id)


def _answer(participant: Student, samples: int, reason: str | None = None) -> dict[str, Any]:
    return {"ok": True, "learnt": participant.arm_reference is not None, "samples": samples, "reason": reason}

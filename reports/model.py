"""What a report says, without words: one room, its students, their times and alerts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.attendance import Attendance
from reports.agreement import Agreement
from reports.spans import Span

AWAY, NOT_RECORDED = "away", "not_recorded"
"""Beside the states of core/attendance.py: not connected; and nobody knows, as the server did not look."""
NOT_SEEN = (
    Attendance.UNCLEAR,
    Attendance.UNWATCHED,
    Attendance.NO_CAMERA,
    Attendance.NO_PICTURE,
    Attendance.PRESENT,
    Attendance.BREAK,
    Attendance.HELD,
    AWAY,
    NOT_RECORDED,
)
"""Why a student in the exam is not seen."""


@dataclass(frozen=True)
class Stay:
    """A stretch of time in one state."""

    state: str
    span: Span


@dataclass(frozen=True)
class Coverage:
    """How many seconds of the exam a student was seen, and how many not, by the reason."""

    seconds: Mapping[str, float] = field(default_factory=dict)
    """By state; pauses are left out."""
    is_recorded: bool = False
    """False where the server kept no record at all: nothing is known then."""

    @property
    def exam(self) -> float:
        """Return how long the exam was for the student."""
        return sum(self.seconds.values())

    @property
    def seen(self) -> float:
        """Return how long pictures could be judged."""
        return self.seconds.get(Attendance.SEEN, 0.0)

    @property
    def not_seen(self) -> float:
        """Return how long they could not, for whatever reason."""
        return self.exam - self.seen

    @property
    def reasons(self) -> list[tuple[str, float]]:
        """List why the student was not seen and for how many seconds, in a fixed order."""
        return [(str(state), self.seconds[state]) for state in NOT_SEEN if self.seconds.get(state, 0.0) > 0.0]


@dataclass(frozen=True)
class AlertEntry:
    """An alert, and what a teacher made of it."""

    id: str
    incident: str
    """Shared with what follows it closely, or befell much of the room at once."""
    kind: str
    channel: str
    severity: str
    text: str
    """A translation key; `numbers` are for its places."""
    numbers: Mapping[str, Any]
    span: Span
    """From its beginning to its end, or to where the report ends."""
    raised: datetime
    is_over: bool
    kept: frozenset[str]
    """`picture`, `sound`, `words`: what there is to look at."""
    verdict: str
    """`new`, `acknowledged`, `dismissed`."""
    note: str
    handled_by: str | None
    handled_at: datetime | None


@dataclass(frozen=True)
class DecisionEntry:
    """One step in deciding an incident, as far as it may be read: a lone first decision has no verdict and no note."""

    incident: str
    step: str
    """`decided`, `first`, `second`, `final`, `back`."""
    verdict: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True)
class ActionEntry:
    """What a teacher did about a student, and what became of it."""

    id: str
    verb: str
    reason: str
    note: str
    minutes: int | None
    by: str
    at: datetime
    became: Mapping[str, datetime]
    """`delivered`, `acknowledged`, `undone`, `confirmed`, `refused`."""
    decided_by: str


@dataclass(frozen=True)
class AnswerEntry:
    """What a student said of an incident."""

    incident: str
    text: str
    at: datetime


@dataclass(frozen=True)
class ProblemEntry:
    """Something that did not work for a student."""

    category: str
    text: str
    at: datetime
    solved_by: str
    solved_at: datetime | None


@dataclass(frozen=True)
class KindCount:
    """The alerts of one kind in a room."""

    kind: str
    alerts: int
    incidents: int
    """Alerts of one student that follow each other closely count once, and what befell much of the room at once."""
    students: int
    right: int
    wrong: int

    @property
    def open(self) -> int:
        """Return how many nobody judged."""
        return self.alerts - self.right - self.wrong

    @property
    def precision(self) -> float | None:
        """Return the share of judged alerts that were right, None where none was judged."""
        judged = self.right + self.wrong
        return self.right / judged if judged else None


@dataclass(frozen=True)
class StudentReport:
    """One student of a room."""

    id: str
    name: str
    state: str
    """Of the participant, as the database has it at the end."""
    joined: datetime
    left: datetime | None
    stays: Sequence[Stay]
    """Of the student's computer, in order."""
    phones: Mapping[str, Sequence[Stay]]
    """By role."""
    outages: Sequence[Span]
    """When the student was not connected while the exam went on."""
    alerts: Sequence[AlertEntry]
    """In the order in which they began."""
    coverage: Coverage
    written: int
    """Messages of the student."""
    received: int
    """Messages for the student alone."""
    decisions: Sequence[DecisionEntry] = ()
    actions: Sequence[ActionEntry] = ()
    answers: Sequence[AnswerEntry] = ()
    problems: Sequence[ProblemEntry] = ()

    def decisions_on(self, incident: str) -> list[DecisionEntry]:
        """List what was decided about an incident, in order."""
        return [one for one in self.decisions if one.incident == incident]

    def answers_to(self, incident: str) -> list[AnswerEntry]:
        """List what the student said of an incident, in order."""
        return [one for one in self.answers if one.incident == incident]

    def judged(self, verdict: str) -> int:
        """Count the alerts with this verdict."""
        return sum(alert.verdict == verdict for alert in self.alerts)


@dataclass(frozen=True)
class Absent:
    """Somebody who was not in the exam, and how that is known."""

    name: str
    why: str
    """`expected`: a photo was given and nobody of the name came; `never_came`: a place was taken and the page never
    connected; `not_admitted`: came and was not let in."""


@dataclass(frozen=True)
class RoomReport:
    """One room, its students by name."""

    id: str
    code: str
    title: str
    state: str
    began: datetime | None
    ended: datetime | None
    made: datetime
    """When the report was made, up to where it reaches while the exam goes on."""
    teachers: Sequence[str]
    exam: Span | None
    """From the start to the end, or to now; None for an exam that never began."""
    pauses: Sequence[Span]
    not_recorded: Sequence[Span]
    """Parts of the exam in which the server kept no record."""
    students: Sequence[StudentReport]
    absent: Sequence[Absent]
    kinds: Sequence[KindCount]
    agreements: Mapping[str, Agreement] = field(default_factory=dict)
    """By kind, where two people decided."""

    @property
    def is_recorded(self) -> bool:
        """Say whether anything is known of who was connected and seen."""
        return any(student.coverage.is_recorded for student in self.students)

    @property
    def alerts(self) -> int:
        """Count all alerts."""
        return sum(kind.alerts for kind in self.kinds)

    def student(self, student_id: str) -> StudentReport | None:
        """Find a student by id."""
        return next((student for student in self.students if student.id == student_id), None)

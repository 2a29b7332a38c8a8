"""Makes the report of a room from its rows; decides nothing about anybody, and ranks nobody."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from core.names import name_key, sort_key
from reports.coverage import Course, course_of, coverage_of, outages_of, stay_of
from reports.desk import action_entries, agreements, answer_entries, decision_entries, problem_entries
from reports.model import Absent, AlertEntry, KindCount, RoomReport, Stay, StudentReport
from reports.records import RoomRecords
from reports.spans import Span
from store.alerts import AlertRow
from store.desk import ActionRow, AnswerRow, ProblemRow
from store.rooms import ParticipantRow

Own = TypeVar("Own", ActionRow, AnswerRow, ProblemRow)
WEBCAM = "webcam"
GONE = frozenset({"left", "removed"})
NEVER_IN = frozenset({"checking", "waiting", "refused"})
RIGHT, WRONG = "acknowledged", "dismissed"


def room_report(records: RoomRecords, now: datetime) -> RoomReport:
    """Return the report of a room as of now."""
    room = records.room
    end = room.ended_at or now
    course = course_of(room.started_at, end, records.attendance)
    came = [row for row in records.participants if row.arrived_at is not None]
    students = [_student(row, records, course, end) for row in came]
    return RoomReport(
        id=room.id,
        code=room.code,
        title=room.title,
        state=room.state,
        began=room.started_at,
        ended=room.ended_at,
        made=now,
        teachers=tuple(records.teachers),
        exam=course.exam,
        pauses=tuple(course.pauses),
        not_recorded=tuple(course.not_recorded) if course.is_recorded else (),
        students=tuple(sorted(students, key=lambda one: (sort_key(one.name), one.name, one.joined, one.id))),
        absent=tuple(_absent(records)),
        kinds=tuple(kind_counts(students)),
        agreements=agreements(records.steps, records.alerts),
    )


def _student(row: ParticipantRow, records: RoomRecords, course: Course, end: datetime) -> StudentReport:
    left = row.left_at if row.state in GONE else None
    rows = [span for span in records.attendance if span.participant_id == row.id]
    stays = [stay_of(span) for span in rows if span.channel == WEBCAM]
    mine = course.until(left)
    written, received = records.messages.get(row.id, (0, 0))
    return StudentReport(
        id=row.id,
        name=row.name,
        state=row.state,
        joined=row.joined_at,
        left=left,
        stays=tuple(stays),
        phones=_phones(row, records),
        outages=tuple(outages_of(mine, stays)),
        alerts=tuple(_alert(one, records, end) for one in records.alerts if one.participant_id == row.id),
        coverage=coverage_of(mine, stays),
        written=written,
        received=received,
        decisions=tuple(decision_entries([one for one in records.steps if one.participant_id == row.id])),
        actions=tuple(action_entries(_of(row, records.actions), records.action_steps)),
        answers=tuple(answer_entries(_of(row, records.answers))),
        problems=tuple(problem_entries(_of(row, records.problems))),
    )


def _of(row: ParticipantRow, rows: Iterable[Own]) -> list[Own]:
    return [one for one in rows if one.participant_id == row.id]


def _phones(row: ParticipantRow, records: RoomRecords) -> dict[str, Sequence[Stay]]:
    spans = [span for span in records.attendance if span.participant_id == row.id and span.channel != WEBCAM]
    paired = {phone.role for phone in records.phones if phone.participant_id == row.id}
    roles = sorted(paired | {span.channel for span in spans})
    return {role: tuple(stay_of(span) for span in spans if span.channel == role) for role in roles}


def _alert(row: AlertRow, records: RoomRecords, end: datetime) -> AlertEntry:
    kept = {*row.numbers.get("kept", ()), *({"picture"} if row.evidence else ())}
    return AlertEntry(
        id=row.id,
        incident=row.incident_id or row.id,
        kind=row.kind,
        channel=row.channel,
        severity=row.severity,
        text=row.text,
        numbers=row.numbers,
        span=Span(row.started_at, row.ended_at or max(end, row.started_at)),
        raised=row.raised_at,
        is_over=row.ended_at is not None,
        kept=frozenset(kept),
        verdict=row.verdict,
        note=row.note,
        handled_by=records.users.get(row.handled_by or 0),
        handled_at=row.handled_at,
    )


def kind_counts(students: Sequence[StudentReport]) -> list[KindCount]:
    """Count the alerts of each kind, by the kind's name."""
    kinds = sorted({alert.kind for student in students for alert in student.alerts})
    return [_count(kind, students) for kind in kinds]


def _count(kind: str, students: Sequence[StudentReport]) -> KindCount:
    by_student = [[alert for alert in student.alerts if alert.kind == kind] for student in students]
    alerts = [alert for some in by_student for alert in some]
    return KindCount(
        kind=kind,
        alerts=len(alerts),
        incidents=len({alert.incident for alert in alerts}),
        students=sum(bool(some) for some in by_student),
        right=sum(alert.verdict == RIGHT for alert in alerts),
        wrong=sum(alert.verdict == WRONG for alert in alerts),
    )


def _absent(records: RoomRecords) -> Iterable[Absent]:
    in_it = {name_key(row.name) for row in records.participants if _was_in(row)}
    why = {name_key(name): Absent(name, "expected") for name in records.expected}
    for row in records.participants:
        if not _was_in(row):
            why[name_key(row.name)] = Absent(row.name, "not_admitted" if row.arrived_at else "never_came")
    return sorted((one for key, one in why.items() if key not in in_it), key=lambda one: (sort_key(one.name), one.name))


def _was_in(row: ParticipantRow) -> bool:
    return row.arrived_at is not None and row.state not in NEVER_IN

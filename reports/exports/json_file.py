"""The whole report as JSON, for programs: keys and states as the database names them, moments in UTC."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from core.text_keys import N_
from reports.agreement import Agreement
from reports.exports.base import Export
from reports.model import ActionEntry, AlertEntry, RoomReport, Stay, StudentReport
from reports.spans import Span
from reports.words import Words

VERSION = 1
"""Changes when a key gets another meaning or goes."""


def facts_of(report: RoomReport, words: Words) -> dict[str, Any]:
    """Return a report as plain values."""
    return {
        "version": VERSION,
        "made": _moment(report.made),
        "room": {
            **{"id": report.id, "code": report.code, "title": report.title, "state": report.state},
            **{"began": _moment(report.began), "ended": _moment(report.ended), "teachers": list(report.teachers)},
            "pauses": [_span(span) for span in report.pauses],
            "not_recorded": [_span(span) for span in report.not_recorded],
        },
        "kinds": [
            {
                **{"kind": one.kind, "label": words.kind(one.kind), "alerts": one.alerts, "incidents": one.incidents},
                **{"students": one.students, "right": one.right, "wrong": one.wrong, "open": one.open},
                "precision": one.precision,
                "agreement": _agreement(report.agreements.get(one.kind)),
            }
            for one in report.kinds
        ],
        "absent": [{"name": one.name, "why": one.why} for one in report.absent],
        "students": [_student(student, words) for student in report.students],
    }


def _student(student: StudentReport, words: Words) -> dict[str, Any]:
    coverage = student.coverage
    return {
        **{"id": student.id, "name": student.name, "state": student.state},
        **{"joined": _moment(student.joined), "left": _moment(student.left)},
        "messages": {"written": student.written, "received": student.received},
        "coverage": _rounded(coverage.seconds) if coverage.is_recorded else None,
        "stays": _stays(student.stays),
        "phones": {role: _stays(stays) for role, stays in student.phones.items()},
        "outages": [_span(span) for span in student.outages],
        "alerts": [_alert(alert, words) for alert in student.alerts],
        "decisions": [{**asdict(one), "at": _moment(one.at)} for one in student.decisions],
        "actions": [_action(one) for one in student.actions],
        "answers": [{**asdict(one), "at": _moment(one.at)} for one in student.answers],
        "problems": [
            {**asdict(one), "at": _moment(one.at), "solved_at": _moment(one.solved_at)} for one in student.problems
        ],
    }


def _action(one: ActionEntry) -> dict[str, Any]:
    became = {step: _moment(at) for step, at in one.became.items()}
    return {**asdict(one), "at": _moment(one.at), "became": became}


def _agreement(one: Agreement | None) -> dict[str, Any] | None:
    return None if one is None else {"pairs": one.pairs, "agreed": one.agreed, "kappa": one.kappa}


def _alert(alert: AlertEntry, words: Words) -> dict[str, Any]:
    return {
        **{
            "id": alert.id,
            "incident": alert.incident,
            "kind": alert.kind,
            "severity": alert.severity,
            "channel": alert.channel,
        },
        **_span(alert.span),
        "end": _moment(alert.span.end) if alert.is_over else None,
        "raised": _moment(alert.raised),
        "text": words.explained(alert),
        "numbers": dict(alert.numbers),
        "kept": sorted(alert.kept),
        "verdict": alert.verdict,
        "note": alert.note,
        "handled_by": alert.handled_by,
        "handled_at": _moment(alert.handled_at),
    }


def _stays(stays: Sequence[Stay]) -> list[dict[str, Any]]:
    return [{"state": stay.state, **_span(stay.span)} for stay in stays]


def _span(span: Span) -> dict[str, Any]:
    return {"begin": _moment(span.begin), "end": _moment(span.end)}


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="milliseconds")


def _rounded(seconds: Mapping[str, float]) -> dict[str, float]:
    return {str(state): round(value, 1) for state, value in seconds.items()}


def _make(report: RoomReport, words: Words) -> bytes:
    return json.dumps(facts_of(report, words), ensure_ascii=False, indent=1).encode()


EXPORT = Export("report.json", N_("Everything (JSON)"), "filetype-json", "application/json", _make)

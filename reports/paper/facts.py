"""What stands on paper, in words: plain values that Typst reads as data, so that no name or note becomes markup."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from core.text_keys import N_
from reports.charts import strip
from reports.desk_words import decision_words
from reports.exports.tables import Cell, Table, absent_table, agreement_table, kinds_table, moment
from reports.model import AlertEntry, Coverage, RoomReport, StudentReport
from reports.timeline import event_words, events_of, offset
from reports.words import Words

ANSWERED = N_("The student answered: %(text)s")
NO_RANKING = N_(
    "By name: the report ranks nobody. An alert asks a person to look; it is no proof. What nobody could see stands "
    "beside it."
)
LEGEND = N_(
    "From the start to the end of the exam. High: seen; low: not seen, for the reasons below; white: not connected or "
    "not recorded; light grey: a pause. Framed: alerts, white where they were judged wrong."
)


def paper_facts(report: RoomReport, words: Words, pictures: Collection[str] = ()) -> dict[str, Any]:
    """Return what `report.typ` sets; `pictures` are the ids of alerts whose pictures lie beside it."""
    tables = [_students(report, words), kinds_table(report, words), agreement_table(report, words)]
    tables.append(absent_table(report, words))
    return {
        "title": report.title,
        "language": words.locale[:2],
        "words": _words(words),
        "facts": _facts(report, words),
        "tables": [_table(table) for table in tables if table.rows],
        "students": [_student(report, one, words, pictures) for one in report.students],
    }


def _words(words: Words) -> dict[str, Any]:
    said = {
        "report": N_("Report of the exam"),
        "no_ranking": NO_RANKING,
        "state": N_("State"),
        "time": N_("Duration"),
        "legend": LEGEND,
        "picture": N_("The picture that raised the alert"),
    }
    events = (N_("After the start"), N_("Lasted"), N_("What happened"))
    return {**{key: words.translate(text) for key, text in said.items()}, "events": [*map(words.translate, events)]}


def _facts(report: RoomReport, words: Words) -> list[list[str]]:
    lasted = words.minutes(report.exam.seconds) if report.exam else "–"
    facts = [
        (N_("Began (UTC)"), moment(report.began) or "–"),
        (N_("Ended (UTC)"), moment(report.ended) or "–"),
        (N_("Lasted"), lasted),
        (N_("Teachers"), ", ".join(report.teachers)),
    ]
    return [[words.translate(name), value] for name, value in facts]


def _students(report: RoomReport, words: Words) -> Table:
    heads = (N_("Student"), N_("Not seen"), N_("Alerts"), N_("Right"), N_("Wrong"), N_("Not judged"))
    rows: list[list[Cell]] = [
        [
            one.name,
            not_seen(one.coverage, words),
            len(one.alerts),
            *(one.judged(verdict) for verdict in ("acknowledged", "dismissed", "new")),
        ]
        for one in report.students
    ]
    return Table(words.translate(N_("Students")), [words.translate(head) for head in heads], rows)


def _table(table: Table) -> dict[str, Any]:
    rows = [["–" if cell is None else str(cell) for cell in row] for row in table.rows]
    return {"title": table.title, "heads": list(table.heads), "rows": rows}


def _student(report: RoomReport, student: StudentReport, words: Words, pictures: Collection[str]) -> dict[str, Any]:
    chart = strip(report, student, words)
    bars = [*chart.bands, *(bar for lane in chart.lanes for bar in lane.bars)] if chart else []
    covered = [("seen", student.coverage.seen), *student.coverage.reasons] if student.coverage.is_recorded else []
    return {
        "name": student.name,
        "about": words.participant(student.state),
        "strip": [asdict(bar) for bar in bars],
        "coverage": [[words.state(state), words.minutes(seconds)] for state, seconds in covered],
        "alerts": [_alert(report, student, one, words, one.id in pictures) for one in student.alerts],
        "events": [
            [
                offset(event.begin, report.began),
                words.minutes((event.end - event.begin).total_seconds()) if event.end else "–",
                event_words(event, student, words),
            ]
            for event in events_of(report, student)
        ],
    }


def _alert(
    report: RoomReport, student: StudentReport, alert: AlertEntry, words: Words, has_picture: bool
) -> dict[str, Any]:
    said = f"{words.verdict(alert.verdict)} · {alert.handled_by}" if alert.handled_by else words.verdict(alert.verdict)
    when = [offset(alert.span.begin, report.began), f"{moment(alert.span.begin)} UTC", words.channel(alert.channel)]
    seen = {"part": not_seen(student.coverage, words)}
    return {
        "kind": f"{words.kind(alert.kind)} · {words.severity(alert.severity)}",
        "severity": alert.severity,
        "when": " · ".join(when),
        "text": words.explained(alert),
        "verdict": said,
        "not_seen": words.say(N_("Not seen in this exam: %(part)s"), seen),
        "note": alert.note,
        "decisions": [decision_words(one, words) for one in student.decisions_on(alert.incident)],
        "answers": [words.say(ANSWERED, {"text": one.text}) for one in student.answers_to(alert.incident)],
        "picture": f"{alert.id}.jpg" if has_picture else None,
    }


def not_seen(coverage: Coverage, words: Words) -> str:
    """Say how much of the exam a student was not seen."""
    if not coverage.is_recorded:
        return words.translate(N_("Not recorded"))
    parts = {"part": words.minutes(coverage.not_seen), "all": words.minutes(coverage.exam)}
    return words.say(N_("%(part)s of %(all)s"), parts)

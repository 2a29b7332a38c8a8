"""What happened to one student, in order: for the table beside the picture of the timeline, and for downloads."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from core.text_keys import N_
from reports.desk_words import action_words
from reports.model import AWAY, NOT_RECORDED, RoomReport, StudentReport
from reports.spans import Span, common
from reports.words import Words

PAUSE, ALERT, VERDICT, JOINED, LEFT = "pause", "alert", "verdict", "joined", "left"
ACTION, ANSWER, PROBLEM = "action", "answer", "problem"
COMPUTER = "webcam"
WRITTEN = {ANSWER: N_("The student answered: %(text)s"), PROBLEM: N_("The student reported a problem: %(text)s")}


class Event(NamedTuple):
    """Something that happened, or lasted."""

    begin: datetime
    end: datetime | None
    """None for a moment, and for what had not ended."""
    what: str
    """`pause`, `alert`, `verdict`, `action`, `answer`, `problem`, `joined`, `left`; else the state of a device."""
    about: str
    """The device; the id of an alert, of the alert of a verdict, or of an action; the text of an answer or problem."""


def events_of(report: RoomReport, student: StudentReport) -> list[Event]:
    """List what happened to a student, in order."""
    return sorted([*_lasting(report, student), *_moments(student)], key=lambda one: (one.begin, one.what, one.about))


def _lasting(report: RoomReport, student: StudentReport) -> Iterator[Event]:
    for channel, stays in {COMPUTER: student.stays, **student.phones}.items():
        yield from (Event(*stay.span, stay.state, channel) for stay in stays)
    yield from (Event(*span, AWAY, COMPUTER) for span in student.outages)
    stayed = [Span(student.joined, student.left or report.made)]
    yield from (Event(*span, PAUSE, "") for span in common(report.pauses, stayed))
    yield from (Event(*span, NOT_RECORDED, "") for span in common(report.not_recorded, stayed))
    for alert in student.alerts:
        yield Event(alert.span.begin, alert.span.end if alert.is_over else None, ALERT, alert.id)


def _moments(student: StudentReport) -> Iterator[Event]:
    yield Event(student.joined, None, JOINED, "")
    if student.left is not None:
        yield Event(student.left, None, LEFT, "")
    for action in student.actions:
        yield Event(action.at, action.became.get("undone"), ACTION, action.id)
    for answer in student.answers:
        yield Event(answer.at, None, ANSWER, answer.text)
    for problem in student.problems:
        yield Event(problem.at, problem.solved_at, PROBLEM, problem.text)
    for alert in student.alerts:
        if alert.handled_at is not None and alert.verdict != "new":
            yield Event(alert.handled_at, None, VERDICT, alert.id)


def event_words(event: Event, student: StudentReport, words: Words) -> str:
    """Say what happened."""
    alert = next((one for one in student.alerts if one.id == event.about), None)
    if event.what == ALERT and alert is not None:
        return words.say(N_("Alert: %(kind)s"), {"kind": words.kind(alert.kind)})
    if event.what == VERDICT and alert is not None:
        said = {"verdict": words.verdict(alert.verdict), "kind": words.kind(alert.kind), "by": alert.handled_by or "–"}
        return words.say(N_("Verdict on %(kind)s: %(verdict)s (%(by)s)"), said)
    action = next((one for one in student.actions if event.what == ACTION and one.id == event.about), None)
    if action is not None:
        return action_words(action, words)
    if event.what in WRITTEN:
        return words.say(WRITTEN[event.what], {"text": event.about})
    told = {PAUSE: N_("The exam was paused"), JOINED: N_("Joined"), LEFT: N_("Left the room")}
    if event.what in told:
        return words.translate(told[event.what])
    state = words.state(event.what)
    return state if event.about in ("", COMPUTER) else f"{words.channel(event.about)}: {state}"


def offset(moment: datetime, begin: datetime | None) -> str:
    """Say how long after the start of the exam a moment is, as h:mm:ss; before it, with a minus."""
    if begin is None:
        return "–"
    seconds = round((moment - begin).total_seconds())
    minutes, rest = divmod(abs(seconds), 60)
    sign = "\N{MINUS SIGN}" if seconds < 0 else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02}:{rest:02}"

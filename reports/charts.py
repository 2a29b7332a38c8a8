"""Where everything stands in the picture of a timeline, for templates: along the time in percent, down in pixels."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.text_keys import N_
from reports.model import AWAY, NOT_RECORDED, AlertEntry, RoomReport, Stay, StudentReport
from reports.spans import Span, common
from reports.timeline import offset
from reports.words import Words

LEAST = 0.4  # percent: what is shorter would not be seen
ROW, LABEL, BETWEEN, BAR = 20, 16, 10, 12  # pixels
MOST_ROWS = 8
"""Of alerts at the same time; further ones are drawn over the last row, and all are in the table."""
STEPS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 240, 480, 1440)  # minutes between two marks of the axis
MOST_STEPS = 8


@dataclass(frozen=True)
class Bar:
    """One rectangle; `sort` is its CSS class, `title` what it says where a mouse rests on it."""

    x: float
    width: float
    y: float
    height: float
    sort: str
    title: str


@dataclass(frozen=True)
class Lane:
    """Bars under a heading."""

    label: str
    y: float
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Tick:
    """A mark of the axis."""

    x: float
    text: str
    anchor: str


@dataclass(frozen=True)
class Chart:
    """All of it, for `templates/parts/timeline.html`."""

    lanes: Sequence[Lane]
    bands: Sequence[Bar]
    ticks: Sequence[Tick]
    height: float


class Scale:
    """Turns moments of the exam into percent."""

    def __init__(self, exam: Span) -> None:
        self.exam = exam
        self._seconds = max(exam.seconds, 1.0)

    def x(self, moment: datetime) -> float:
        """Return where a moment is, at most the end."""
        inside = min(max(moment, self.exam.begin), self.exam.end)
        return round(100 * (inside - self.exam.begin).total_seconds() / self._seconds, 3)

    def bar(self, span: Span, y: float, height: float, sort: str, title: str) -> Bar:
        """Return the rectangle of a stretch; one that would not be seen is widened, and stays inside."""
        begin = self.x(span.begin)
        width = max(self.x(span.end) - begin, LEAST)
        said = f"{title}, {offset(span.begin, self.exam.begin)} – {offset(span.end, self.exam.begin)}"
        return Bar(round(min(begin, 100 - width), 3), round(width, 3), y, height, sort, said)

    def ticks(self) -> list[Tick]:
        """Return marks at full minutes, few enough to be read."""
        minutes = self.exam.seconds / 60
        step = next((one for one in STEPS if minutes / one <= MOST_STEPS), STEPS[-1])
        count = int(minutes // step)
        marks = [(100 * n * step / max(minutes, 1 / 60), n * step) for n in range(count + 1)]
        return [_tick(round(x, 3), minute) for x, minute in marks]


def strip(report: RoomReport, student: StudentReport, words: Words) -> Chart | None:
    """Return one line about a student for a table of many; None for an exam that never began."""
    if report.exam is None:
        return None
    scale = Scale(report.exam)
    bars = [*_computer(scale, report, student, 2, words), *_marks(scale, student.alerts, words)]
    return Chart([Lane("", 0, bars)], _pauses(scale, report, 24, words), [], 24)


def timeline(report: RoomReport, student: StudentReport, words: Words) -> Chart | None:
    """Return the whole of a student's exam; None for one that never began."""
    if report.exam is None:
        return None
    scale, y, lanes = Scale(report.exam), 0.0, list[Lane]()
    computer = words.channel("webcam")
    lanes.append(Lane(computer, y + 12, list(_computer(scale, report, student, y + LABEL, words))))
    y += LABEL + ROW + BETWEEN
    for role, stays in student.phones.items():
        lanes.append(Lane(words.channel(role), y + 12, list(_device(scale, stays, y + LABEL, words))))
        y += LABEL + ROW + BETWEEN
    if student.alerts:
        rows = rows_of(student.alerts)
        bars = [_alert(scale, one, y + LABEL + row * (BAR + 3), words) for one, row in rows]
        lanes.append(Lane(words.translate(N_("Alerts")), y + 12, bars))
        y += LABEL + (1 + max(row for _one, row in rows)) * (BAR + 3) + BETWEEN
    return Chart(lanes, _pauses(scale, report, y, words), scale.ticks(), y + 18)


def rows_of(alerts: Sequence[AlertEntry]) -> list[tuple[AlertEntry, int]]:
    """Give alerts that overlap a row of their own each, the first that is free."""
    ends: list[datetime] = []
    placed = []
    for alert in sorted(alerts, key=lambda one: one.span):
        free = (row for row, end in enumerate(ends) if end <= alert.span.begin)
        row = next(free, min(len(ends), MOST_ROWS - 1))
        ends[row : row + 1] = [alert.span.end]
        placed.append((alert, row))
    return placed


def _pauses(scale: Scale, report: RoomReport, height: float, words: Words) -> list[Bar]:
    return [scale.bar(one, 0, height, "pause", words.translate(N_("The exam was paused"))) for one in report.pauses]


def _computer(scale: Scale, report: RoomReport, student: StudentReport, y: float, words: Words) -> Iterator[Bar]:
    yield from _device(scale, student.stays, y, words)
    yield from _spans(scale, student.outages, y, AWAY, words)
    yield from _spans(scale, report.not_recorded, y, NOT_RECORDED, words)


def _device(scale: Scale, stays: Iterable[Stay], y: float, words: Words) -> Iterator[Bar]:
    for stay in stays:
        yield from _spans(scale, [stay.span], y, stay.state, words)


def _spans(scale: Scale, spans: Iterable[Span], y: float, state: str, words: Words) -> Iterator[Bar]:
    # what is seen stands high, what is not seen low: nobody needs the colours to tell them apart
    high = state in ("seen", "sending")
    top, height = (y, ROW) if high else (y + ROW / 2, ROW / 2)
    for span in common(spans, [scale.exam]):
        yield scale.bar(span, top, height, state, words.state(state))


def _alert(scale: Scale, alert: AlertEntry, y: float, words: Words) -> Bar:
    said = f"{words.severity(alert.severity)}: {words.kind(alert.kind)}, {words.verdict(alert.verdict)}"
    return scale.bar(alert.span, y, BAR, f"alert {alert.severity} {alert.verdict}", said)


def _marks(scale: Scale, alerts: Iterable[AlertEntry], words: Words) -> Iterator[Bar]:
    for alert in alerts:
        yield _alert(scale, alert, 0, words)


def _tick(x: float, minute: int) -> Tick:
    anchor = "start" if x < 3 else "end" if x > 97 else "middle"
    return Tick(x, f"{minute // 60}:{minute % 60:02}", anchor)

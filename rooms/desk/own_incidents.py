"""The incidents about one student, as the student may know them: what, when, and what the student says of each."""

from collections.abc import Iterable, Mapping, Sequence

from core.errors import UserError
from core.flag import FLAGGED, LABEL
from rooms.alerts.incidents import is_of_room
from rooms.live.views import milliseconds
from rooms.protocol.objects import AnswerView, OwnIncidentView
from rooms.protocol.text_cleaning import clean_text, has_word
from store.alerts import AlertRow
from store.desk import AnswerRow

MOST_ANSWER = 1000
"""Characters."""
MOST_ANSWERS = 6
"""Of one student about one incident: an answer, and what occurs to the student later."""

Labels = Mapping[str, str]
"""What kinds of alert are called, as translation keys."""


def own_incidents(alerts: Iterable[AlertRow], answers: Sequence[AnswerRow], labels: Labels) -> list[OwnIncidentView]:
    """Return the incidents of one student, the oldest first; what charges nobody is left out."""
    incidents: dict[str, list[AlertRow]] = {}
    for alert in alerts:
        if may_be_answered(alert):
            incidents.setdefault(alert.incident_id or alert.id, []).append(alert)
    return [_view(incident, rows, answers, labels) for incident, rows in incidents.items()]


def may_be_answered(alert: AlertRow) -> bool:
    """Say whether an alert counts against its student."""
    return alert.severity != "notice" and not is_of_room(alert.incident_id)


def answer_view(row: AnswerRow) -> AnswerView:
    """Return an answer as teachers and its student see it."""
    return {
        "incident": row.incident_id,
        "participant": row.participant_id,
        "text": row.text,
        "at": milliseconds(row.at),
    }


def check_answer(text: str) -> str:
    """Return a cleaned text; UserError `answer_empty` or `answer_too_long`."""
    cleaned = clean_text(text)
    if not has_word(cleaned):
        raise UserError("answer_empty", "Please write something.")
    if len(cleaned) > MOST_ANSWER:
        raise UserError("answer_too_long", "At most %(most)d characters, please.", most=MOST_ANSWER)
    return cleaned


def _view(incident: str, rows: Sequence[AlertRow], answers: Sequence[AnswerRow], labels: Labels) -> OwnIncidentView:
    kinds = dict.fromkeys(LABEL if row.kind == FLAGGED else labels.get(row.kind, row.kind) for row in rows)
    return {
        "id": incident,
        "kinds": list(kinds),
        "since": milliseconds(min(row.raised_at for row in rows)),
        "answers": [answer_view(row) for row in answers if row.incident_id == incident],
        "may_add": sum(row.incident_id == incident for row in answers) < MOST_ANSWERS,
    }

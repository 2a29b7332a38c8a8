"""What was done and said at the teachers' desk, as a report tells it."""

from collections.abc import Iterable, Sequence

from reports.agreement import Agreement, agreements_by_kind
from reports.model import ActionEntry, AnswerEntry, DecisionEntry, ProblemEntry
from store.alerts import AlertRow
from store.desk import ActionRow, ActionStep, AnswerRow, IncidentStep, ProblemRow


def decision_entries(steps: Sequence[IncidentStep]) -> list[DecisionEntry]:
    """Return the decisions, without what a first one says while another person is still to decide."""
    decided = {(one.incident_id, one.round) for one in steps if one.step == "second"}
    return [_decision(one, one.step != "first" or (one.incident_id, one.round) in decided) for one in steps]


def action_entries(actions: Iterable[ActionRow], steps: Sequence[ActionStep]) -> list[ActionEntry]:
    """Return the actions with what became of each."""
    return [_action(row, [one for one in steps if one.action_id == row.id]) for row in actions]


def answer_entries(answers: Iterable[AnswerRow]) -> list[AnswerEntry]:
    """Return the answers."""
    return [AnswerEntry(row.incident_id, row.text, row.at) for row in answers]


def problem_entries(problems: Iterable[ProblemRow]) -> list[ProblemEntry]:
    """Return the problem reports."""
    return [ProblemEntry(row.category, row.text, row.at, row.solved_by, row.solved_at) for row in problems]


def agreements(steps: Sequence[IncidentStep], alerts: Iterable[AlertRow]) -> dict[str, Agreement]:
    """Return how well first and second decisions agree, by the kinds of alert in the incidents."""
    kinds: dict[str, set[str]] = {}
    for alert in alerts:
        kinds.setdefault(alert.incident_id or alert.id, set()).add(alert.kind)
    firsts = {(one.incident_id, one.round): one.verdict for one in steps if one.step == "first"}
    seconds = {(one.incident_id, one.round): one.verdict for one in steps if one.step == "second"}
    pairs = {key: (firsts[key], said) for key, said in seconds.items() if key in firsts}
    return agreements_by_kind(
        (kind, pair) for (incident, _round), pair in pairs.items() for kind in sorted(kinds.get(incident, ()))
    )


def _decision(row: IncidentStep, is_told: bool) -> DecisionEntry:
    said = (row.verdict, row.note) if is_told else ("", "")
    return DecisionEntry(row.incident_id, row.step, *said, row.person_name, row.at)


def _action(row: ActionRow, steps: Sequence[ActionStep]) -> ActionEntry:
    decided = next((one.person_name for one in steps if one.step in ("confirmed", "refused")), "")
    became = {one.step: one.at for one in steps}
    said = row.verb, row.reason, row.note, row.minutes, row.person_name, row.at
    return ActionEntry(row.id, *said, became, decided)

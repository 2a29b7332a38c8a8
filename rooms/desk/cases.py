"""How far two people have come with an incident: a fold over the steps of its decisions, oldest first.

The first decision is kept from everybody but its teacher until another one has decided without seeing it. Where both
say the same the incident is closed; where they differ, anybody of the room says at last what holds. An alert that
neither of them saw begins it anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from rooms.live.views import milliseconds
from rooms.protocol.objects import CaseView
from store.desk import IncidentStep


@dataclass(frozen=True, slots=True)
class Case:
    """The newest round of decisions on one incident."""

    incident: str
    first: IncidentStep
    second: IncidentStep | None = None
    final: IncidentStep | None = None

    @property
    def is_agreed(self) -> bool:
        """Say whether both said the same; False before the second did."""
        return self.second is not None and self.second.verdict == self.first.verdict

    @property
    def state(self) -> str:
        """Return `first` (another person is waited for), `second` (the two differ) or `closed`."""
        if self.final is not None or self.is_agreed:
            return "closed"
        return "first" if self.second is None else "second"

    @property
    def outcome(self) -> str:
        """Return the verdict that holds, "" before there is one."""
        if self.state != "closed":
            return ""
        return self.final.verdict if self.final else self.first.verdict

    def covers(self, newest: datetime) -> bool:
        """Say whether the first decision is about all alerts up to one that was raised then."""
        return newest <= self.first.until


def case_of(steps: Iterable[IncidentStep]) -> Case | None:
    """Return the case of one incident; None where nobody decided, or the last word was taken back."""
    case: Case | None = None
    for step in steps:
        match step.step:
            case "first":
                case = Case(step.incident_id, step)
            case "second" if case is not None:
                case = Case(case.incident, case.first, step)
            case "final" if case is not None:
                case = Case(case.incident, case.first, case.second, step)
            case "back":
                case = None
    return case


def cases_of(steps: Iterable[IncidentStep]) -> list[Case]:
    """Return the cases of all incidents that have one, from the steps of a room in their order."""
    by_incident: dict[str, list[IncidentStep]] = {}
    for step in steps:
        by_incident.setdefault(step.incident_id, []).append(step)
    return [case for own in by_incident.values() if (case := case_of(own)) is not None]


def case_view(case: Case, person: int) -> CaseView:
    """Return a case as one teacher may see it: until both have decided, each knows no verdict but their own."""
    shows_all = case.second is not None
    own = case.first.person_id == person
    return {
        "incident": case.incident,
        "state": case.state,
        "until": milliseconds(case.first.until),
        "first_by": case.first.person_name,
        "first": case.first.verdict if shows_all or own else None,
        "first_note": case.first.note if shows_all or own else "",
        "own": own,
        "second_by": case.second.person_name if case.second else "",
        "second": case.second.verdict if case.second else None,
        "second_note": case.second.note if case.second else "",
        "final_by": case.final.person_name if case.final else "",
        "outcome": case.outcome or None,
    }

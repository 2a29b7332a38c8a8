"""Two people decide on an incident, the second without seeing the first; only then its alerts have a verdict."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import UserError
from rooms.alerts.alert_rows import AlertRows
from rooms.alerts.incidents import is_of_room
from rooms.desk.cases import Case, case_of, case_view, cases_of
from rooms.desk.steps import Person, Said, next_round, step_row
from rooms.desk.verdicts import Decision, Verdicts
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom, TeacherLink
from rooms.live.views import milliseconds
from rooms.protocol.events import TEACHER
from rooms.protocol.objects import AlertView
from rooms.protocol.outgoing import CasesEvent
from store.alerts import AlertRow, alerts_of_incident
from store.desk import IncidentStep, steps_of

GOING_ON = frozenset({"second", "final"})
"""Steps of the round that a first decision began."""


def needs_two(room: LiveRoom, incident: str) -> bool:
    """Say whether two people decide on an incident: the room wants it, and the incident is about one student."""
    return bool(room.settings.second_decision) and not is_of_room(incident)


class SecondDecisions:
    """Keeps the decisions of such incidents, and tells each teacher as much of them as they may know."""

    def __init__(
        self,
        context: RoomContext,
        rows: AlertRows,
        verdicts: Verdicts,
        journal: Callable[[str, str, dict[str, object], str], object],
    ) -> None:
        self._database = context.database
        self._broadcaster = context.broadcaster
        self._event_log = context.event_log
        self._clock = context.clock
        self._rows = rows
        self._verdicts = verdicts
        self._journal = journal
        context.signals.teacher_joined.connect(self._welcome)

    def decide(self, room: LiveRoom, incident: str, decision: Decision, person: Person) -> list[AlertView]:
        """Take a verdict as the first, second or last decision, or take the own first one back; return the alerts.

        Raises:
            UserError: `unknown_incident`; `own_decision` by who gave the first; `decided_meanwhile`. StoreUnavailable.
        """
        self._rows.settle()
        with self._database.session() as session:
            rows = [row for row in alerts_of_incident(session, room.id, incident) if decision.covers(row)]
            if not rows:
                raise UserError("unknown_incident", "This incident is not in the room.")
            step = self._step(steps_of(session, room.id, incident), rows, decision, person)
            self._add(session, step)
            case = case_of(steps_of(session, room.id, incident))
        self._note(room, step, person)
        views = self._settle(room, step, case, person)
        self._tell(room)
        return views

    def case(self, room: LiveRoom, incident: str) -> Case | None:
        """Return how far an incident has come."""
        with self._database.read() as session:
            return case_of(steps_of(session, room.id, incident))

    def _step(
        self, steps: Sequence[IncidentStep], rows: Sequence[AlertRow], decision: Decision, person: Person
    ) -> IncidentStep:
        case, verdict = case_of(steps), str(decision.verdict)
        if case is not None and not case.covers(max(row.raised_at for row in rows)):
            case = None  # alerts came that nobody has decided about
        name = name_of_step(case, verdict, person[0])
        said = Said(
            step=name,
            round=case.first.round if case is not None and name in GOING_ON else next_round(steps),
            verdict=verdict,
            note=decision.note or "",
            person=person,
            other=case.first.person_id if case is not None and name == "second" else None,
        )
        now = datetime.fromtimestamp(self._clock.now(), UTC)
        # the order of steps is what counts, also where the clock stood still between two of them
        return step_row(rows, said, max([now, *(one.at + timedelta(microseconds=1) for one in steps)]))

    def _add(self, session: Session, step: IncidentStep) -> None:
        session.add(step)
        try:
            session.flush()
        except IntegrityError:  # the database lets nobody be both persons, and nobody decide twice in a round
            raise UserError("decided_meanwhile", "Somebody else decided at the same moment.") from None

    def _settle(self, room: LiveRoom, step: IncidentStep, case: Case | None, person: Person) -> list[AlertView]:
        """Give the alerts their verdict once one holds, and take it away where a decision was taken back."""
        verdict = case.outcome if case is not None else "new"
        said = Decision(verdict=verdict or "new", seen_until=milliseconds(step.until))
        return self._verdicts.review_incident(room, step.incident_id, said, person, is_step=False)

    def _note(self, room: LiveRoom, step: IncidentStep, person: Person) -> None:
        facts = {"incident": step.incident_id, "step": step.step, "by": person[1]}
        self._event_log.note("incident-decided", room=room.code, **facts)
        self._journal(room.id, "decision", {**facts, "verdict": step.verdict}, step.participant_id or "")

    def _tell(self, room: LiveRoom) -> None:
        cases = self._cases(room)
        for link in list(room.teachers.values()):
            self._broadcaster.to_sid(TEACHER, link.sid, "cases", _event(cases, link))

    def _welcome(self, room: LiveRoom, link: TeacherLink) -> None:
        self._broadcaster.to_sid(TEACHER, link.sid, "cases", _event(self._cases(room), link))

    def _cases(self, room: LiveRoom) -> list[Case]:
        with self._database.read() as session:
            return cases_of(steps_of(session, room.id))


def name_of_step(case: Case | None, verdict: str, person: int) -> str:
    """Return which step a verdict is; `case` None: nobody has decided, or new alerts came.

    UserError `own_decision` or `not_yours` where it is not this person's to give.
    """
    if case is None:
        return "back" if verdict == "new" else "first"
    if verdict == "new":
        if case.state == "first" and case.first.person_id != person:
            raise UserError("not_yours", "Only who gave the first decision can take it back.")
        return "back"
    if case.second is not None:
        return "final" if case.final is None and not case.is_agreed else "first"
    if case.first.person_id == person:
        raise UserError("own_decision", "You gave the first decision. Another person gives the second.")
    return "second"


def _event(cases: Sequence[Case], link: TeacherLink) -> CasesEvent:
    return {"cases": [case_view(case, link.person) for case in cases]}

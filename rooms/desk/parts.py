"""The parts of the teachers' desk, as one thing for whoever puts the services together."""

from dataclasses import dataclass

from core.rule_catalogue import RuleCatalogue
from rooms.actions.flags import Flags
from rooms.actions.service import Actions, Effects
from rooms.alerts.alert_service import AlertService
from rooms.desk.answers import Answers
from rooms.desk.claims import Claims
from rooms.desk.hands import Hands
from rooms.desk.muting import AlertMuting
from rooms.desk.problems import Problems
from rooms.desk.review import AlertReview
from rooms.desk.second_decisions import SecondDecisions
from rooms.desk.sightings import Sightings
from rooms.desk.verdicts import Decided, Verdicts
from rooms.live.context import RoomContext


@dataclass(frozen=True, kw_only=True)
class DeskParts:
    """What teachers do with alerts and with students, and what students say to the desk."""

    verdicts: Verdicts
    muting: AlertMuting
    claims: Claims
    review: AlertReview
    hands: Hands
    actions: Actions
    answers: Answers
    problems: Problems


def desk_parts(
    context: RoomContext,
    alert_service: AlertService,
    flags: Flags,
    effects: Effects,
    decided: Decided,
    catalogue: RuleCatalogue,
) -> DeskParts:
    """Build them for one server; through `decided` the chain keeps verdicts."""
    verdicts = Verdicts(context, rows=alert_service.rows, tell=alert_service.tell, decided=decided)
    second = SecondDecisions(context, rows=alert_service.rows, verdicts=verdicts, journal=effects.journal)
    muting = AlertMuting(context, rules_changed=effects.rules_changed, kinds=catalogue)
    claims, sightings = Claims(context), Sightings(context)
    labels = {kind: entry.label for kind, entry in catalogue.items()}
    answers = Answers(context, labels, effects.journal)
    alert_service.also_tell(answers)
    return DeskParts(
        verdicts=verdicts,
        muting=muting,
        claims=claims,
        review=AlertReview(alert_service, verdicts, second, muting, claims, sightings),
        hands=Hands(context, rules_changed=effects.rules_changed, report_state=effects.report_state),
        actions=Actions(context, flags, effects),
        answers=answers,
        problems=Problems(context),
    )

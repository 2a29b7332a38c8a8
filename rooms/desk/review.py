"""What teachers do with alerts: incidents claimed, verdicts kept, a kind that is mostly wrong muted."""

from collections.abc import Sequence
from dataclasses import replace

from core.errors import UserError
from rooms.alerts.alert_service import AlertService
from rooms.desk.claims import Claims
from rooms.desk.muting import AlertMuting
from rooms.desk.second_decisions import SecondDecisions, needs_two
from rooms.desk.sightings import Sightings
from rooms.desk.verdicts import Decision, Verdicts
from rooms.live.directory import LiveRoom, TeacherLink
from rooms.protocol.objects import AlertView
from rooms.protocol.outgoing import Claims as ClaimsEvent
from rooms.protocol.outgoing import Muted

ALERTS_A_PAGE = 100
JUDGED = frozenset({"acknowledged", "dismissed"})


class AlertReview:
    """Takes what teachers do with the alerts of a room; for the teachers' channel."""

    def __init__(
        self,
        alert_service: AlertService,
        verdicts: Verdicts,
        second: SecondDecisions,
        muting: AlertMuting,
        claims: Claims,
        sightings: Sightings,
    ) -> None:
        self._alert_service = alert_service
        self._verdicts = verdicts
        self._second = second
        self._muting = muting
        self._claims = claims
        self._sightings = sightings

    def review(self, room: LiveRoom, link: TeacherLink, alert: str, verdict: str, note: str | None) -> AlertView:
        """Keep a verdict on one alert and return its view.

        Raises:
            UserError: `unknown_alert`; `two_needed` where two people decide, which they do about whole incidents.
            StoreUnavailable.
        """
        if room.settings.second_decision:
            raise UserError("two_needed", "In this room two people decide, and about incidents as a whole.")
        view = self._verdicts.review(room, alert, verdict, note, (link.person, link.name))
        self._muting.reviewed(room, view["kind"])
        return view

    def review_incident(self, room: LiveRoom, link: TeacherLink, incident: str, decision: Decision) -> list[AlertView]:
        """Keep a decision on every alert of an incident; UserError as the parts say, StoreUnavailable."""
        views = self._decide(room, link, incident, decision)
        if decision.verdict in JUDGED:
            self._claims.release(room, link, incident)
        else:
            self._claims.renew(room, link, incident)
        for kind in sorted({view["kind"] for view in views}):
            self._muting.reviewed(room, kind)
        return views

    def review_alike(
        self, room: LiveRoom, link: TeacherLink, incidents: Sequence[str], decision: Decision
    ) -> list[AlertView]:
        """Keep one decision on several incidents of the same kind that the teacher has seen.

        Raises:
            UserError: `unseen`, `unknown_incident`, or `unlike` where they have no kind in common; nothing is done
                then. What one incident alone refuses stops there: those before it are judged.
        """
        seen = self._sightings.until(room, link.person, dict.fromkeys(incidents))
        self._refuse_unlike(room, list(seen))
        views: list[AlertView] = []
        for incident, until in seen.items():
            views += self.review_incident(room, link, incident, replace(decision, seen_until=until))
        return views

    def saw(self, room: LiveRoom, link: TeacherLink, incidents: Sequence[str], until: float) -> None:
        """Know which incidents a teacher has seen, with all alerts that were raised until then (ms)."""
        self._sightings.saw(room, link.person, incidents, until)

    def claim(self, room: LiveRoom, link: TeacherLink, incident: str, on: bool, take_over: bool) -> ClaimsEvent:
        """Look after an incident, or give it back; return the `claims` event; UserError as `Claims.claim`."""
        if on:
            return self._claims.claim(room, link, incident, take_over)
        return self._claims.release(room, link, incident)

    def mute(self, room: LiveRoom, link: TeacherLink, kind: str, quiet: bool) -> Muted:
        """Mute a kind of alert, or bring it back; return the `muted` event."""
        return self._muting.mute(room, kind, quiet, link.name)

    def page(self, room: LiveRoom, before: float | None) -> list[AlertView]:
        """Return older alerts of a room, newest first."""
        return self._alert_service.page(room, before, ALERTS_A_PAGE)

    def _decide(self, room: LiveRoom, link: TeacherLink, incident: str, decision: Decision) -> list[AlertView]:
        person = link.person, link.name
        if decision.verdict is not None and needs_two(room, incident):
            return self._second.decide(room, incident, decision, person)
        return self._verdicts.review_incident(room, incident, decision, person)

    def _refuse_unlike(self, room: LiveRoom, incidents: Sequence[str]) -> None:
        kinds = [self._verdicts.kinds_of(room, incident) for incident in incidents]
        if not frozenset.intersection(*kinds):
            raise UserError("unlike", "Only incidents of the same kind can be judged together.")

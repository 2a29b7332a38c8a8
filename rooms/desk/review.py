"""What teachers do with alerts: incidents claimed, verdicts kept, a kind that is mostly wrong muted."""

from rooms.alerts.alert_service import AlertService
from rooms.desk.claims import Claims
from rooms.desk.muting import AlertMuting
from rooms.desk.verdicts import Decision, Verdicts
from rooms.live.directory import LiveRoom, TeacherLink
from rooms.protocol.objects import AlertView
from rooms.protocol.outgoing import Claims as ClaimsEvent
from rooms.protocol.outgoing import Muted

ALERTS_A_PAGE = 100
JUDGED = frozenset({"acknowledged", "dismissed"})


class AlertReview:
    """Takes what teachers do with the alerts of a room; for the teachers' channel."""

    def __init__(self, alert_service: AlertService, verdicts: Verdicts, muting: AlertMuting, claims: Claims) -> None:
        self._alert_service = alert_service
        self._verdicts = verdicts
        self._muting = muting
        self._claims = claims

    def review(self, room: LiveRoom, link: TeacherLink, alert: str, verdict: str, note: str | None) -> AlertView:
        """Keep a verdict and return the alert's view; UserError `unknown_alert`, StoreUnavailable."""
        view = self._verdicts.review(room, alert, verdict, note, (link.person, link.name))
        self._muting.reviewed(room, view["kind"])
        return view

    def review_incident(self, room: LiveRoom, link: TeacherLink, incident: str, decision: Decision) -> list[AlertView]:
        """Keep a decision on every alert of an incident; UserError `unknown_incident`, StoreUnavailable."""
        views = self._verdicts.review_incident(room, incident, decision, (link.person, link.name))
        if decision.verdict in JUDGED:
            self._claims.release(room, link, incident)
        else:
            self._claims.renew(room, link, incident)
        for kind in sorted({view["kind"] for view in views}):
            self._muting.reviewed(room, kind)
        return views

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

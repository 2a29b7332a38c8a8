"""Which alerts belong together: one student's within a short time, or the same kind for much of a room at once.

Teachers judge incidents, not single alerts. The grouping is a fold over alerts in the order in which they were raised.
It reads nothing but these and how many students were there.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import ceil

from core.types import Severity
from store.alerts import OF_ROOM

GAP_S = 60.0
"""An alert later than that after the last one of a student begins another incident."""
LONGEST_S = 300.0
"""So does one later than that after the incident began: what goes on is judged in parts that fit one mind."""
COMMON_S = 60.0
"""Within this time the same kind of alert for many students has one cause: the network, the light, an alarm bell."""
COMMON_SHARE = 0.3
"""Of the students who are there."""
COMMON_LEAST = 3
"""Two of four students have two causes as easily as one."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """An alert as far as grouping needs it; `at` is when it was raised, in seconds."""

    id: str
    participant: str
    kind: str
    at: float


@dataclass(slots=True)
class Incident:
    """A span of alerts that is judged as one; `key` is a participant's id, or the kind for an incident of the room."""

    id: str
    key: str
    began_at: float
    last_at: float

    def reaches(self, at: float) -> bool:
        """Say whether an alert raised then still belongs to it."""
        return at - self.last_at <= GAP_S and at - self.began_at <= LONGEST_S


def is_of_room(incident: str) -> bool:
    """Say whether an incident, by its id, is one of a whole room and so nobody's fault."""
    return incident.startswith(OF_ROOM)


def severity_in(incident: str, severity: str) -> str:
    """Return how severe an alert is in its incident: what a room had in common counts against nobody."""
    return str(Severity.NOTICE) if is_of_room(incident) else severity


class IncidentGrouping:
    """The incidents of one room that may still grow; give it every alert once, in the order of their times.

    `with_causes` are the kinds that many students may share a cause of. The others speak of one person each, as a
    telephone does, however many there are.
    """

    def __init__(self, with_causes: Collection[str]) -> None:
        self._with_causes = with_causes
        self._of_students: dict[str, Incident] = {}
        self._of_room: dict[str, Incident] = {}
        self._recent: list[tuple[Noticed, str]] = []
        """Alerts of the last COMMON_S seconds with the incident of each."""

    def place(self, alert: Noticed, present: int) -> dict[str, str]:
        """Return the incident of the alert, and of earlier ones that it moves: incidents by alert.

        `present` is how many students are there. Earlier alerts move when this one shows that they had one cause.
        """
        self._forget_before(alert.at - COMMON_S)
        alike = self._alike(alert)
        common = self._of_room.get(alert.kind)
        if common is not None and common.reaches(alert.at):
            placed = {alert.id: self._join(common, alert)}
        elif self._has_one_cause(alert, alike, present):
            placed = self._begin_common(alert, alike)
        else:
            placed = {alert.id: self._join(self._of_student(alert), alert)}
        self._recent.append((alert, ""))
        self._recent = [(one, placed.get(one.id, incident)) for one, incident in self._recent]
        return placed

    def resume(self, alert: Noticed, incident: str) -> None:
        """Take an alert that was placed before the server started anew."""
        self._forget_before(alert.at - COMMON_S)
        groups, key = (self._of_room, alert.kind) if is_of_room(incident) else (self._of_students, alert.participant)
        known = groups.get(key)
        if known is None or known.id != incident:
            known = groups[key] = Incident(incident, key, alert.at, alert.at)
        known.last_at = max(known.last_at, alert.at)
        self._recent.append((alert, incident))

    def _alike(self, alert: Noticed) -> list[Noticed]:
        return [one for one, incident in self._recent if one.kind == alert.kind and not is_of_room(incident)]

    def _has_one_cause(self, alert: Noticed, alike: Iterable[Noticed], present: int) -> bool:
        students = {alert.participant, *(one.participant for one in alike)}
        return alert.kind in self._with_causes and len(students) >= least_in_common(present)

    def _of_student(self, alert: Noticed) -> Incident:
        known = self._of_students.get(alert.participant)
        if known is None or not known.reaches(alert.at):
            known = Incident(alert.id, alert.participant, alert.at, alert.at)
            self._of_students[alert.participant] = known
        return known

    def _begin_common(self, alert: Noticed, alike: Collection[Noticed]) -> dict[str, str]:
        together = [*alike, alert]
        began_at = min(one.at for one in together)
        common = Incident(f"{OF_ROOM}{together[0].id}", alert.kind, began_at, alert.at)
        self._of_room[alert.kind] = common
        self._end_emptied({one.id for one in alike})
        return {one.id: common.id for one in together}

    def _end_emptied(self, moved: Collection[str]) -> None:
        """A student's incident of which nothing is left does not go on under the name of an alert that moved."""
        left = {incident for one, incident in self._recent if one.id not in moved}
        for student, incident in list(self._of_students.items()):
            if incident.id in moved and incident.id not in left:
                del self._of_students[student]

    def _join(self, incident: Incident, alert: Noticed) -> str:
        incident.last_at = max(incident.last_at, alert.at)
        return incident.id

    def _forget_before(self, at: float) -> None:
        self._recent = [(one, incident) for one, incident in self._recent if one.at >= at]


def least_in_common(present: int) -> int:
    """Return how many students with the same kind of alert have one cause, where so many are there."""
    return max(COMMON_LEAST, ceil(COMMON_SHARE * present))

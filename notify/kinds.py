"""The kinds of notices: whom each concerns, in which words, and how long it is worth telling."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.delivery.notices import NoticeKind
from core.text_keys import N_

TEACHERS, PERSON, ADMINISTRATORS = "teachers", "person", "administrators"
MINUTE_S, HOUR_S = 60.0, 3600.0


@dataclass(frozen=True, slots=True)
class KindOfNotice:
    """One kind of notice; `label` and `sentence` are translation keys."""

    name: str
    label: str
    sentence: str
    audience: str
    """Whom it concerns: the teachers of its room, one person, or the administrators."""
    path: str
    """Where it is looked at; `{room}` is the room's id."""
    lifetime_s: float
    """Nobody is told of it later than that after it happened."""
    pause_s: float
    """Between two messages about this kind in the same room."""
    is_urgent: bool
    """It is never gathered with others for later."""


NOTICES: Mapping[str, KindOfNotice] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            KindOfNotice(
                NoticeKind.INCIDENT_WAITS,
                N_("A critical incident that nobody looks after"),
                N_("%(what)s: nobody has looked after this critical incident for a minute."),
                TEACHERS,
                "/rooms/{room}",
                lifetime_s=15 * MINUTE_S,
                pause_s=2 * MINUTE_S,
                is_urgent=True,
            ),
            KindOfNotice(
                NoticeKind.HAND_WAITS,
                N_("A raised hand that nobody has seen"),
                N_("A student has had a hand up for a minute."),
                TEACHERS,
                "/rooms/{room}",
                lifetime_s=10 * MINUTE_S,
                pause_s=2 * MINUTE_S,
                is_urgent=True,
            ),
            KindOfNotice(
                NoticeKind.ROOM_BLIND,
                N_("A room from which no pictures come any more"),
                N_("No pictures come from any of the %(students)s students."),
                TEACHERS,
                "/rooms/{room}",
                lifetime_s=15 * MINUTE_S,
                pause_s=5 * MINUTE_S,
                is_urgent=True,
            ),
            KindOfNotice(
                NoticeKind.REPORT_READY,
                N_("A report that is ready"),
                N_("The report that you asked for is ready."),
                PERSON,
                "/rooms/{room}/report",
                lifetime_s=72 * HOUR_S,
                pause_s=0.0,
                is_urgent=False,
            ),
            KindOfNotice(
                NoticeKind.SERVER_TROUBLE,
                N_("Trouble of the server"),
                N_("%(what)s"),
                ADMINISTRATORS,
                "/health",
                lifetime_s=24 * HOUR_S,
                pause_s=15 * MINUTE_S,
                is_urgent=True,
            ),
        )
    }
)
LONGEST_PAUSE_S = max(kind.pause_s for kind in NOTICES.values())


def kinds_for(is_admin: bool) -> list[KindOfNotice]:
    """List what a person may wish to be told."""
    return [kind for kind in NOTICES.values() if is_admin or kind.audience != ADMINISTRATORS]

"""What a report says, in the words of the person who reads it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from babel.numbers import format_decimal

from core.attendance import Attendance
from core.flag import FLAGGED, LABEL
from core.phone_roles import ROLES
from core.rule_catalogue import RuleCatalogue
from core.text_keys import N_
from reports.model import AWAY, NOT_RECORDED, AlertEntry

STATES: Mapping[str, str] = MappingProxyType(
    {
        Attendance.SEEN: N_("Seen"),
        Attendance.UNCLEAR: N_("Picture unclear"),
        Attendance.UNWATCHED: N_("Pictures not analysed"),
        Attendance.NO_CAMERA: N_("Camera off"),
        Attendance.NO_PICTURE: N_("No picture came"),
        Attendance.PRESENT: N_("Connected, not in the exam"),
        Attendance.BREAK: N_("On a break"),
        Attendance.HELD: N_("Paused or locked by a teacher"),
        Attendance.SENDING: N_("Sending"),
        Attendance.SILENT: N_("Connected, nothing came"),
        AWAY: N_("Not connected"),
        NOT_RECORDED: N_("Not recorded"),
    }
)
SEVERITIES: Mapping[str, str] = MappingProxyType(
    {"notice": N_("Notice"), "warning": N_("Warning"), "critical": N_("Critical")}
)
VERDICTS: Mapping[str, str] = MappingProxyType(
    {"new": N_("Not judged"), "acknowledged": N_("Right"), "dismissed": N_("Wrong")}
)
PARTICIPANTS: Mapping[str, str] = MappingProxyType(
    {
        "checking": N_("Was checking the set-up"),
        "waiting": N_("Was waiting to come in"),
        "admitted": N_("In the exam"),
        "refused": N_("Not let in"),
        "removed": N_("Removed"),
        "left": N_("Left"),
    }
)
ABSENT: Mapping[str, str] = MappingProxyType(
    {
        "expected": N_("A photo was given; nobody of this name came."),
        "never_came": N_("Agreed to the notice; the page never connected."),
        "not_admitted": N_("Came and was not let in."),
    }
)
SELDOM = N_("Looks came every %(every)s s instead of %(usual)s s.")
PLACES = re.compile(r"%\((\w+)\)(?:\.(\d+))?([sdf])|%%")


@dataclass(frozen=True)
class Words:
    """Says things in one language: `translate` knows the texts, `locale` how numbers are written."""

    translate: Callable[[str], str]
    locale: str
    rules: RuleCatalogue

    def say(self, text: str, numbers: Mapping[str, Any] = MappingProxyType({})) -> str:
        """Translate a text and fill its places as the pages do; a place without a number stays visible."""
        return PLACES.sub(lambda place: self._fill(place, numbers), self.translate(text))

    def explained(self, alert: AlertEntry) -> str:
        """Return the sentence of an alert."""
        said = self.say(alert.text, alert.numbers)
        return f"{said} {self.say(SELDOM, alert.numbers)}" if alert.numbers.get("every") else said

    def kind(self, kind: str) -> str:
        """Return what a kind of alert is called."""
        if kind == FLAGGED:
            return self.translate(LABEL)
        entry = self.rules.get(kind)
        return self.translate(entry.label) if entry else kind.lower().replace("_", " ")

    def advice(self, kind: str) -> str:
        """Return what a kind of alert means and does not mean."""
        entry = self.rules.get(kind)
        return self.translate(entry.advice) if entry and entry.advice else ""

    def state(self, state: str) -> str:
        """Return the name of a state in which a student or phone may be for a while."""
        return self._of(STATES, state)

    def severity(self, severity: str) -> str:
        """Return the name of a severity."""
        return self._of(SEVERITIES, severity)

    def verdict(self, verdict: str) -> str:
        """Return the name of a verdict."""
        return self._of(VERDICTS, verdict)

    def participant(self, state: str) -> str:
        """Return how far a student came into the room."""
        return self._of(PARTICIPANTS, state)

    def absent(self, why: str) -> str:
        """Return how it is known that somebody was absent."""
        return self._of(ABSENT, why)

    def channel(self, channel: str) -> str:
        """Return what a device is called."""
        role = ROLES.get(channel)
        return self.translate(role.words.title) if role else self.translate(N_("Computer"))

    def minutes(self, seconds: float) -> str:
        """Return a duration: in seconds below 100, else in minutes."""
        if seconds < 100:
            return self.say(N_("%(seconds)s s"), {"seconds": round(seconds)})
        return self.say(N_("%(minutes)s min"), {"minutes": round(seconds / 60)})

    def share(self, share: float | None) -> str:
        """Return a share in percent, a dash where there is none."""
        return "–" if share is None else self.say(N_("%(percent)s %%"), {"percent": round(100 * share)})

    def _of(self, names: Mapping[str, str], key: str) -> str:
        return self.translate(names[key]) if key in names else key

    def _fill(self, place: re.Match[str], numbers: Mapping[str, Any]) -> str:
        name, digits, kind = place.groups()
        if place[0] == "%%":
            return "%"
        if name not in numbers:
            return place[0]
        value = numbers[name]
        if isinstance(value, bool) or not isinstance(value, int | float):
            return str(value)
        return self._number(value, kind, digits)

    def _number(self, value: float, kind: str, digits: str | None) -> str:
        if kind == "s":
            return str(format_decimal(value, "0.###", locale=self.locale))
        shown = int(value) if kind == "d" else value
        pattern = "0." + "0" * int(digits or 6) if kind == "f" else "0"
        return str(format_decimal(shown, pattern.rstrip("."), locale=self.locale))

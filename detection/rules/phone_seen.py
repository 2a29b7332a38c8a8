"""PHONE_DETECTED: a mobile phone is in the picture."""

from core.types import AlertKind, Observation, ObservationKind, RuleSettings, Severity
from detection.rules.base import GOOD, N_, Memory, Rule, Verdict
from detection.things import PHONE, percent, things_of

SEEN = N_(
    "A phone was seen in %(hits)s of the last %(looks)s looks (%(confirm)s needed), for %(seconds)s s"
    " (limit %(limit)s s); confidence %(sure)s of 100."
)


class PhoneSeen(Rule):
    """Has looks vote: one picture often takes a calculator for a phone, two of three about two seconds apart do not.

    A hand hides a phone for one look easily, so one miss does not stop the time.
    """

    kind = AlertKind.PHONE_DETECTED
    reads = ObservationKind.OBJECTS
    needs = ObservationKind.PICTURE
    bridges = True
    # looks come every two seconds, sometimes a little less: two of them hold 1.5 s at least
    defaults = RuleSettings(hold=1.5, confirm=2, window=3, release=4.0, cooldown=30.0, severity=Severity.CRITICAL)
    hint = N_("A phone seems to be in the picture. Please put it away.")

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return bad for at least one phone, with how sure the surest is."""
        things = things_of(observation.values)
        if things is None:
            return None
        phones = [thing for thing in things if thing.label == PHONE]
        if not phones:
            return GOOD
        marks = tuple(phone.mark for phone in phones)
        return Verdict(True, SEEN, {"sure": percent(phones[0].score), "count": len(phones)}, marks)

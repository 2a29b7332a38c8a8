"""IDENTITY_MISMATCH: the face is not the one of the photo, or the one that was enrolled at the system check."""

from core.text_keys import N_
from core.types import AlertKind, Observation, ObservationKind, RuleSettings, Severity
from detection.rules.base import GOOD, Memory, Rule, Verdict

SEEN = N_(
    "The face did not match the one of the photo or the system check in %(hits)s of the last %(looks)s comparisons"
    " (%(confirm)s needed), for %(seconds)s s (limit %(limit)s s); difference %(distance)s."
)


class WrongPerson(Rule):
    """Counts comparisons that clearly failed.

    "unsure" (poor light, turned away, a hand at the chin) says nothing, for or against. Comparisons are made about
    every 45 seconds (22 to 67, which nobody can foresee), and later on a busy server, so they are remembered for long.
    """

    kind = AlertKind.IDENTITY_MISMATCH
    label = N_("Another person")
    meaning = N_("The face is not the one of the photo or the system check, in several comparisons.")
    advice = N_(
        "The face is not the one of the system check, in several comparisons. Light, glasses or a hand before the"
        " face can cause this too: ask the student before you decide."
    )
    sign = "person-exclamation"
    weight = 35.0
    reads = ObservationKind.IDENTITY
    needs = ObservationKind.PICTURE
    remembers = 240.0
    defaults = RuleSettings(hold=2.0, confirm=3, window=4, release=2.0, cooldown=120.0, severity=Severity.CRITICAL)
    hint = N_("Your face could not be matched. Please face the camera in good light.")

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return bad for "no", good for "yes"; nothing for "unsure"."""
        match = observation.values.get("match")
        if match == "yes":
            return GOOD
        if match != "no":
            return None
        distance = observation.values.get("distance")
        return Verdict(True, SEEN, {"distance": "?" if distance is None else round(float(distance), 2)})

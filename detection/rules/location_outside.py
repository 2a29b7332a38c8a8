"""LOCATION_OUTSIDE: a device says that it is not where the exam is taken; not knowing where it is says nothing."""

from core.phone_roles import ROLES
from core.text_keys import N_
from core.types import AlertKind, Evidence, Observation, ObservationKind, RuleSettings
from detection.rules.base import GOOD, WEBCAM, Memory, Rule, Verdict

OUTSIDE = N_(
    "The device has been outside the allowed area for %(seconds)s s (limit %(limit)s s): %(distance)s m from it,"
    " known to within %(accuracy)s m."
)


class LocationOutside(Rule):
    """Takes a device's word, which rooms compared with the area; a first fix is often wrong and soon mended."""

    kind = AlertKind.LOCATION_OUTSIDE
    label = N_("Elsewhere")
    meaning = N_("The device says that it is outside the area of the exam. An unknown place never counts.")
    advice = N_(
        "The student's device says that it is elsewhere. Devices without GPS are often wrong about that: ask the"
        " student before you decide."
    )
    sign = "geo-alt"
    weight = 10.0
    common_cause = N_("the positioning of the devices")
    evidence = frozenset[Evidence]()
    reads = ObservationKind.PLACE
    lasts = True
    channels = frozenset({WEBCAM, *ROLES})
    defaults = RuleSettings(hold=20.0, confirm=1, window=1, release=5.0, cooldown=300.0)
    hint = N_("This exam is taken at another place, as far as your device knows. Please tell your teacher.")

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return bad for a place that is surely outside."""
        state = observation.values.get("state")
        if state != "outside":
            return None if state is None else GOOD
        numbers = {name: observation.values.get(name) for name in ("distance", "accuracy")}
        return Verdict(True, OUTSIDE, numbers)

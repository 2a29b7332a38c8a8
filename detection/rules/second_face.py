"""MULTIPLE_FACES: somebody else is in the picture."""

from core.text_keys import N_
from core.types import AlertKind, Observation, ObservationKind, RuleSettings
from detection.rules.base import GOOD, Memory, Rule, Verdict

SEEN = N_("%(count)s faces were seen for %(seconds)s s (limit %(limit)s s), in %(hits)s of the last %(looks)s checks.")
SCORED = N_(
    "%(count)s faces were seen for %(seconds)s s (limit %(limit)s s), in %(hits)s of the last %(looks)s checks;"
    " confidence in the second face: %(sure)s of 100."
)


class SecondFace(Rule):
    """Counts looks with more than one face; somebody who only walks past behind the student is no alert."""

    kind = AlertKind.MULTIPLE_FACES
    label = N_("Several faces")
    meaning = N_("More than one person is seen.")
    advice = N_(
        "More than one face was found. A poster, a screen or a mirror in the background can cause this too: look"
        " at the picture before you decide."
    )
    sign = "people-fill"
    weight = 30.0
    reads = ObservationKind.FACES
    needs = ObservationKind.PICTURE
    defaults = RuleSettings(hold=2.0, confirm=3, window=4, release=2.0, cooldown=30.0)
    hint = N_("More than one face is in the picture. Please make sure that you are alone.")

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return bad for a count of two and more, with the score of the second surest face."""
        count = observation.values.get("count")
        if count is None:
            return None
        if count < 2:
            return GOOD
        scores = sorted(observation.values.get("scores") or (), reverse=True)
        if len(scores) < 2:
            return Verdict(True, SEEN, {"count": count})
        return Verdict(True, SCORED, {"count": count, "sure": round(100 * scores[1])})

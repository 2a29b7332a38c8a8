"""FACE_NOT_FOUND: nobody is in front of the camera, in a picture good enough to tell."""

from core.text_keys import N_
from core.types import AlertKind, Observation, ObservationKind, RuleSettings
from detection.rules.base import GOOD, Memory, Rule, Verdict

SEEN = N_("No face was seen for %(seconds)s s (limit %(limit)s s), in %(hits)s of the last %(looks)s checks.")


class NoFace(Rule):
    """Counts looks without any face.

    A single look says little: on exam pictures most of a stock detector's "no face" are a turned head, a hand or a
    shadow. So four of five looks must agree and five seconds must have passed without a face.
    """

    kind = AlertKind.FACE_NOT_FOUND
    label = N_("No face")
    meaning = N_("The picture is clear, but nobody is in it.")
    advice = N_(
        "No face was found in a picture that could be seen well. Looking down at paper, a hand before the face or"
        " a tilted screen can cause this too: look at the picture before you decide."
    )
    sign = "person-x"
    weight = 15.0
    common_cause = N_("something that happened in the room")
    reads = ObservationKind.FACES
    needs = ObservationKind.PICTURE
    defaults = RuleSettings(hold=5.0, confirm=4, window=5, release=2.0, cooldown=30.0)
    hint = N_("Your face is not in the picture. Please sit so that the camera sees you.")

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return bad for a count of zero."""
        count = observation.values.get("count")
        if count is None:
            return None
        return GOOD if count > 0 else Verdict(True, SEEN, {"count": 0})

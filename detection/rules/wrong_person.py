"""IDENTITY_MISMATCH: the face is not the one of the photo, or the one that was enrolled at the system check."""

from collections import deque
from collections.abc import Sequence
from statistics import mean

from core.text_keys import N_
from core.types import AlertKind, Observation, ObservationKind, RuleSettings, Severity
from detection.rules.base import GOOD, Memory, Rule, Verdict

SEEN = N_(
    "The face did not match the one of the photo or the system check in %(hits)s of the last %(looks)s comparisons"
    " (%(confirm)s needed), for %(seconds)s s (limit %(limit)s s); difference %(distance)s."
)
SEVERAL = N_(
    "The face did not match the one of the photo or the system check in %(hits)s of the last %(looks)s comparisons"
    " (%(confirm)s needed), for %(seconds)s s (limit %(limit)s s); difference %(mean)s on the average of the last"
    " %(compared)s (limit %(mean_limit)s)."
)
# Chosen on ten people, pictures as they are and faces of 56 pixels: of the means of three comparisons, 99 of 100 with
# the same person are below 0.55 and 99 of 100 with another one above 0.62. Ten other people were all on the right side.
MEAN_OTHER_FROM = 0.6
LEAST_COMPARED, MOST_COMPARED = 3, 4


class Comparisons(Memory):
    """The last differences that could be measured, and when the newest was."""

    def __init__(self) -> None:
        self.distances: deque[float] = deque(maxlen=MOST_COMPARED)
        self.at = 0.0


class WrongPerson(Rule):
    """Counts comparisons that clearly failed, and those that fail together with the ones before.

    A comparison in which little can be seen (poor light, turned away) says nothing, for or against. One that is too
    close to tell says nothing alone; where the mean of three or four is too large, it counts. Comparisons are made
    about every 45 seconds (22 to 67, which nobody can foresee), and later on a busy server, so they are remembered for
    long.
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

    def memory(self) -> Comparisons:
        """Return a memory of no comparison."""
        return Comparisons()

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return bad for "no", good for "yes"; for "unsure" bad where the last ones together are, else nothing."""
        match, distance = observation.values.get("match"), observation.values.get("distance")
        compared = self._remember(observation.at, distance, memory)
        if match == "yes":
            return GOOD
        if match == "no":
            return Verdict(True, SEEN, {"distance": "?" if distance is None else round(float(distance), 2)})
        if distance is None or len(compared) < LEAST_COMPARED or mean(compared) < MEAN_OTHER_FROM:
            return None
        numbers = {"mean": round(mean(compared), 2), "mean_limit": MEAN_OTHER_FROM, "compared": len(compared)}
        return Verdict(True, SEVERAL, numbers)

    def _remember(self, at: float, distance: float | None, memory: Memory) -> Sequence[float]:
        if not isinstance(memory, Comparisons):
            return ()
        if at - memory.at > self.remembers:
            memory.distances.clear()
        memory.at = at
        if distance is not None:
            memory.distances.append(float(distance))
        return memory.distances

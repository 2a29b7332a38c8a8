"""ARM_MOTION: the arm with the phone is at the face, or moves strongly, and no keys or mouse explain it."""

from collections import deque
from collections.abc import Mapping
from types import MappingProxyType

from core.arm import SURE_FROM, is_explained, is_notable
from core.phone_roles import watched_for
from core.text_keys import N_
from core.types import AlertKind, ArmFamily, Observation, ObservationKind, RuleSettings, Severity
from detection.measures.detected_objects import percent
from detection.rules.base import GOOD, Memory, Rule, Verdict

LONG = 20.0  # seconds of explained movement after which it is worth a notice
PAUSE = 6.0  # seconds without such a window after which it is over
OFTEN, WITHIN = 25, 60.0  # such windows in so many seconds are as long, whatever pauses are between them

FACE = N_(
    "The hand was at the face or the ear in %(hits)s of the last %(looks)s checks (%(confirm)s needed), for"
    " %(seconds)s s (limit %(limit)s s); confidence %(sure)s of 100. The arm cannot tell a telephone from a drink or"
    " from a head that rests on the hand. Neither keys nor mouse were used meanwhile."
)
FACE_EXPLAINED = N_(
    "The hand was at the face or the ear in %(hits)s of the last %(looks)s checks (%(confirm)s needed), for"
    " %(seconds)s s (limit %(limit)s s); confidence %(sure)s of 100. Keys or mouse were used meanwhile, perhaps with"
    " the other hand."
)
STRONG = N_(
    "The arm moved strongly in %(hits)s of the last %(looks)s checks (%(confirm)s needed), for %(seconds)s s"
    " (limit %(limit)s s), lastly with %(strength)s m/s2. Neither keys nor mouse were used meanwhile."
)
STRONG_EXPLAINED = N_(
    "The arm moved strongly in %(hits)s of the last %(looks)s checks (%(confirm)s needed), for %(seconds)s s"
    " (limit %(limit)s s), lastly with %(strength)s m/s2. Keys or mouse were used meanwhile, which explains it."
)
TEXTS: Mapping[tuple[bool, bool], str] = MappingProxyType(
    {(True, False): FACE, (True, True): FACE_EXPLAINED, (False, False): STRONG, (False, True): STRONG_EXPLAINED}
)


class ArmMemory(Memory):
    """When keys or mouse were last used, and since when every window worth noting is explained."""

    def __init__(self) -> None:
        self.used_at = float("-inf")
        self._since: float | None = None
        self._noted_at = float("-inf")
        self._noted: deque[float] = deque(maxlen=OFTEN)

    def explained_for(self, at: float) -> float:
        """Count a window that is worth noting and explained; return for how many seconds such windows went on.

        A page can be made to tell of keys that nobody presses, so pauses alone must not begin the count anew.
        """
        if self._since is None or not 0.0 <= at - self._noted_at <= PAUSE:
            self._since = at
        self._noted_at = at
        self._noted.append(at)
        is_often = len(self._noted) == OFTEN and 0.0 <= at - self._noted[0] <= WITHIN
        return max(at - self._since, LONG if is_often else 0.0)


class ArmMotion(Rule):
    """Counts windows with a hand at the face or a strong movement; rest and one's own desk work never count.

    What the same student's keys or mouse explain counts apart, only once it has gone on for long, and is a notice.
    """

    kind = AlertKind.ARM_MOTION
    label = N_("Arm movement")
    meaning = N_("The arm with the phone is at the face, or moves strongly, and neither keys nor mouse explain it.")
    advice = N_(
        "The arm with the phone was at the face, or moved strongly. It cannot tell a telephone from a drink, hair"
        " that is tidied or a head that rests on the hand: look at the pictures before you decide."
    )
    sign = "activity"
    weight = 10.0
    reads = ObservationKind.ARM
    hears = frozenset({ObservationKind.INPUT})
    hears_everywhere = True
    channels = watched_for(AlertKind.ARM_MOTION)
    bridges = True
    doubts = True
    defaults = RuleSettings(hold=5.0, confirm=5, window=7, release=4.0, cooldown=45.0, severity=Severity.WARNING)
    hint = N_("Please keep the arm with the phone on the desk.")

    def memory(self) -> ArmMemory:
        """Return a memory of a student who has typed nothing yet."""
        return ArmMemory()

    def hear(self, observation: Observation, memory: Memory) -> None:
        """Remember when keys or mouse were used."""
        used = any(int(observation.values.get(name) or 0) > 0 for name in ("keys", "pointer"))
        if used and isinstance(memory, ArmMemory):
            memory.used_at = observation.at

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return bad for an unexplained window worth noting, and for an explained one after a long time."""
        values = observation.values
        if "family" not in values or not isinstance(memory, ArmMemory):
            return None
        if not is_notable(values, settings.strictness):
            return GOOD
        explained = is_explained(observation.at, memory.used_at)
        if explained and memory.explained_for(observation.at) < LONG:
            return GOOD
        is_face = values["family"] == ArmFamily.HAND_TO_FACE and float(values.get("sure") or 0.0) >= SURE_FROM
        numbers = {
            "state": str(ArmFamily.HAND_TO_FACE) if is_face else "strong",
            "family": str(values["family"]),
            "sure": percent(float(values.get("sure") or 0.0)),
            "strength": round(float(values.get("strength") or 0.0), 1),
            "explained": explained,
        }
        return Verdict(True, TEXTS[is_face, explained], numbers, doubtful=explained)

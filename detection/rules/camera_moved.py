"""CAMERA_MOVED: the phone that films the room stands otherwise than at the beginning, or films something else."""

import math
from collections.abc import Sequence

from core.phone_roles import watched_for
from core.text_keys import N_
from core.types import AlertKind, Observation, ObservationKind, RuleSettings
from detection.measures.scenes import Signature, middle, signature_of, still_there
from detection.rules.base import GOOD, Memory, Rule, Verdict

TURNED = N_(
    "The phone in the room was tilted by %(degrees)s degrees (limit %(degrees_limit)s) for %(seconds)s s"
    " (limit %(limit)s s), by its own sensor."
)
ELSEWHERE = N_(
    "Only %(still)s of 100 parts of what the phone in the room saw at the beginning are still in its picture"
    " (limit %(still_limit)s), for %(seconds)s s (limit %(limit)s s), in %(hits)s of the last %(looks)s checks."
)
LEARN = 5  # looks that make the reference: somebody who walks past in one of them is not part of it
LEAST_STILL = (
    0.25  # share of the scene; somebody who stands before a third of it leaves 0.35 (detection.measures.scenes)
)
SAME_AGAIN = 0.5
MOST_TURN = 10.0  # degrees between two directions of gravity
CALM_BELOW = 0.3  # m/s2 (RMS): the mean of a phone that is shaken is not the direction of gravity
HANDLED_FROM = 0.8  # m/s2 (RMS): typing on the same table gives 0.2 at most, a hand that takes the phone 1 and more
SENSOR_AGE = 10.0  # seconds
ACCEPTED = 60.0  # seconds that it must stand still in a new place to stay there: the teacher has been told

Vector = Sequence[float]


class Standing(Memory):
    """Where the phone stood, as its camera and its sensor saw it."""

    def __init__(self) -> None:
        self.first: list[Signature] = []
        self.reference: Signature | None = None
        self.learnt_at = math.inf
        self.down: Vector | None = None
        self.down_now: Vector | None = None
        self.felt_at = self.handled_at = -math.inf
        self.elsewhere: tuple[Signature, float] | None = None

    def feel(self, gravity: Vector, shaken: float, at: float) -> None:
        """Take what the sensor says."""
        self.felt_at = at
        if shaken >= HANDLED_FROM:
            self.handled_at = at
        if shaken < CALM_BELOW:
            self.down_now = gravity
            self.down = self.down or gravity

    def learn(self, signature: Signature, at: float) -> None:
        """Take one of the first looks."""
        self.first.append(signature)
        if len(self.first) >= LEARN:
            self.settle(middle(self.first), at)

    def settle(self, signature: Signature, at: float) -> None:
        """Know that this is the place from now on."""
        self.reference, self.learnt_at, self.elsewhere, self.first = signature, at, None, []
        self.down = self.down_now

    @property
    def turned(self) -> float:
        """Return the degrees by which the phone is tilted, 0.0 where nothing is felt."""
        return angle(self.down, self.down_now) if self.down and self.down_now else 0.0

    def was_touched(self, at: float) -> bool:
        """Say whether the phone may have been moved: its sensor felt so, or feels nothing at all."""
        return at - self.felt_at > SENSOR_AGE or self.handled_at >= self.learnt_at

    def is_settled(self, signature: Signature, at: float) -> bool:
        """Say whether the same new scene has been seen for so long that it is the place now."""
        if self.elsewhere is not None and (still_there(self.elsewhere[0], signature) or 0.0) >= SAME_AGAIN:
            return at - self.elsewhere[1] >= ACCEPTED
        self.elsewhere = signature, at
        return False


class CameraMoved(Rule):
    """Compares the scene with that of the first looks, and the direction of gravity with that of the beginning.

    People and light change a scene as well, so where the phone has a motion sensor, another scene counts only if it was
    handled since. A phone that stays in its new place for a minute is taken to belong there.
    """

    kind = AlertKind.CAMERA_MOVED
    label = N_("Camera moved")
    meaning = N_("The phone in the room was moved, or films something else than before.")
    advice = N_(
        "The phone that films the room was tilted, or films something else than at the beginning. It may have been"
        " knocked over: look at its picture. Where it stays for a minute is taken as its new place."
    )
    sign = "phone-landscape"
    weight = 10.0
    reads = ObservationKind.SCENE
    needs = ObservationKind.PICTURE
    hears = frozenset({ObservationKind.MOVED})
    channels = watched_for(AlertKind.CAMERA_MOVED)
    defaults = RuleSettings(hold=6.0, confirm=4, window=5, release=4.0, cooldown=60.0)
    hint = N_("The phone that films the room was moved. Please put it back as it was.")

    def memory(self) -> Standing:
        """Return a memory that has seen nothing."""
        return Standing()

    def hear(self, observation: Observation, memory: Memory) -> None:
        """Take what the phone's own sensor says."""
        gravity, shaken = observation.values.get("gravity"), observation.values.get("shaken")
        if isinstance(memory, Standing) and gravity is not None and shaken is not None:
            memory.feel(gravity, float(shaken), observation.at)

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return bad for another tilt, and for another scene of a phone that was touched."""
        signature, at = signature_of(observation.values), observation.at
        if signature is None or not isinstance(memory, Standing):
            return None
        if memory.reference is None:
            memory.learn(signature, at)
            return GOOD
        verdict = _compare(memory, signature, at, settings.strictness)
        if verdict is None or not verdict.bad:
            memory.elsewhere = None
            return verdict
        if memory.is_settled(signature, at):
            memory.settle(signature, at)
            return GOOD
        return verdict


def _compare(memory: Standing, signature: Signature, at: float, strictness: float) -> Verdict | None:
    limit = MOST_TURN / strictness
    if memory.turned > limit:
        return Verdict(True, TURNED, {"degrees": round(memory.turned), "degrees_limit": round(limit)})
    still = still_there(memory.reference or (), signature)
    if still is None:
        return None
    least = LEAST_STILL * strictness
    if still >= least or not memory.was_touched(at):
        return GOOD
    return Verdict(True, ELSEWHERE, {"still": round(100 * still), "still_limit": round(100 * least)})


def angle(one: Vector, other: Vector) -> float:
    """Return the angle between two directions in degrees, 0.0 where one has no length."""
    lengths = math.hypot(*one) * math.hypot(*other)
    if not lengths:
        return 0.0
    cosine = sum(a * b for a, b in zip(one, other, strict=True)) / lengths
    return math.degrees(math.acos(max(-1.0, min(1.0, cosine))))

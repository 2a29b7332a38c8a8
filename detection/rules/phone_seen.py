"""PHONE_DETECTED: a mobile phone is in the picture that is not one of the student's own paired ones."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import permutations

from core.phone_roles import watched_for
from core.text_keys import N_
from core.types import AlertKind, Observation, ObservationKind, Role, RuleSettings, Severity
from detection.measures.detected_objects import (
    PERSON,
    PHONE,
    SURE_FROM,
    Box,
    DetectedObject,
    detected_objects_of,
    distinct,
    is_sure,
    overlap,
    percent,
)
from detection.rules.base import GOOD, WEBCAM, Memory, Rule, Verdict

SEEN = N_(
    "A phone was seen in %(hits)s of the last %(looks)s checks (%(confirm)s needed), for %(seconds)s s"
    " (limit %(limit)s s); confidence %(sure)s of 100."
)
MAY_BE_OWN = N_(
    "A phone was seen in %(hits)s of the last %(looks)s checks (%(confirm)s needed), for %(seconds)s s"
    " (limit %(limit)s s); confidence %(sure)s of 100. It may be the phone that the student wears or has set up for"
    " this exam."
)
UNSURE = N_(
    "What may be a phone was seen in %(hits)s of the last %(looks)s checks (%(confirm)s needed), for %(seconds)s s"
    " (limit %(limit)s s). Confidence %(sure)s of 100 is too little to say so (limit %(sure_limit)s)."
)
WORN_FROM = 0.5  # share of a phone's box within a person's
HEAD_PART = 0.35  # of a person's box, from its top: where a phone on the head is
FACES_AGE = 5.0  # seconds


class OwnPhones(Memory):
    """Which phones of the student are paired, and where the faces were that this camera saw last."""

    def __init__(self) -> None:
        self.roles: set[str] = set()
        self.faces: dict[str, tuple[float, Sequence[Box]]] = {}


class PhoneSeen(Rule):
    """Has looks vote: one picture often takes a calculator for a phone, two of three about two seconds apart do not.

    A hand hides a phone for one look easily, so one miss does not stop the time. What only resembles a phone, such as a
    badge, is doubtful: the teacher has a look, and nobody is accused.

    The phones that the student wears on arm or head, or has set up in the room, are phones too, and may be seen by
    each other and by the webcam. No picture tells whose phone it is: as many phones as are paired, each where its role
    can be, are noted as doubtful, apart and without a word to the student, and never hide one more. A phone held in
    the place of the one on the arm is noted in the same way: that is the price.
    """

    kind = AlertKind.PHONE_DETECTED
    label = N_("Phone")
    meaning = N_("A mobile phone is seen.")
    advice = N_(
        "A thing was found that looks like a forbidden one. A calculator, a glasses case or a remote control can"
        " be mistaken for it: look at the picture before you decide."
    )
    sign = "phone"
    weight = 30.0
    reads = ObservationKind.OBJECTS
    needs = ObservationKind.PICTURE
    bridges = True
    doubts = True
    hears = frozenset({ObservationKind.CONNECTION, ObservationKind.FACES})
    hears_everywhere = True
    channels = frozenset({WEBCAM}) | watched_for(AlertKind.PHONE_DETECTED)
    # looks come every two seconds, sometimes a little less: two of them hold 1.5 s at least
    defaults = RuleSettings(hold=1.5, confirm=2, window=3, release=4.0, cooldown=30.0, severity=Severity.CRITICAL)
    hint = N_("A phone seems to be in the picture. Please put it away.")

    def memory(self) -> OwnPhones:
        """Return a memory that knows of no phone."""
        return OwnPhones()

    def hear(self, observation: Observation, memory: Memory) -> None:
        """Take which phones are paired (one that is out of reach is worn all the same), and the faces."""
        if not isinstance(memory, OwnPhones):
            return
        values, channel = observation.values, observation.channel
        if observation.kind is ObservationKind.FACES:
            boxes = [(int(x), int(y), int(w), int(h)) for x, y, w, h in values.get("boxes") or ()]
            memory.faces[channel] = observation.at, boxes
        elif values.get("paired") is False:
            memory.roles.discard(channel)
        elif channel != WEBCAM and values.get("online"):
            memory.roles.add(channel)

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return bad for at least one phone; doubtful where none is sure, or all may be the student's own."""
        things = detected_objects_of(observation.values)
        if things is None or not isinstance(memory, OwnPhones):
            return None
        phones = distinct(thing for thing in things if thing.label == PHONE)
        if not phones:
            return GOOD
        at, faces = memory.faces.get(observation.channel, (0.0, ()))
        people = [thing.box for thing in things if thing.label == PERSON]
        sight = Sight(observation.channel, people, faces if abs(observation.at - at) <= FACES_AGE else ())
        return _weigh(phones, memory.roles - {observation.channel}, sight)


@dataclass(frozen=True, slots=True)
class Sight:
    """Who is in a channel's picture."""

    channel: str
    people: Sequence[Box]
    faces: Sequence[Box]


def _weigh(phones: Sequence[DetectedObject], roles: Collection[str], sight: Sight) -> Verdict:
    sure = [phone for phone in phones if is_sure(phone)]
    if sure and not may_be_own(sure, roles, sight):
        return _verdict(SEEN, sure)
    if may_be_own(phones, roles, sight):
        return replace(_verdict(MAY_BE_OWN, phones), doubtful=True)
    return replace(_verdict(UNSURE, phones[len(sure) :]), doubtful=True)


def _verdict(text: str, phones: Sequence[DetectedObject]) -> Verdict:
    """Return what is said of phones, the surest first."""
    numbers = {"sure": percent(phones[0].score), "sure_limit": percent(SURE_FROM), "count": len(phones)}
    return Verdict(True, text, numbers, tuple(phone.mark for phone in phones))


def may_be_own(phones: Sequence[DetectedObject], roles: Collection[str], sight: Sight) -> bool:
    """Say whether every phone can be another one of the student's paired phones."""
    return any(
        all(may_be(phone.box, role, sight) for phone, role in zip(phones, some, strict=True))
        for some in permutations(roles, len(phones))
    )


def may_be(phone: Box, role: str, sight: Sight) -> bool:
    """Say whether a phone is where the one of that role can be."""
    is_worn = any(overlap(phone, person) >= WORN_FROM for person in sight.people)
    if role == Role.ROOM:
        return not is_worn  # it stands by itself
    if role == Role.ARM:
        return is_worn or sight.channel == Role.HEAD  # from there an arm is seldom known as a person's
    if sight.faces:
        return any(_is_on_head(phone, face) for face in sight.faces)
    return any(_is_at_top(phone, person) for person in sight.people)


def _is_on_head(phone: Box, face: Box) -> bool:
    x, y = _middle(phone)
    return face[0] - face[2] <= x <= face[0] + 2 * face[2] and y <= face[1] + face[3] / 2


def _is_at_top(phone: Box, person: Box) -> bool:
    x, y = _middle(phone)
    return person[0] <= x <= person[0] + person[2] and y <= person[1] + HEAD_PART * person[3]


def _middle(box: Box) -> tuple[float, float]:
    return box[0] + box[2] / 2, box[1] + box[3] / 2

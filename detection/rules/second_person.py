"""SECOND_PERSON: somebody beside the student: a body without a face, a second one in the room, a face in front."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.phone_roles import watched_for
from core.text_keys import N_
from core.types import AlertKind, Observation, ObservationKind, Role, RuleSettings
from detection.measures.detected_objects import (
    PERSON,
    SCREENS,
    Box,
    DetectedObject,
    detected_objects_of,
    is_sure,
    overlap,
    percent,
)
from detection.rules.base import GOOD, WEBCAM, Memory, Rule, Verdict

SEEN = N_(
    "%(persons)s people but %(faces)s of their faces were seen in %(hits)s of the last %(looks)s checks"
    " (%(confirm)s needed), for %(seconds)s s (limit %(limit)s s); confidence %(sure)s of 100."
)
IN_THE_ROOM = N_(
    "%(persons)s people were seen by the phone in the room in %(hits)s of the last %(looks)s checks"
    " (%(confirm)s needed), for %(seconds)s s (limit %(limit)s s); confidence %(sure)s of 100."
)
IN_FRONT = N_(
    "Somebody's face was seen by the phone on the head in %(hits)s of the last %(looks)s checks (%(confirm)s needed),"
    " for %(seconds)s s (limit %(limit)s s); confidence %(sure)s of 100."
)
SAME_FROM = 0.7  # share of the smaller box within a larger one: an arm or a head of the same person
SMALL_BELOW = 0.05  # of the largest person: a poster, a photograph, somebody far behind a window
FACES_AGE = 3.0  # seconds; a count of faces older than this says nothing of this look
SHOWN_FROM = 0.7  # share of a face or person that lies on a screen: a picture, such as the student's own preview
# Pixels of a phone's picture (480 to 640 wide). A preview of the student's own face on a screen that is not known as
# one is 2 to 3 cm, 25 pixels from 60 cm away; somebody who sits 1.5 m away is told by 45.
LEAST_FACE = 36


class LastFaces(Memory):
    """How many faces were seen last, where, and when."""

    def __init__(self) -> None:
        self.count = 1
        self.at = 0.0
        self.boxes: Sequence[Box] = ()


class SecondPerson(Rule):
    """Counts looks in which the camera sees more people than it should: each camera has an expectation of its own.

    The webcam sees the student, face and body. The phone in the room sees one body, from wherever it stands. The phone
    on the head sees the student's own arms, which are no second person: there a body counts with its face alone, and
    not where it is shown on a screen. Who is hardly told from a coat on a chair is doubtful, and a notice.
    """

    kind = AlertKind.SECOND_PERSON
    label = N_("Second person")
    meaning = N_("Somebody else is seen whose face is not in the picture.")
    sign = "person-plus"
    weight = 30.0
    reads = ObservationKind.OBJECTS
    needs = ObservationKind.PICTURE
    hears = frozenset({ObservationKind.FACES})
    doubts = True
    channels = frozenset({WEBCAM}) | watched_for(AlertKind.SECOND_PERSON)
    defaults = RuleSettings(hold=3.0, confirm=3, window=4, release=4.0, cooldown=60.0)
    hint = N_("Somebody else seems to be in the picture. Please make sure that you are alone.")

    def memory(self) -> LastFaces:
        """Return a memory that expects the student's own face."""
        return LastFaces()

    def hear(self, observation: Observation, memory: Memory) -> None:
        """Take the count of faces, and where they are."""
        count = observation.values.get("count")
        if isinstance(memory, LastFaces) and count is not None:
            memory.count, memory.at = int(count), observation.at
            memory.boxes = [(int(x), int(y), int(w), int(h)) for x, y, w, h in observation.values.get("boxes", ())]

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return bad for more people than this camera should see."""
        things = detected_objects_of(observation.values)
        if things is None:
            return None
        if observation.channel == Role.HEAD:
            return _in_front(things, _boxes(memory, observation.at))
        if observation.channel == Role.ROOM:
            return _in_the_room(distinct_people(without_pictures(things)))
        return _before_the_webcam(distinct_people(things), _faces(memory, observation.at))


def distinct_people(things: list[DetectedObject]) -> list[DetectedObject]:
    """Return the people among things, each once, surest first; parts of people and far small figures left out."""
    people = sorted((thing for thing in things if thing.label == PERSON), key=lambda thing: -thing.area)
    kept: list[DetectedObject] = []
    for person in people:
        is_small = bool(kept) and person.area < SMALL_BELOW * kept[0].area
        if not is_small and all(overlap(person.box, other.box) < SAME_FROM for other in kept):
            kept.append(person)
    return sorted(kept, key=lambda thing: -thing.score)


def without_pictures(things: list[DetectedObject]) -> list[DetectedObject]:
    """Return the things without those that are shown on a screen."""
    screens = [thing for thing in things if thing.label in SCREENS]
    return [thing for thing in things if thing in screens or not _is_shown(thing.box, screens)]


def _before_the_webcam(people: list[DetectedObject], faces: int) -> Verdict:
    if len(people) < 2 or faces >= len(people):
        return GOOD
    numbers = {"persons": len(people), "faces": faces, "sure": percent(people[1].score)}
    return _verdict(SEEN, numbers, people, people[1])


def _in_the_room(people: list[DetectedObject]) -> Verdict:
    if len(people) < 2:
        return GOOD
    numbers = {"persons": len(people), "sure": percent(people[1].score)}
    return _verdict(IN_THE_ROOM, numbers, people, people[1])


def _in_front(things: list[DetectedObject], faces: Sequence[Box]) -> Verdict:
    screens = [thing for thing in things if thing.label in SCREENS]
    real = [face for face in faces if face[3] >= LEAST_FACE and not _is_shown(face, screens)]
    people = [thing for thing in things if thing.label == PERSON and any(_holds(thing.box, face) for face in real)]
    if not people:
        return GOOD
    return _verdict(IN_FRONT, {"sure": percent(people[0].score)}, people, people[0])


def _verdict(
    text: str, numbers: Mapping[str, Any], people: list[DetectedObject], unexpected: DetectedObject
) -> Verdict:
    marks = tuple(person.mark for person in people)
    return Verdict(True, text, numbers, marks, doubtful=not is_sure(unexpected))


def _is_shown(box: Box, screens: Sequence[DetectedObject]) -> bool:
    # a person before a screen is larger than it: the share of the person counts, not that of the smaller of both
    return any(
        overlap(box, screen.box) >= SHOWN_FROM and box[2] * box[3] <= screen.area for screen in screens if screen.area
    )


def _holds(box: Box, face: Box) -> bool:
    x, y = face[0] + face[2] / 2, face[1] + face[3] / 2
    return box[0] <= x <= box[0] + box[2] and box[1] <= y <= box[1] + box[3]


def _is_known(memory: Memory, at: float) -> bool:
    return isinstance(memory, LastFaces) and abs(at - memory.at) <= FACES_AGE


def _boxes(memory: Memory, at: float) -> Sequence[Box]:
    return memory.boxes if _is_known(memory, at) and isinstance(memory, LastFaces) else ()


def _faces(memory: Memory, at: float) -> int:
    return memory.count if _is_known(memory, at) and isinstance(memory, LastFaces) else 1

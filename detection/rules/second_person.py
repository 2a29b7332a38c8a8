"""SECOND_PERSON: a body beside the student's whose face is not seen; faces have a rule of their own."""

from core.types import AlertKind, Observation, ObservationKind, RuleSettings
from detection.rules.base import GOOD, N_, Memory, Rule, Verdict
from detection.things import PERSON, Thing, overlap, percent, things_of

SEEN = N_(
    "%(persons)s people but %(faces)s of their faces were seen in %(hits)s of the last %(looks)s looks"
    " (%(confirm)s needed), for %(seconds)s s (limit %(limit)s s); confidence %(sure)s of 100."
)
SAME_FROM = 0.7  # share of the smaller box within a larger one: an arm or a head of the same person
SMALL_BELOW = 0.05  # of the largest person: a poster, a photograph, somebody far behind a window
FACES_AGE = 3.0  # seconds; a count of faces older than this says nothing of this look


class LastFaces(Memory):
    """How many faces were seen last, and when."""

    def __init__(self) -> None:
        self.count = 1
        self.at = 0.0


class SecondPerson(Rule):
    """Counts looks with more bodies than faces, and at least two bodies."""

    kind = AlertKind.SECOND_PERSON
    reads = ObservationKind.OBJECTS
    needs = ObservationKind.PICTURE
    hears = frozenset({ObservationKind.FACES})
    defaults = RuleSettings(hold=3.0, confirm=3, window=4, release=4.0, cooldown=60.0)
    hint = N_("Somebody else seems to be in the picture. Please make sure that you are alone.")

    def memory(self) -> LastFaces:
        """Return a memory that expects the student's own face."""
        return LastFaces()

    def hear(self, observation: Observation, memory: Memory) -> None:
        """Take the count of faces."""
        count = observation.values.get("count")
        if isinstance(memory, LastFaces) and count is not None:
            memory.count, memory.at = int(count), observation.at

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return bad for two bodies and more of which one shows no face."""
        things = things_of(observation.values)
        if things is None:
            return None
        people = distinct_people(things)
        faces = _faces(memory, observation.at)
        if len(people) < 2 or faces >= len(people):
            return GOOD
        numbers = {"persons": len(people), "faces": faces, "sure": percent(people[1].score)}
        return Verdict(True, SEEN, numbers, tuple(person.mark for person in people))


def distinct_people(things: list[Thing]) -> list[Thing]:
    """Return the people among things, each once, surest first; parts of people and far small figures left out."""
    people = sorted((thing for thing in things if thing.label == PERSON), key=lambda thing: -thing.area)
    kept: list[Thing] = []
    for person in people:
        is_small = bool(kept) and person.area < SMALL_BELOW * kept[0].area
        if not is_small and all(overlap(person.box, other.box) < SAME_FROM for other in kept):
            kept.append(person)
    return sorted(kept, key=lambda thing: -thing.score)


def _faces(memory: Memory, at: float) -> int:
    is_known = isinstance(memory, LastFaces) and abs(at - memory.at) <= FACES_AGE
    return memory.count if is_known and isinstance(memory, LastFaces) else 1

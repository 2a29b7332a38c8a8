"""LOOKING_AWAY: head and eyes have been turned away from the screen for long; a direction is always named.

How many degrees are away, with and without a position of the student's own, is in detection/measures/line_of_sight.py.
"""

from types import MappingProxyType

from core.rule_catalogue import Choice
from core.text_keys import N_
from core.types import AlertKind, Observation, ObservationKind, PictureState, RuleSettings
from detection.measures.line_of_sight import DOWN, LEFT, RIGHT, UP, Usual
from detection.rules.base import GOOD, Memory, Rule, Verdict

# Once away, coming back has to be clear: a look at the very limit would begin and end alerts all the time.
BACK_BELOW = 0.85

OWN = MappingProxyType(
    {
        LEFT: N_(
            "Looked to the left (the student's own) for %(seconds)s s (limit %(limit)s s): %(angle)s degrees from this"
            " student's usual position (limit %(angle_limit)s), in %(hits)s of the last %(looks)s checks."
        ),
        RIGHT: N_(
            "Looked to the right (the student's own) for %(seconds)s s (limit %(limit)s s): %(angle)s degrees from this"
            " student's usual position (limit %(angle_limit)s), in %(hits)s of the last %(looks)s checks."
        ),
        UP: N_(
            "Looked up for %(seconds)s s (limit %(limit)s s): %(angle)s degrees from this student's usual position"
            " (limit %(angle_limit)s), in %(hits)s of the last %(looks)s checks."
        ),
        DOWN: N_(
            "Looked down for %(seconds)s s (limit %(limit)s s): %(angle)s degrees from this student's usual position"
            " (limit %(angle_limit)s), in %(hits)s of the last %(looks)s checks."
        ),
    }
)
LEARNT = MappingProxyType(
    {
        LEFT: N_(
            "Looked to the left (the student's own) for %(seconds)s s (limit %(limit)s s): %(angle)s degrees from the"
            " position in which this student sat calmly before (learnt from %(learnt)s looks; limit %(angle_limit)s),"
            " in %(hits)s of the last %(looks)s looks."
        ),
        RIGHT: N_(
            "Looked to the right (the student's own) for %(seconds)s s (limit %(limit)s s): %(angle)s degrees from the"
            " position in which this student sat calmly before (learnt from %(learnt)s looks; limit %(angle_limit)s),"
            " in %(hits)s of the last %(looks)s looks."
        ),
        UP: N_(
            "Looked up for %(seconds)s s (limit %(limit)s s): %(angle)s degrees from the position in which this student"
            " sat calmly before (learnt from %(learnt)s looks; limit %(angle_limit)s), in %(hits)s of the last"
            " %(looks)s looks."
        ),
        DOWN: N_(
            "Looked down for %(seconds)s s (limit %(limit)s s): %(angle)s degrees from the position in which this"
            " student sat calmly before (learnt from %(learnt)s looks; limit %(angle_limit)s), in %(hits)s of the last"
            " %(looks)s looks."
        ),
    }
)
CAMERA = MappingProxyType(
    {
        LEFT: N_(
            "Looked to the left (the student's own) for %(seconds)s s (limit %(limit)s s): %(angle)s degrees from the"
            " camera (limit %(angle_limit)s), in %(hits)s of the last %(looks)s checks."
        ),
        RIGHT: N_(
            "Looked to the right (the student's own) for %(seconds)s s (limit %(limit)s s): %(angle)s degrees from the"
            " camera (limit %(angle_limit)s), in %(hits)s of the last %(looks)s checks."
        ),
        UP: N_(
            "Looked up for %(seconds)s s (limit %(limit)s s): %(angle)s degrees from the camera"
            " (limit %(angle_limit)s), in %(hits)s of the last %(looks)s checks."
        ),
        DOWN: N_(
            "Looked down for %(seconds)s s (limit %(limit)s s): %(angle)s degrees from the camera"
            " (limit %(angle_limit)s), in %(hits)s of the last %(looks)s checks."
        ),
    }
)


class Posture(Memory):
    """How this student sits when looking at the screen, whether the last look was away, and the picture clear."""

    def __init__(self) -> None:
        self.usual = Usual()
        self.was_away = False
        self.is_clear = True


class LookingAway(Rule):
    """Measures head and eyes together from the student's own usual pose, measured or learnt, else from the camera.

    Looking down at paper is normal and counts only where the room says so (`watch` with "down"). Five seconds, because
    people look away for three to think.
    """

    kind = AlertKind.LOOKING_AWAY
    label = N_("Looking away")
    meaning = N_("Head and eyes are turned to the side or up for long. Looking at paper is normal.")
    sign = "arrow-left-right"
    weight = 10.0
    common_cause = N_("something that happened in the room")
    choices = MappingProxyType(
        {
            "left": Choice(N_("To the left"), True),
            "right": Choice(N_("To the right"), True),
            "up": Choice(N_("Up"), True),
            "down": Choice(N_("Down, where paper lies"), False),
        }
    )
    reads = ObservationKind.LANDMARKS
    needs = ObservationKind.PICTURE
    hears = frozenset({ObservationKind.BASELINE, ObservationKind.PICTURE})
    defaults = RuleSettings(hold=5.0, confirm=4, window=5, release=2.0, cooldown=30.0)
    hint = N_("Please look at your screen or your paper.")

    def memory(self) -> Posture:
        """Return a memory without a baseline."""
        return Posture()

    def hear(self, observation: Observation, memory: Memory) -> None:
        """Take this student's baseline (one without a pose takes it back), and whether the picture can be judged."""
        if not isinstance(memory, Posture):
            return
        if observation.kind is ObservationKind.PICTURE:
            memory.is_clear = observation.values.get("state") == PictureState.OK
        else:
            memory.usual.baseline = observation.values if observation.values.get("yaw") is not None else None

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return bad for a look beyond the limit of a watched direction; nothing where no pose was found."""
        posture = memory if isinstance(memory, Posture) else Posture()
        learnt = posture.usual.learnt_from
        away = posture.usual.weigh(observation.values, settings, learns=posture.is_clear)
        if away is None:
            return None
        limit = away.limit * (BACK_BELOW if posture.was_away else 1.0)
        posture.was_away = away.angle >= limit
        if not posture.was_away:
            return GOOD
        texts = OWN if posture.usual.baseline is not None else CAMERA if learnt is None else LEARNT
        numbers = {"state": away.direction, "angle": round(away.angle), "angle_limit": round(limit)}
        return Verdict(True, texts[away.direction], numbers if learnt is None else {**numbers, "learnt": learnt})

"""What the nine students of the demonstration do, and when: some misbehave, so that a newcomer sees every alert."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.types import Role
from simulation.pictures import Scene

ROUND_S = 150.0
"""After so many seconds everything happens again."""


@dataclass(frozen=True)
class Act:
    """One thing a student does between two moments of a round, in seconds."""

    start: float
    end: float
    scene: Scene = Scene.PRESENT
    page: str = "visible"
    camera: str = "on"
    offline: bool = False

    def is_on(self, moment: float) -> bool:
        """Say whether it goes on at this moment of the round."""
        return self.start <= moment < self.end


@dataclass(frozen=True)
class Word:
    """One message to the teacher, said in the first round alone."""

    at: float
    text: str


@dataclass(frozen=True)
class Part:
    """One student."""

    name: str
    acts: Sequence[Act] = ()
    words: Sequence[Word] = ()
    phones: Sequence[str] = ()
    """Roles of the phones this student has."""

    def act_at(self, moment: float) -> Act:
        """Return what this student does at a moment of the round."""
        return next((act for act in self.acts if act.is_on(moment)), QUIET)


QUIET = Act(0, ROUND_S)

ROOM_AND_ARM = (Role.ROOM, Role.ARM)

CAST = (
    Part(
        "Ada Martin", words=[Word(9, "Is a calculator allowed in part B?"), Word(70, "Thank you!")], phones=ROOM_AND_ARM
    ),
    Part("Benjamin Roy", [Act(8, 24, Scene.ABSENT), Act(90, 104, Scene.ABSENT)], phones=(Role.ARM,)),
    Part("Chloé Nguyen", [Act(14, 30, Scene.SECOND_PERSON)], phones=ROOM_AND_ARM),
    Part("Daniel Okafor", [Act(20, 36, Scene.COVERED)], [Word(40, "Sorry, my sleeve was on the camera.")]),
    Part("Emma Rossi", [Act(12, 20, page="hidden"), Act(80, 88, page="hidden")]),
    Part("Farid Haddad", [Act(28, 46, Scene.DARK)]),
    Part("Greta Lindqvist", [Act(16, 38, offline=True)]),
    Part("Hugo Silva", [Act(32, 48, camera="unplugged")]),
    Part("Inès Dubois", words=[Word(6, "My train was late. May I still come in?")]),
)
"""The last one waits to be let in."""

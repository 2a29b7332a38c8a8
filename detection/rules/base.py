"""What a rule is: it reads one observation at a time; how long and how often is the judge's to weigh."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar

from core.rule_catalogue import Choice
from core.types import Evidence, Mark, Observation, ObservationKind, RuleSettings, Severity

# Looks further apart than this have nothing to do with each other; seconds.
LOOK_MEMORY = 20.0

NOTHING: Mapping[str, Any] = MappingProxyType({})
WEBCAM = "webcam"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one observation says to one rule: bad or good, and the sentence and numbers that explain it.

    `text` may name any of `numbers` and what the judge adds: `seconds` it was seen to last, `limit` the seconds
    allowed, `hits` of the last `looks` looks that agreed, `confirm` of `window` that must. All places are %(name)s,
    for any language's formatter.
    """

    bad: bool
    text: str = ""
    numbers: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    marks: tuple[Mark, ...] = ()
    most: Severity | None = None
    """An alert that this verdict starts is no more severe than that, whatever the room says; None: the room decides."""
    channel: str | None = None
    """Where it was noticed, for rules that are `joined`; None: where it was read."""
    doubtful: bool = False
    """Bad, but it may be as it should be, or something else: counted apart, and noted without a word to the student."""


GOOD = Verdict(bad=False)


class Memory:
    """What a rule remembers of one participant between observations; most rules need none."""


class Rule(ABC):
    """One kind of alert; subclasses set the class variables and write `read`. All that is known of it is here."""

    kind: ClassVar[str]
    """The name in the protocol and the database, at most 32 capitals, digits and underscores."""
    label: ClassVar[str]
    """The name for teachers: a translation key, as the next two."""
    meaning: ClassVar[str]
    """What it watches for, for the form of a room."""
    advice: ClassVar[str] = ""
    """What an alert means and does not mean, for a fair verdict; "": `meaning` says it."""
    sign: ClassVar[str]
    """A Bootstrap icon for tiles, without the `bi-`."""
    weight: ClassVar[float]
    """What an alert adds to the suspicion level; 0.0 for what is nobody's fault, or nobody's business."""
    common_cause: ClassVar[str] = ""
    """What explains it for many students at once, so that it counts against none of them: a translation key; "" where
    nothing does, as for a telephone."""
    evidence: ClassVar[frozenset[Evidence]] = frozenset({Evidence.PICTURE})
    """What may be kept with an alert."""
    choices: ClassVar[Mapping[str, Choice]] = NOTHING
    """The cases that a room may choose from (RuleSettings.watch)."""
    is_nobodys_fault: ClassVar[bool] = False
    """True: every preset leaves it as it is."""
    is_absence: ClassVar[bool] = False
    """True: somebody is out of reach: one alert from going to coming back, also where the room is paused or the
    server starts anew meanwhile."""
    severities: ClassVar[Mapping[str, Severity]] = NOTHING
    """Other severities than that of `defaults`, by preset."""
    reads: ClassVar[ObservationKind]
    defaults: ClassVar[RuleSettings]
    hint: ClassVar[str]
    """A gentle word for the student: a translation key."""
    hints: ClassVar[Mapping[str, str]] = NOTHING
    """Better words by channel and state ("head.covered"), by channel, or by the `state` in the alert's numbers."""
    lasts: ClassVar[bool] = False
    """True: the observation is a fact that stays true until the next one; False: it is one look among many."""
    needs: ClassVar[ObservationKind | None] = None
    """While a rule that `blocks` finds observations of this kind bad, this one neither starts nor counts."""
    blocks: ClassVar[bool] = False
    """Rules that need what this one reads wait while it is bad."""
    hears: ClassVar[frozenset[ObservationKind]] = frozenset()
    """Kinds that say nothing by themselves and are told to `hear`, to be remembered."""
    hears_everywhere: ClassVar[bool] = False
    """True: it hears them from every channel of the participant, not from its own alone."""
    bridges: ClassVar[bool] = False
    """True: one look that missed does not stop the time; for what is often hidden for a moment."""
    remembers: ClassVar[float] = LOOK_MEMORY
    """Seconds after which an earlier look has nothing to do with the next any more; longer for phones' cameras."""
    channels: ClassVar[frozenset[str]] = frozenset({WEBCAM})
    """The rule reads these channels alone, each for itself: a phone that films a desk is not missing a face."""
    joined: ClassVar[bool] = False
    """True: all its channels are one to it: several microphones hear the same voice, which is one alert."""
    doubts: ClassVar[bool] = False
    """True: some verdicts are `doubtful`."""
    weighs: ClassVar[bool] = False
    """True: its own memory weighs how much and how long; a bad verdict is an alert at once."""

    def memory(self) -> Memory:
        """Return a fresh memory for one participant."""
        return Memory()

    def hear(self, observation: Observation, memory: Memory) -> None:  # noqa: B027 - most rules have nothing to hear
        """Remember an observation of one of the kinds that the rule `hears`."""

    @abstractmethod
    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return what the observation says under the room's settings, None when it says nothing to this rule."""

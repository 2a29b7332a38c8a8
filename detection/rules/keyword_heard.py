"""KEYWORD_HEARD: one of the room's phrases was spoken near a microphone, as far as a machine can tell."""

from core.phone_roles import ROLES
from core.text_keys import N_
from core.types import AlertKind, Evidence, Observation, ObservationKind, RuleSettings, Severity
from detection.rules.base import GOOD, WEBCAM, Memory, Rule, Verdict

HEARD = N_(
    "Heard: “%(phrases)s” (%(engine)s), alike by %(alike)s of 100 (limit %(alike_limit)s)."
    " Listen or ask before you decide."
)
SOUNDED_LIKE = N_(
    "It sounded like “%(phrases)s”. This speech recogniser (%(engine)s) is simple and often mishears"
    " (heard once, limit %(heard_limit)s). Listen or ask before you decide."
)


class KeywordHeard(Rule):
    """Takes the phrases that the listener matched; a rough listener's word is never more than a warning."""

    kind = AlertKind.KEYWORD_HEARD
    label = N_("Phrase heard")
    meaning = N_("One of the room's phrases was heard. Words can be misheard.")
    advice = N_(
        "One of the room's phrases was heard. Machines mishear: read what was understood, or listen, before you decide."
    )
    sign = "chat-left-quote"
    weight = 30.0
    evidence = frozenset({Evidence.PICTURE, Evidence.SOUND})
    reads = ObservationKind.WORDS
    joined = weighs = True
    channels = frozenset({WEBCAM, *ROLES})
    remembers = 10.0
    defaults = RuleSettings(hold=0.5, confirm=1, window=1, release=2.0, cooldown=10.0, severity=Severity.CRITICAL)
    hint = N_("It sounds as if somebody called an assistant or asked for an answer. Please stay silent.")

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return bad for words with a phrase of the room in them."""
        phrases = observation.values.get("phrases")
        if phrases is None:
            return None
        if not phrases:
            return GOOD
        numbers = {
            "phrases": ", ".join(str(phrase) for phrase in phrases),
            "engine": str(observation.values.get("engine", "?")),
            "heard_limit": 1,
            "alike": round(100 * float(observation.values.get("alike") or 0.0)),
            "alike_limit": round(100 * float(observation.values.get("alike_limit") or 0.0)),
        }
        channel = observation.channel
        if observation.values.get("rough"):
            return Verdict(True, SOUNDED_LIKE, numbers, channel=channel, most=Severity.WARNING)
        return Verdict(True, HEARD, numbers, channel=channel)

"""SPEECH_DETECTED: somebody speaks near a microphone of the student. Whose voice it is, nobody guesses."""

from collections import deque
from typing import NamedTuple

from core.phone_roles import ROLES
from core.text_keys import N_
from core.types import AlertKind, Evidence, Observation, ObservationKind, RuleSettings
from detection.rules.base import GOOD, WEBCAM, Memory, Rule, Verdict

HEARD = N_(
    "Speech was heard for %(speech)s s within %(window_seconds)s s (limit %(limit)s s), %(sure)s of 100 sure"
    " (limit %(sure_limit)s). Whose voice it was cannot be told."
)
WINDOW = 10.0  # seconds that are looked back on
SURE = 0.5  # Silero's own threshold: below it a batch of sound counts as silence
SURE_WHILE_TYPING = 0.8  # keys and a hand on the desk are heard at the same time, so a little more is asked
TYPED = 2.0  # seconds for which "typed just now" holds
LEAST = 0.05  # seconds of speech that a batch must hold to be more than its edge


class Heard(NamedTuple):
    """What one batch of sound held."""

    at: float
    seconds: float
    sure: float


class LastSounds(Memory):
    """The speech of the last seconds by microphone, and when the student typed last."""

    def __init__(self) -> None:
        self.typed_at = float("-inf")
        self._heard: dict[str, deque[Heard]] = {}

    def add(self, channel: str, heard: Heard) -> None:
        """Remember a batch, and forget what is out of the window; a clock set back forgets all."""
        batches = self._heard.setdefault(channel, deque())
        if batches and heard.at < batches[-1].at:
            batches.clear()
        batches.append(heard)
        for channel_batches in self._heard.values():
            while channel_batches and not abs(heard.at - channel_batches[0].at) < WINDOW:
                channel_batches.popleft()

    def most(self) -> tuple[float, float, str]:
        """Return the speech in seconds of the microphone that heard most, how sure, and which it is.

        Several microphones hear the same voice: their seconds are never added up.
        """
        sums = [
            (sum(one.seconds for one in batches), max(one.sure for one in batches), channel)
            for channel, batches in self._heard.items()
            if batches
        ]
        return max(sums, default=(0.0, 0.0, WEBCAM))


class SpeechDetected(Rule):
    """Adds up the speech of the last ten seconds; `hold` is how much of it there must be.

    Two seconds are four or five words: more than a sigh, a cough, or "oh no".
    """

    kind = AlertKind.SPEECH_DETECTED
    label = N_("Speech")
    meaning = N_("Somebody speaks near a microphone of the student. Whose voice it is cannot be told.")
    advice = N_(
        "Speech was heard near a microphone of the student. Whose voice it is cannot be told: it may be a"
        " neighbour, a television or the student reading aloud."
    )
    sign = "soundwave"
    weight = 15.0
    common_cause = N_("something that happened in the room")
    evidence = frozenset({Evidence.PICTURE, Evidence.SOUND})
    reads = ObservationKind.SOUND
    hears = frozenset({ObservationKind.INPUT})
    hears_everywhere = joined = weighs = True
    channels = frozenset({WEBCAM, *ROLES})
    remembers = WINDOW
    defaults = RuleSettings(hold=2.0, confirm=1, window=1, release=4.0, cooldown=30.0)
    hint = N_("Somebody seems to be speaking near you. Please stay silent.")

    def memory(self) -> LastSounds:
        """Return a memory that has heard nothing."""
        return LastSounds()

    def hear(self, observation: Observation, memory: Memory) -> None:
        """Note that the student types."""
        if isinstance(memory, LastSounds) and observation.values.get("keys"):
            memory.typed_at = observation.at

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return bad once the microphone that heard most has heard enough."""
        sure, seconds = observation.values.get("speech"), observation.values.get("seconds")
        if sure is None or seconds is None or not isinstance(memory, LastSounds):
            return None
        is_typing = abs(observation.at - memory.typed_at) <= TYPED
        limit = SURE_WHILE_TYPING if is_typing else SURE
        counts = sure >= limit and seconds >= LEAST
        memory.add(observation.channel, Heard(observation.at, float(seconds) if counts else 0.0, float(sure)))
        speech, surest, channel = memory.most()
        if speech < settings.hold:
            return GOOD
        numbers = {
            "speech": round(speech, 1),
            "seconds": round(speech, 1),
            "window_seconds": round(WINDOW),
            "sure": round(100 * surest),
            "sure_limit": round(100 * limit),
        }
        return Verdict(True, HEARD, numbers, channel=channel)

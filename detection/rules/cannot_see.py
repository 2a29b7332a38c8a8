"""CAMERA_BLOCKED: the picture cannot be judged. It asks for help with the set-up and is never a violation."""

from collections.abc import Hashable, Mapping
from types import MappingProxyType

from core.phone_roles import ROLES, watched_for
from core.text_keys import N_
from core.types import AlertKind, Observation, ObservationKind, PictureState, RuleSettings, Severity
from detection.rules.base import GOOD, WEBCAM, Memory, Rule, Verdict

# A sensor's noise changes some pixel of every picture, even of an empty room; only a stopped stream repeats itself
# exactly. Still long, because some cameras stop for a moment when the light changes and some drivers repeat pictures.
FROZEN_SECONDS = 20.0
FROZEN_LOOKS = 8
MOST_GAP = 10.0  # seconds without a look after which we no longer know that nothing changed in between

TEXTS = MappingProxyType(
    {
        PictureState.DARK: N_(
            "The picture has been too dark to judge for %(seconds)s s (limit %(limit)s s), light %(luminance)s of 255."
            " A lamp in front would help."
        ),
        PictureState.OVEREXPOSED: N_(
            "The picture has been too bright to judge for %(seconds)s s (limit %(limit)s s),"
            " light %(luminance)s of 255. Less light from behind would help."
        ),
        PictureState.BLURRED: N_(
            "The picture has been too blurred to judge for %(seconds)s s (limit %(limit)s s)."
            " Wiping the lens or sitting further away would help."
        ),
        PictureState.COVERED: N_(
            "Something has covered the camera for %(seconds)s s (limit %(limit)s s). Uncovering it would help."
        ),
        PictureState.FROZEN: N_(
            "The picture has not changed at all for %(still)s s (limit %(still_limit)s s)."
            " Switching the camera off and on would help."
        ),
    }
)
OF_A_PHONE = MappingProxyType(
    {
        PictureState.DARK: N_(
            "A phone's picture has been too dark to judge for %(seconds)s s (limit %(limit)s s), light %(luminance)s"
            " of 255. Light on what it films would help."
        ),
        PictureState.OVEREXPOSED: N_(
            "A phone's picture has been too bright to judge for %(seconds)s s (limit %(limit)s s), light %(luminance)s"
            " of 255. Turning it away from the window or lamp would help."
        ),
        PictureState.BLURRED: N_(
            "A phone's picture has been too blurred to judge for %(seconds)s s (limit %(limit)s s)."
            " Wiping its lens or fastening it would help."
        ),
        PictureState.COVERED: N_(
            "Something has covered a phone's camera for %(seconds)s s (limit %(limit)s s). Uncovering it would help."
        ),
        PictureState.FROZEN: N_(
            "A phone's picture has not changed at all for %(still)s s (limit %(still_limit)s s)."
            " Opening its page again would help."
        ),
    }
)
HINTS: Mapping[str, str] = MappingProxyType(
    {
        **{key: role.hints["unclear"] for key, role in ROLES.items() if role.camera},
        **{f"{key}.covered": role.hints["covered"] for key, role in ROLES.items() if role.camera},
        PictureState.DARK: N_("It is too dark to see you. Please switch on a light in front of you."),
        PictureState.OVEREXPOSED: N_("It is too bright to see you. Please turn away from the window or lamp."),
        PictureState.BLURRED: N_("Your picture is blurred. Please wipe the lens or move back a little."),
        PictureState.COVERED: N_("Something covers your camera. Please uncover it."),
        PictureState.FROZEN: N_("Your camera's picture is frozen. Please switch the camera off and on again."),
    }
)


class Stillness(Memory):
    """Since when one participant's pictures have been exactly the same."""

    def __init__(self) -> None:
        self._content: Hashable = None
        self._since = self._last = 0.0
        self._looks = 0

    def seconds(self, content: Hashable, at: float) -> float:
        """Return for how many seconds, over enough looks, the content has not changed; 0.0 when it has."""
        is_gap = not 0.0 <= at - self._last <= MOST_GAP
        if content is None or content != self._content or is_gap:
            self._content, self._since, self._looks = content, at, 0
        self._last = at
        self._looks += 1
        return at - self._since if self._looks >= FROZEN_LOOKS else 0.0


class CannotSee(Rule):
    """Says in which way the picture cannot be judged, and how to mend it."""

    kind = AlertKind.CAMERA_BLOCKED
    label = N_("Cannot see")
    meaning = N_("Too dark, too bright, blurred, covered or frozen. Never counts against the student.")
    advice = N_("The picture cannot be judged. This is no violation: help the student with the light or the camera.")
    sign = "eye-slash"
    weight = 0.0
    common_cause = N_("the light in the room")
    is_nobodys_fault = True
    reads = ObservationKind.PICTURE
    blocks = True
    channels = frozenset({WEBCAM}) | watched_for(AlertKind.CAMERA_BLOCKED)
    defaults = RuleSettings(hold=5.0, confirm=4, window=5, release=2.0, cooldown=30.0, severity=Severity.NOTICE)
    hint = N_("Your picture is not clear. Please check your camera and the light.")
    hints = HINTS

    def memory(self) -> Stillness:
        """Return a memory that has seen no picture."""
        return Stillness()

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return bad for every state but OK, and for a picture that has stood still for long."""
        values = observation.values
        if "state" not in values:
            return None
        state = PictureState(values["state"])
        still = _still_seconds(observation, memory)
        if state is PictureState.OK and still >= FROZEN_SECONDS:
            state = PictureState.FROZEN
        if state is PictureState.OK:
            return GOOD
        measured = {name: values.get(name, "?") for name in ("luminance", "blur")}
        limits = {"still": int(still), "still_limit": int(FROZEN_SECONDS)}
        texts = TEXTS if observation.channel == WEBCAM else OF_A_PHONE
        return Verdict(True, texts[state], {"state": str(state), **measured, **limits})


def _still_seconds(observation: Observation, memory: Memory) -> float:
    # The whole of it, with its checksum of the pixels: its coarse half is made to forgive noise, and alone would
    # call a person who sits still a frozen picture.
    fingerprint = observation.values.get("fingerprint")
    return memory.seconds(fingerprint, observation.at) if isinstance(memory, Stillness) else 0.0

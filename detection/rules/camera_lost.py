"""CAMERA_LOST: the browser says that there is no picture to send, and why."""

from types import MappingProxyType

from core.text_keys import N_
from core.types import AlertKind, Evidence, Observation, ObservationKind, RuleSettings
from detection.rules.base import GOOD, Memory, Rule, Verdict

TEXTS = MappingProxyType(
    {
        "denied": N_("The browser has not been allowed to use the camera for %(seconds)s s (limit %(limit)s s)."),
        "unplugged": N_(
            "The camera has been unplugged or taken by another program for %(seconds)s s (limit %(limit)s s)."
        ),
        "muted": N_(
            "The camera has been switched off by the device or the system for %(seconds)s s (limit %(limit)s s)."
        ),
        "none": N_("No camera has been found for %(seconds)s s (limit %(limit)s s)."),
    }
)
HINTS = MappingProxyType(
    {
        "denied": N_("Your browser may not use the camera. Please allow it beside the page's address."),
        "unplugged": N_("Your camera is no longer available. Please plug it in and close other programs that use it."),
        "muted": N_("Your camera is switched off. Please look for its switch, key or cover."),
        "none": N_("No camera was found. Please connect one."),
    }
)


class CameraLost(Rule):
    """Counts from the moment the browser reports it, and only while the browser can be heard."""

    kind = AlertKind.CAMERA_LOST
    label = N_("Camera lost")
    meaning = N_("The camera was unplugged, switched off or refused.")
    advice = N_("The camera stopped or was taken by another program. Ask the student before you decide.")
    sign = "camera-video-off"
    weight = 10.0
    common_cause = N_("the computers or their cameras")
    evidence = frozenset[Evidence]()
    reads = ObservationKind.CAMERA
    needs = ObservationKind.CONNECTION
    lasts = True
    defaults = RuleSettings(hold=5.0, confirm=1, window=1, release=2.0, cooldown=20.0)
    hint = N_("Your camera sends no picture. Please switch it on again.")
    hints = HINTS

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return good for a camera that is on, bad for the ways of being off that we know."""
        state = str(observation.values.get("state"))
        if state == "on":
            return GOOD
        return Verdict(True, TEXTS[state], {"state": state}) if state in TEXTS else None

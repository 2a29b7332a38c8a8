"""CAMERA_REPLACED: there may be no person before a camera: a recording that repeats, a program, or a still photo."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from core.text_keys import N_
from core.types import AlertKind, Observation, ObservationKind, RuleSettings
from detection.measures.repeats import Repeats
from detection.measures.stillness import STILL_UNTIL, Stillness, read_patch
from detection.rules.base import GOOD, Memory, Rule, Verdict

# Parts of the names by which programs call the cameras that they make up. Programs that hand on a phone's camera
# (DroidCam, Iriun, EpocCam, Camo) show what is there and are not listed.
MADE_UP = (
    "virtual",
    "obs-",
    "obs camera",
    "manycam",
    "snap camera",
    "xsplit",
    "splitcam",
    "sparkocam",
    "webcamoid",
    "v4l2loopback",
    "dummy video",
    "unity video capture",
    "fake_device",
    "fake device",
    "e2esoft",
    "altercam",
    "avatarify",
    "deepfacelive",
    "vtube",
)
LEAST_REPEATS = 3  # pictures that came again exactly; by chance not one does
# Frames of a real camera come a little early or late, by more than this; milliseconds. Some browsers round times, so
# it never counts alone: it lowers the number of repeats that are needed.
LEAST_JITTER = 0.02
REPEATS_WHEN_EVEN = 2
MOST_LABEL = 60

NAMED = N_(
    "The camera has been named “%(label)s”, like a virtual camera program, for %(seconds)s s (limit %(limit)s s)."
)
REPEATED = N_(
    "%(repeats)s pictures were exactly the same as %(period)s s before (limit %(repeats_limit)s). Pictures of a real"
    " camera never are: this is a recording that repeats."
)
STILL = N_(
    "The face did not move for %(still)s s, compared in %(compared)s pictures: by %(moved)s of 1000 of its contrast"
    " (limit %(moved_limit)s). A real head always moves a little, so this may be a photo. Please look."
)


class Origin(Memory):
    """What is known of where the pictures come from."""

    def __init__(self) -> None:
        self.source: Mapping[str, Any] = {}
        self.repeats = Repeats()
        self.stillness = Stillness()


class CameraReplaced(Rule):
    """Weighs the camera's name, exact repeats among the pictures, and whether the face moves at all."""

    kind = AlertKind.CAMERA_REPLACED
    label = N_("Camera replaced")
    meaning = N_("A recording that repeats, a photo that never moves, or a virtual camera.")
    advice = N_("A recording that repeats, or a program that makes up a camera. Ask the student before you decide.")
    sign = "camera-reels"
    weight = 40.0
    reads = ObservationKind.PICTURE
    needs = ObservationKind.PICTURE
    hears = frozenset({ObservationKind.SOURCE})
    defaults = RuleSettings(hold=5.0, confirm=4, window=5, release=5.0, cooldown=300.0)
    hint = N_("Please choose your real camera, not a program that replaces it.")
    hints = MappingProxyType({"still": N_("You do not seem to move at all. Please move your head a little.")})

    def memory(self) -> Origin:
        """Return a memory that knows of no camera yet."""
        return Origin()

    def hear(self, observation: Observation, memory: Memory) -> None:
        """Take what the browser says of the camera."""
        if isinstance(memory, Origin):
            memory.source = observation.values

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return bad for a made-up camera by its name, a recording by its repeats, and a face that never moves."""
        if not isinstance(memory, Origin) or "state" not in observation.values:
            return None
        fingerprint = observation.values.get("fingerprint")
        if fingerprint is not None:
            memory.repeats.add(str(fingerprint), observation.at)
        repeats = memory.repeats.recent(observation.at)
        limit = REPEATS_WHEN_EVEN if _is_even(memory.source) else LEAST_REPEATS
        if len(repeats) >= limit:
            numbers = {"repeats": len(repeats), "repeats_limit": limit, "period": round(repeats[-1].after)}
            return Verdict(True, REPEATED, {"state": "repeats", **numbers})
        label = str(memory.source.get("label") or "")
        if is_made_up(label):
            return Verdict(True, NAMED, {"state": "named", "label": label[:MOST_LABEL]})
        return _still_face(observation, memory.stillness) or GOOD


def _still_face(observation: Observation, stillness: Stillness) -> Verdict | None:
    """Return bad for a face that has not moved for long; what is said again of an earlier picture tells nothing."""
    cells = observation.values.get("cells")
    patch = read_patch(observation.at, cells) if cells else None
    if patch is None:
        stillness.reset()
    elif not observation.values.get("reused"):
        stillness.add(patch)
    still = stillness.judge()
    if still is None:
        return None
    numbers = {"moved": round(1000 * still.moved), "moved_limit": round(1000 * STILL_UNTIL)}
    return Verdict(True, STILL, {"state": "still", "still": round(still.seconds), "compared": still.looks, **numbers})


def is_made_up(label: str) -> bool:
    """Say whether a camera of this name is known to be a program."""
    name = label.casefold()
    return any(part in name for part in MADE_UP)


def _is_even(source: Mapping[str, Any]) -> bool:
    jitter = source.get("jitter_ms")
    return isinstance(jitter, int | float) and jitter < LEAST_JITTER and float(source.get("fps") or 0.0) > 1.0

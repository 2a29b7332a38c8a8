"""The arm: batches of a phone's motion sensor in, what the arm seems to do each second out."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.arm import STILL_BELOW
from core.types import ArmFamily, Observation, ObservationKind, Reading
from detection.models.shelf import ModelShelf
from detection.sensing.arm.features import along, features, strength
from detection.sensing.arm.model import ArmModel, find
from detection.sensing.arm.motion import HZ, MotionStream, Window, readings_of
from detection.sensing.arm.reference import distance
from detection.sensing.arm.threshold_rule import MOST_OF, share_of
from detection.sensing.base import Say

LIVE_HOP = int(HZ)  # samples: a window a second
CALIBRATION_HOP = int(HZ / 4)
FOREARM = 1
"""The phone's own axis that lies along the forearm: y, from its lower to its upper edge, which points to the hand."""
MOST_ARMS = 2000


class Arm:
    """What is remembered of one student's arm."""

    def __init__(self) -> None:
        self.stream = MotionStream(LIVE_HOP)
        self.reference: Mapping[str, Any] | None = None
        self.calibrates = False

    def tell(self, context: Mapping[str, Any]) -> None:
        """Know the student's desk work, and whether it is being learnt."""
        self.reference = context.get("reference") or None
        self.calibrates = bool(context.get("calibrates"))
        self.stream.hop = CALIBRATION_HOP if self.calibrates else LIVE_HOP


class ArmSense:
    """A detection.sensing.base.Sense for the channel `arm`; plain and pure, told everything by its caller.

    Without a model windows are CALM or MOVING by their strength alone, and the distance to desk work is still told.
    """

    def __init__(self, model: ArmModel | None = None) -> None:
        self._model = model
        self._from = "" if model is None else "given"
        self._is_open = model is not None
        self._arms: dict[str, Arm] = {}
        self._windows = 0
        self._refused = 0

    # ------------------------------------------------------------------------------ detection.sensing.base.Sense

    def take(self, reading: Reading) -> list[Observation]:
        """Return an ARM observation for each window that this batch completes."""
        self._find(())
        arm = self._arm(reading.participant)
        rows = readings_of(reading.data)
        if arm is None or not len(rows):
            self._refused += 1
            return []
        return [self._observation(reading, arm, window) for window in arm.stream.take(reading.at, rows)]

    def tell(self, participant: str, context: Mapping[str, Any]) -> None:
        """Be told {"reference": desk work or None, "calibrates": bool} of a participant; {} takes both back."""
        arm = self._arm(participant)
        if arm is not None:
            arm.tell(context)

    def forget(self, participant: str) -> None:
        """Drop everything of a participant."""
        self._arms.pop(participant, None)

    # ------------------------------------------------------------------------------ detection.sensing.base.Patient

    def open(self, shelf: ModelShelf, _say: Say) -> None:
        """Take a model that was trained on this machine, else the one that comes with the program."""
        self._find((shelf.cache, *shelf.folders))

    def idle(self) -> None:
        """Have nothing that waits."""

    def notes(self) -> Mapping[str, Any]:
        """Return which model is used, and counters."""
        return {"model": self._from, "arms": len(self._arms), "windows": self._windows, "refused": self._refused}

    def close(self) -> None:
        """Have nothing to end."""

    # ------------------------------------------------------------------------------ one window

    def _find(self, folders: Sequence[Path]) -> None:
        if not self._is_open:
            self._model, self._from = find(folders)
            self._is_open = True

    def _arm(self, participant: str) -> Arm | None:
        arm = self._arms.get(participant)
        if arm is None and len(self._arms) < MOST_ARMS:
            arm = self._arms[participant] = Arm()
        return arm

    def _observation(self, reading: Reading, arm: Arm, window: Window) -> Observation:
        self._windows += 1
        simple = share_of(window.gravity + window.moved)
        turned = along(window, FOREARM)
        measured, strong = features(turned), strength(turned)
        family, sure = self._told(measured, strong)
        away = distance(measured, arm.reference) if arm.reference else None
        values: dict[str, Any] = {
            "family": str(family),
            "sure": round(sure, 3),
            "strength": round(strong, 3),
            "distance": None if away is None else round(away, 2),
            "simple": simple >= MOST_OF,
        }
        if arm.calibrates:
            values["features"] = [round(float(value), 3) for value in measured]
        return Observation(
            reading.room, reading.participant, ObservationKind.ARM, window.at, values, channel=reading.channel
        )

    def _told(self, measured: Any, strong: float) -> tuple[ArmFamily, float]:
        if self._model is not None:
            return self._model.tell(measured)
        return (ArmFamily.CALM if strong < STILL_BELOW else ArmFamily.MOVING), 1.0

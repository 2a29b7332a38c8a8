"""The steps of a student's system check that measure the student: pictures, usual position, usual movements."""

from typing import Any

from rooms.identity.arm_calibration import ArmCalibration
from rooms.identity.enrolment import Enrolment
from rooms.identity.pose_calibration import Calibration
from rooms.live.participant import Student


class SystemCheck:
    """Takes the steps as the student's channel hears of them, and returns what each is answered with."""

    def __init__(self, enrolment: Enrolment, calibration: Calibration, arm_calibration: ArmCalibration) -> None:
        self._enrolment = enrolment
        self._calibration = calibration
        self._arm_calibration = arm_calibration

    def enrol(self, participant: Student, phase: str) -> dict[str, Any]:
        """Begin to take pictures for later comparisons, or say whether there are enough; UserError `bad_move`."""
        if phase == "start":
            self._enrolment.start(participant)
        enrolled, reason = self._enrolment.done(participant)
        return {"ok": True, "enrolled": enrolled, "reason": reason}

    def calibrate(self, participant: Student, phase: str, target: str | None) -> dict[str, Any]:
        """Take one step of the measurement of the student's usual position; UserError `bad_move`."""
        return self._calibration.step(participant, phase, target)

    def calibrate_arm(self, participant: Student, phase: str) -> dict[str, Any]:
        """Take one step of learning the student's usual movements; UserError `bad_move`."""
        return self._arm_calibration.step(participant, phase)

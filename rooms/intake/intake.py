"""Where what participants send comes in: pictures, readings, what a browser says, and what students tell the desk."""

from dataclasses import dataclass

from rooms.desk.parts import DeskParts
from rooms.intake.frame_ingest import FrameIngest
from rooms.intake.sensor_ingest import SensorIngest
from rooms.participants.reports import ParticipantReports


@dataclass(frozen=True)
class Intake:
    """What the channels of students and phones hand over to."""

    frames: FrameIngest
    readings: SensorIngest
    reports: ParticipantReports
    desk: DeskParts

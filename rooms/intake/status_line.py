"""A calm line for the student, where the room says so: how the camera sees, how much the arm moves; never an alert."""

from collections.abc import Callable

from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Student
from rooms.protocol.outgoing import Status
from rooms.setup.states import ParticipantState, RoomState

ARM_STEP = 5  # points of the arm's level that are worth an event

ArmLevelOf = Callable[[LiveRoom, Student], int | None]
"""Returns how much a student's arm moves, 0 to 100, or None where no phone on an arm tells."""


class StatusLine:
    """Tells each student of a running room what changed; every two seconds at most, as often as it looks around."""

    def __init__(self, context: RoomContext, arm_level_of: ArmLevelOf) -> None:
        self._directory = context.directory
        self._broadcaster = context.broadcaster
        self._arm_level_of = arm_level_of
        self._told: dict[str, Status] = {}
        context.signals.students.joined.connect(self._joined)
        context.signals.when_gone(self.forget)

    def look_around(self) -> None:
        """Tell what changed."""
        for room in self._directory.rooms():
            if room.settings.status_line and room.state == RoomState.RUNNING:
                for participant in list(room.students.values()):
                    self._tell(room, participant)

    def forget(self, participant: str) -> None:
        """Drop a student who left."""
        self._told.pop(participant, None)

    def _joined(self, _room: LiveRoom, participant: Student) -> None:
        # a new page knows nothing of what the one before was told
        self.forget(participant.id)

    def _tell(self, room: LiveRoom, participant: Student) -> None:
        if participant.state != ParticipantState.ADMITTED or not participant.online:
            return
        level = self._arm_level_of(room, participant)
        arm = None if level is None else ARM_STEP * round(level / ARM_STEP)
        told: Status = {"camera": camera_word(participant), "arm": arm}
        if told != self._told.get(participant.id):
            self._told[participant.id] = told
            self._broadcaster.to_participant(participant, "status", told)


def camera_word(participant: Student) -> str:
    """Return `off`, `unclear` (it cannot be judged), `empty` (nobody is seen) or `fine`."""
    if participant.browser.camera != "on":
        return "off"
    if participant.picture.state not in ("ok", "unknown"):
        return "unclear"
    return "empty" if participant.picture.faces == 0 else "fine"

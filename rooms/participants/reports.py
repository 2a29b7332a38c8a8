"""What a student's browser says of camera and page, and what the judge is told of a student."""

from typing import Any

from core.errors import UserError
from core.ports import Monitor
from core.types import Observation, ObservationKind
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom, RoomDirectory
from rooms.live.participant import Student
from rooms.live.picture_relay import WEBCAM
from rooms.participants.phone_status import PhoneStatus
from rooms.protocol import incoming
from rooms.setup.states import is_told


class ParticipantReports:
    """Keeps what a browser reports, shows it to the teachers, and passes it on to the judge."""

    def __init__(self, context: RoomContext, phone_status: PhoneStatus, monitor: Monitor) -> None:
        self._directory = context.directory
        self._broadcaster = context.broadcaster
        self._clock = context.clock
        self._camera_changed = context.signals.students.camera_changed
        self._phone_status = phone_status
        self._monitor = monitor

    def camera(self, participant: Student, state: str) -> None:
        """Take what the browser says of its camera."""
        room = _room(self._directory, participant)
        participant.browser.camera = state
        self._camera_changed.send(room, participant=participant)
        self._broadcaster.participant_changed(room, participant)
        self.observe(room, participant, ObservationKind.CAMERA, {"state": state})

    def page(self, participant: Student, state: str) -> None:
        """Take what the browser says of its page: in front, behind, or out of focus."""
        room = _room(self._directory, participant)
        participant.browser.page = state
        self._broadcaster.participant_changed(room, participant)
        self.observe(
            room, participant, ObservationKind.PAGE, {"visible": state != "hidden", "focused": state == "visible"}
        )

    def source(self, participant: Student, facts: incoming.Source) -> None:
        """Take what the browser says of the camera itself: its name, its size, the rhythm of its pictures."""
        participant.browser.source = facts
        self.observe(_room(self._directory, participant), participant, ObservationKind.SOURCE, dict(facts))

    def report_state(self, room: LiveRoom, participant: Student) -> None:
        """Tell the judge what is known of a student when it begins to watch: nothing is forgiven by a start."""
        for kind, known in (
            (ObservationKind.BASELINE, participant.baseline),
            (ObservationKind.SOURCE, participant.browser.source),
        ):
            if known is not None:
                self.observe(room, participant, kind, dict(known))
        self.observe(room, participant, ObservationKind.CONNECTION, {"online": participant.online})
        if participant.online:
            self.observe(room, participant, ObservationKind.CAMERA, {"state": participant.browser.camera})
            self.observe(
                room,
                participant,
                ObservationKind.PAGE,
                {"visible": participant.browser.page != "hidden", "focused": participant.browser.page == "visible"},
            )
        self._phone_status.report_state(room, participant)
        # devices tell of their place once, mostly before the start
        for device in (participant, *room.phones_of(participant).values()):
            if device.place is not None:
                self.observe(room, participant, ObservationKind.PLACE, dict(device.place), device.channel)

    def observe(
        self,
        room: LiveRoom,
        participant: Student,
        kind: ObservationKind,
        values: dict[str, Any],
        channel: str = WEBCAM,
    ) -> None:
        """Tell the judge a fact, where it may know it in this state of room and student."""
        if is_told(room.state, participant.state, kind is ObservationKind.CONNECTION):
            self._monitor.offer_observation(
                Observation(room.id, participant.id, kind, self._clock.now(), values, channel)
            )


def _room(directory: RoomDirectory, participant: Student) -> LiveRoom:
    room = directory.room(participant.room)
    if room is None:
        raise UserError("room_ended", "This room has ended.")
    return room

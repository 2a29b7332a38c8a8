"""Hop 1 of a frame: who, well-formed, hand over to the relay and to detection, answer."""

from collections.abc import Callable, Sequence
from typing import Any

from core.errors import UserError
from core.phone_roles import CAMERA_ROLES
from core.ports import FrameSink
from core.types import Frame
from evidence.frame_ring import FrameRing
from rooms.identity.references import PHOTO
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Participant
from rooms.live.picture_relay import WEBCAM, GridRelay, Size, Tile
from rooms.protocol.payload_checks import FrameParts, check_frame
from rooms.setup.states import ParticipantState, RoomState, is_judged

FILMING = frozenset({WEBCAM, *CAMERA_ROLES})
"""The channels that are for pictures."""

ParseHeader = Callable[[bytes], tuple[int, int, int]]


class FrameIngest:
    """Takes the frames of students and their phones; the same for the fast lane and for an ordinary event."""

    def __init__(
        self, context: RoomContext, relay: GridRelay, sink: FrameSink, ring: FrameRing, parse_header: ParseHeader
    ) -> None:
        self._directory = context.directory
        self._relay = relay
        self._sink = sink
        self._ring = ring
        self._clock = context.clock
        self._limits = context.limits
        self._parse_header = parse_header
        self._served = 0

    def accept(self, sender: Participant, args: Sequence[Any]) -> dict[str, Any]:
        """Take the arguments of a `frame` event of a student's camera or of a phone, and return its answer.

        Raises:
            ProtocolError: `bad_message`. UserError: `bad_frame`, `frame_too_large`, `stale_frame`, `room_ended`, and
                `not_wanted` from a phone that is not for pictures.
        """
        if sender.channel not in FILMING:
            raise UserError("not_wanted", "This room does not ask for this.")
        room = self._open_room(sender)
        parts = check_frame(args, self._parse_header, self._limits)
        now = self._clock.now()
        sender.uplink.take_picture(parts.seq, now)
        self._hand_over(room, sender, parts, now)
        return {"ok": True}

    def accept_thumbnail(self, sender: Participant, args: Sequence[Any]) -> dict[str, Any]:
        """Take the arguments of a `thumbnail` event, hand it to pages with small tiles alone, and return its answer.

        Raises:
            ProtocolError: `bad_message`. UserError: `bad_frame`, `frame_too_large`, `stale_reading`, `room_ended`.
        """
        self._open_room(sender)
        parts = check_frame(args, self._parse_header, self._limits)
        sender.uplink.take_number("thumbnail", parts.seq)
        captured_at = sender.uplink.clock.server_time(parts.captured_ms / 1000, self._clock.now())
        self._served += 1
        self._relay.offer(Tile(sender.student.id, self._served, captured_at, parts.jpeg), Size.THUMBNAIL)
        return {"ok": True}

    def _open_room(self, sender: Participant) -> LiveRoom:
        room = self._directory.room(sender.room)
        if room is None or room.state == RoomState.ENDED:
            raise UserError("room_ended", "This room has ended.")
        return room

    def _hand_over(self, room: LiveRoom, sender: Participant, parts: FrameParts, now: float) -> None:
        # A reloaded page counts from zero again, so what goes on from here carries a count of our own.
        self._served += 1
        captured_at = sender.uplink.clock.server_time(parts.captured_ms / 1000, now)
        participant, channel = sender.student, sender.channel
        state = participant.admission.state
        self._relay.offer(Tile(participant.id, self._served, captured_at, parts.jpeg, channel))
        judged = is_judged(room.state, state)
        is_waiting = sender is participant and state == ParticipantState.WAITING
        if is_waiting and participant.identity.reference == PHOTO:
            # Whoever waits is compared with a photo that a teacher gives meanwhile; nothing else is made of it.
            judged = False
        if judged is not None:
            frame = Frame(
                room=room.id,
                participant=participant.id,
                sequence=self._served,
                captured_at=captured_at,
                received_at=now,
                jpeg=parts.jpeg,
                width=parts.width,
                height=parts.height,
                channel=channel,
                judged=judged,
            )
            self._sink.offer_frame(frame)
            if judged:
                self._ring.take(frame)

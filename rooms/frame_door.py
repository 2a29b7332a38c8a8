"""Hop 1 of a frame: who, well-formed, hand over to the relay and to detection, answer."""

from collections.abc import Callable, Sequence
from typing import Any

from core.clock import Clock
from core.errors import UserError
from core.ports import FrameSink
from core.types import Frame
from rooms.directory import LiveRoom, RoomDirectory, Seat
from rooms.grid import GridRelay, Tile
from rooms.policy import FrameParts, Limits, check_frame
from rooms.states import ParticipantState, RoomState

MOST_AGE_S = 10.0
"""A client's clock is believed only this far behind ours."""

ParseHeader = Callable[[bytes], tuple[int, int, int]]


class FrameDoor:
    """Takes the frames of students; the same for the fast lane and for an ordinary event."""

    def __init__(
        self,
        directory: RoomDirectory,
        relay: GridRelay,
        sink: FrameSink,
        clock: Clock,
        limits: Limits,
        parse_header: ParseHeader,
    ) -> None:
        self._directory = directory
        self._relay = relay
        self._sink = sink
        self._clock = clock
        self._limits = limits
        self._parse_header = parse_header
        self._served = 0

    def accept(self, seat: Seat, args: Sequence[Any]) -> dict[str, Any]:
        """Take the arguments of a `frame` event and return its acknowledgement.

        Raises:
            ProtocolError: `bad_message`. UserError: `bad_frame`, `frame_too_large`, `stale_frame`, `room_ended`.
        """
        room = self._directory.room(seat.room)
        if room is None or room.state == RoomState.ENDED:
            raise UserError("room_ended", "This room has ended.")
        parts = check_frame(args, self._parse_header, self._limits)
        if parts.seq <= seat.last_sequence:
            raise UserError("stale_frame", "A newer picture came before this one.")
        seat.last_sequence = parts.seq
        self._hand_over(room, seat, parts, self._clock.now())
        return {"ok": True}

    def _hand_over(self, room: LiveRoom, seat: Seat, parts: FrameParts, now: float) -> None:
        # A reloaded page counts from zero again, so what goes on from here carries a count of our own.
        self._served += 1
        captured_at = _captured_at(seat, parts.captured_ms / 1000, now)
        self._relay.offer(room, Tile(seat.id, self._served, captured_at, parts.jpeg))
        if _is_looked_at(room, seat):
            frame = Frame(
                room=room.id,
                participant=seat.id,
                sequence=self._served,
                captured_at=captured_at,
                received_at=now,
                jpeg=parts.jpeg,
                width=parts.width,
                height=parts.height,
                judged=seat.state == ParticipantState.ADMITTED,
            )
            self._sink.offer_frame(frame)


def _is_looked_at(room: LiveRoom, seat: Seat) -> bool:
    if seat.state == ParticipantState.CHECKING:
        return True
    return seat.state == ParticipantState.ADMITTED and room.state == RoomState.RUNNING


def _captured_at(seat: Seat, client_time: float, now: float) -> float:
    # The smallest difference seen is the one with the least network in it: clocks differ, networks only delay.
    offset = now - client_time
    seat.clock_offset = offset if seat.clock_offset is None else min(seat.clock_offset, offset)
    return min(now, max(now - MOST_AGE_S, client_time + seat.clock_offset))

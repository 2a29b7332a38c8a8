"""Where a room and a participant may go from where they are; the moves stand beside the states."""

import enum
from collections.abc import Mapping
from types import MappingProxyType

from core.errors import UserError


class RoomState(enum.StrEnum):
    """The life of a room, named as the protocol and the database name it."""

    OPEN = "open"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


class ParticipantState(enum.StrEnum):
    """The life of one participant in a room, named as the protocol and the database name it."""

    CHECKING = "checking"
    WAITING = "waiting"
    ADMITTED = "admitted"
    REFUSED = "refused"
    REMOVED = "removed"
    LEFT = "left"


ROOM_MOVES: Mapping[RoomState, frozenset[RoomState]] = MappingProxyType(
    {
        RoomState.OPEN: frozenset({RoomState.RUNNING, RoomState.ENDED}),
        RoomState.RUNNING: frozenset({RoomState.PAUSED, RoomState.ENDED}),
        RoomState.PAUSED: frozenset({RoomState.RUNNING, RoomState.ENDED}),
        RoomState.ENDED: frozenset(),
    }
)

GONE = frozenset({ParticipantState.REMOVED, ParticipantState.LEFT})

PARTICIPANT_MOVES: Mapping[ParticipantState, frozenset[ParticipantState]] = MappingProxyType(
    {
        ParticipantState.CHECKING: GONE | {ParticipantState.WAITING, ParticipantState.ADMITTED},
        ParticipantState.WAITING: GONE | {ParticipantState.ADMITTED, ParticipantState.REFUSED},
        ParticipantState.ADMITTED: GONE,
        # a refusal by a slip of the hand can be taken back
        ParticipantState.REFUSED: GONE | {ParticipantState.ADMITTED},
        ParticipantState.LEFT: frozenset({ParticipantState.REMOVED}),
        ParticipantState.REMOVED: frozenset(),
    }
)


def is_judged(room_state: str, participant_state: str) -> bool | None:
    """Say what is made of what a student sends: True: it counts, False: it is only analysed, None: not even that."""
    if participant_state == ParticipantState.CHECKING:
        return False
    running = participant_state == ParticipantState.ADMITTED and room_state == RoomState.RUNNING
    return True if running else None


def is_told(room_state: str, participant_state: str, comes_or_goes: bool) -> bool:
    """Say whether the judge is told of a student: while the room runs, and in a pause of who comes and goes."""
    told = {RoomState.RUNNING, RoomState.PAUSED} if comes_or_goes else {RoomState.RUNNING}
    return participant_state == ParticipantState.ADMITTED and room_state in told


def move_room(old: str, new: str) -> RoomState:
    """Return the room's new state; UserError `room_ended` or `bad_move` when there is no such move."""
    before, after = RoomState(old), _room_state(new)
    if before is RoomState.ENDED:
        raise UserError("room_ended", "This room has ended.")
    if after not in ROOM_MOVES[before]:
        raise UserError("bad_move", "A room that is %(old)s cannot become %(new)s.", old=str(before), new=str(after))
    return after


def move_participant(old: str, new: str) -> ParticipantState:
    """Return the participant's new state; UserError `bad_move` when there is no such move."""
    before, after = ParticipantState(old), ParticipantState(new)
    if after not in PARTICIPANT_MOVES[before]:
        raise UserError(
            "bad_move", "A participant who is %(old)s cannot become %(new)s.", old=str(before), new=str(after)
        )
    return after


def _room_state(name: str) -> RoomState:
    try:
        return RoomState(name)
    except ValueError:
        raise UserError("bad_move", "There is no room state “%(new)s”.", new=name) from None

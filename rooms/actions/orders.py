"""What a teacher may do about a student's exam, for which reasons, and when: plain rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.errors import ProtocolError, UserError
from rooms.live.directory import LiveRoom
from rooms.live.participant import Student
from rooms.setup.states import GONE, ParticipantState, RoomState

UNDO_S = 5.0
GRACE_S = 1.0
"""A click in the last moment still has its way to the server."""
RUNS = frozenset({RoomState.RUNNING, RoomState.PAUSED})
FLAG, TERMINATE, EXTRA_TIME = "flag", "terminate", "extra_time"

REASONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "pause": frozenset({"technical", "identity", "talk", "other"}),
        "resume": frozenset(),
        "lock": frozenset({"rules", "identity", "talk", "other"}),
        "unlock": frozenset(),
        EXTRA_TIME: frozenset({"technical", "interruption", "agreed", "other"}),
        TERMINATE: frozenset({"rules", "identity", "wish", "other"}),
        FLAG: frozenset(),
    }
)
"""By verb; where there are any, one of them must be given."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a teacher asks for; the note is cleaned."""

    verb: str
    client_id: str
    reason: str = ""
    note: str = ""
    minutes: int | None = None


def check_wish(wish: Wish) -> None:
    """Refuse a wish that no page would send; ProtocolError `bad_message` names what is wrong."""
    allowed = REASONS[wish.verb]
    if wish.reason not in allowed and (allowed or wish.reason):
        raise _bad("reason")
    if (wish.minutes is not None) != (wish.verb == EXTRA_TIME) or wish.minutes == 0:
        raise _bad("minutes")


def applies_to(verb: str, room: LiveRoom, student: Student) -> bool:
    """Say whether this can be done about a student now."""
    if student.state in GONE or not student.came or student.standing.terminated is not None:
        return False
    if verb == EXTRA_TIME:
        return True
    in_exam = student.state == ParticipantState.ADMITTED and room.state in RUNS
    standing = student.standing
    wanted = {
        "pause": standing.paused is None,
        "resume": standing.paused is not None,
        "lock": standing.locked is None,
        "unlock": standing.locked is not None,
        TERMINATE: standing.ending is None,
        FLAG: True,
    }
    return in_exam and wanted[verb]


def refuse_ended(room: LiveRoom) -> None:
    """Raise UserError `room_ended` for a room in which nothing is done any more."""
    if room.state == RoomState.ENDED:
        raise UserError("room_ended", "This room has ended.")


def can_be_undone(asked_at: float, now: float) -> bool:
    """Say whether an action is still so new that its teacher may undo it."""
    return now - asked_at <= UNDO_S + GRACE_S


def _bad(what: str) -> ProtocolError:
    return ProtocolError("bad_message", "The server did not understand “%(what)s”.", what=what)

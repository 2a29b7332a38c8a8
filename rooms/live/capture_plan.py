"""What each student is asked to send: as much as somebody looks at, and no more than the server can take."""

from typing import NamedTuple

from core.phone_roles import CAMERA_ROLES
from rooms.live.directory import LiveRoom, Participant, Phone
from rooms.setup.states import GONE, ParticipantState, RoomState

FOCUS_FPS = 10.0
GRID_FPS = ((9, 5.0), (25, 3.0), (49, 2.0))
"""Up to so many tiles on a page, so many pictures a second each: a teacher's browser decodes about 100 a second."""
OVERLOAD_FACTOR = 0.5


class Capture(NamedTuple):
    """Pictures a second, their width in pixels and their JPEG quality from 0 to 1."""

    fps: float
    width: int
    quality: float


SILENT = Capture(0.0, 320, 0.5)
UNSEEN = Capture(1.0, 480, 0.6)
CHECKING = Capture(2.0, 480, 0.6)
PHONE_FOCUS = Capture(5.0, 640, 0.7)
PHONE_CHECKING = Capture(1.5, 640, 0.6)
PHONE_UNSEEN = Capture(0.5, 480, 0.6)
"""Phones film a desk, where little moves; every picture costs them battery."""


def plan_capture(room: LiveRoom, participant: Participant, overloaded: bool) -> Capture:
    """Return what this student should send now, seen from everybody who watches and from the load."""
    if participant.state in (ParticipantState.REFUSED, ParticipantState.REMOVED, ParticipantState.LEFT):
        return SILENT
    watchers = room.watchers_of(participant.id)
    if any(link.focus == participant.id for link in watchers):
        wanted = Capture(FOCUS_FPS, 640, 0.7)
    elif watchers:
        wanted = Capture(_grid_fps(min(len(link.watched) for link in watchers)), 320, 0.6)
    elif participant.state == ParticipantState.CHECKING:
        wanted = CHECKING
    elif room.state == RoomState.RUNNING:
        wanted = UNSEEN
    else:
        wanted = SILENT
    return _eased(wanted) if overloaded else wanted


def plan_phone(room: LiveRoom, participant: Participant, phone: Phone, overloaded: bool) -> Capture:
    """Return what this phone of a student should send now; nobody but the large view shows it."""
    if phone.role not in CAMERA_ROLES or participant.state in GONE:
        return SILENT
    if any(link.focus == participant.id for link in room.watchers_of(participant.id)):
        wanted = PHONE_FOCUS
    elif participant.state == ParticipantState.CHECKING:
        wanted = PHONE_CHECKING
    elif participant.state == ParticipantState.ADMITTED and room.state == RoomState.RUNNING:
        wanted = PHONE_UNSEEN
    else:
        wanted = SILENT
    return _eased(wanted) if overloaded else wanted


def _grid_fps(tiles: int) -> float:
    return next((fps for most, fps in GRID_FPS if tiles <= most), GRID_FPS[-1][1])


def _eased(wanted: Capture) -> Capture:
    # Rate gives way before size: a slow clear picture can still be judged.
    return wanted._replace(fps=max(min(wanted.fps, 1.0), wanted.fps * OVERLOAD_FACTOR))

"""What each student is asked to send: as much as somebody looks at, and no more than the server can take."""

from core.phone_roles import CAMERA_ROLES
from rooms.live.components import Capture
from rooms.live.directory import LiveRoom, TeacherLink
from rooms.live.participant import Participant, Phone, Student
from rooms.setup.states import GONE, ParticipantState, RoomState

GRID_SHARES = ((9, 1.0), (25, 0.6))
"""Up to so many tiles on a page, so much of the room's rate each."""
MOST_DECODED = 100.0
"""Pictures a second that a teacher's browser decodes, whatever the room wants."""
MOST_CLOSE = 20.0
"""Pictures a second of those together who are shown larger on a page of many: about 1.2 Mbit/s."""
THUMBNAILS = ((60, 0.5), (200, 0.33))
"""Up to so many small tiles on a page, so many thumbnails a second each: 200 are about 1.5 Mbit/s."""
LEAST_FPS = 1.0
"""Pictures a second, below which there would be too few to look at."""
OVERLOAD_FACTOR = 0.5


SILENT = Capture(0.0, 320, 0.5)
UNSEEN = Capture(1.0, 480, 0.6)
CHECKING = Capture(2.0, 480, 0.6)
CLOSE_UP = Capture(5.0, 640, 0.7)
"""For the evidence of an alert, during some seconds after it."""
PHONE_FOCUS = Capture(5.0, 640, 0.7)
PHONE_CHECKING = Capture(1.5, 640, 0.6)
PHONE_UNSEEN = Capture(0.5, 480, 0.6)
"""Phones film a desk, where little moves; every picture costs them battery."""


def plan_participant(room: LiveRoom, participant: Participant, overloaded: bool) -> Capture:
    """Return what a student or a phone should send now."""
    if isinstance(participant, Phone):
        return plan_phone(room, participant, overloaded)
    return plan_capture(room, participant.student, overloaded)


def plan_capture(room: LiveRoom, participant: Student, overloaded: bool) -> Capture:
    """Return what this student should send now, seen from everybody who watches and from the load."""
    if participant.state in (ParticipantState.REFUSED, ParticipantState.REMOVED, ParticipantState.LEFT):
        return SILENT
    watchers = room.watchers_of(participant.id)
    near = [link for link in watchers if not link.shows_small(participant.id)]
    if any(link.focus == participant.id for link in watchers):
        wanted = Capture(float(room.settings.focus_fps), 640, 0.7)
    elif near:
        wanted = Capture(max(_grid_fps(room, link, participant.id) for link in near), 320, 0.6)
    elif participant.state == ParticipantState.CHECKING:
        wanted = CHECKING
    elif room.state == RoomState.RUNNING:
        wanted = UNSEEN
    else:
        wanted = SILENT
    if participant.close_up and room.state == RoomState.RUNNING:
        wanted = _at_least(wanted, CLOSE_UP)
    wanted = wanted._replace(thumbnails=max((_thumbnails(link) for link in watchers if link not in near), default=0.0))
    return _eased(wanted) if overloaded else wanted


def plan_phone(room: LiveRoom, phone: Phone, overloaded: bool) -> Capture:
    """Return what this phone of a student should send now; nobody but the large view shows it."""
    participant = phone.owner
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


def _grid_fps(room: LiveRoom, link: TeacherLink, participant: str) -> float:
    is_close = participant in link.close
    tiles = max(1, len(link.close if is_close else link.watched))
    share = next((share for most, share in GRID_SHARES if tiles <= most), GRID_SHARES[-1][1])
    wanted = min(room.settings.grid_fps * share, (MOST_CLOSE if is_close else MOST_DECODED) / tiles)
    return max(LEAST_FPS, round(wanted, 1))


def _thumbnails(link: TeacherLink) -> float:
    return next((rate for most, rate in THUMBNAILS if len(link.watched) <= most), THUMBNAILS[-1][1])


def _at_least(wanted: Capture, least: Capture) -> Capture:
    fps, width, quality = (max(pair) for pair in zip(wanted[:3], least[:3], strict=True))
    return Capture(fps, int(width), quality)


def _eased(wanted: Capture) -> Capture:
    # Rate gives way before size: a slow clear picture can still be judged.
    fps = max(min(wanted.fps, 1.0), wanted.fps * OVERLOAD_FACTOR)
    return wanted._replace(fps=fps, thumbnails=wanted.thumbnails * OVERLOAD_FACTOR)

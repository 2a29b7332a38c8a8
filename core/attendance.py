"""The states in which a room, a student or a phone may be for a while: what is recorded, and what reports count."""

import enum


class Attendance(enum.StrEnum):
    """Named as the database names them. A student or phone without a state is not connected."""

    OPEN = "open"
    """A room before its exam."""
    RUNNING = "running"
    """A room while its exam goes on."""
    PAUSED = "paused"
    """A room while its exam is paused."""
    PRESENT = "present"
    """Connected while nobody is judged: before the exam, in a pause, or not let in."""
    SEEN = "seen"
    """In the exam; pictures come, can be judged, and are analysed."""
    UNCLEAR = "unclear"
    """In the exam; pictures come that are too dark, blurred, covered or frozen to be judged."""
    UNWATCHED = "unwatched"
    """In the exam; pictures come, and no analysis runs."""
    NO_CAMERA = "no_camera"
    """In the exam; the page says that its camera is off, refused or unplugged."""
    NO_PICTURE = "no_picture"
    """In the exam; the camera is on, and yet no picture comes."""
    BREAK = "break"
    """On a break that a teacher allowed: nothing is judged."""
    HELD = "held"
    """Paused or locked by a teacher: nothing is judged."""
    SENDING = "sending"
    """A phone from which something comes."""
    SILENT = "silent"
    """A phone that is connected, and from which nothing comes."""

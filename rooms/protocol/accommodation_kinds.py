"""What is judged otherwise for one student, because a teacher knows a good reason; nobody else learns which.

reads_aloud      talking and speech are not judged; phrases of the room are
no_gaze          where the student looks and whether the eyes are closed is not judged, and does not lower attention
helper_present   a second face or person is not judged
breaks           an empty chair and a hidden page are noted, and count for nothing
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from core.types import AlertKind

NO_GAZE = "no_gaze"


class Accommodation(NamedTuple):
    """Which kinds are not judged at all, and which are only noted."""

    off: tuple[AlertKind, ...] = ()
    notice: tuple[AlertKind, ...] = ()


EXEMPTIONS: Mapping[str, Accommodation] = MappingProxyType(
    {
        "reads_aloud": Accommodation(off=(AlertKind.TALKING, AlertKind.SPEECH_DETECTED)),
        NO_GAZE: Accommodation(off=(AlertKind.LOOKING_AWAY, AlertKind.EYES_CLOSED)),
        "helper_present": Accommodation(off=(AlertKind.MULTIPLE_FACES, AlertKind.SECOND_PERSON)),
        "breaks": Accommodation(notice=(AlertKind.FACE_NOT_FOUND, AlertKind.PAGE_HIDDEN)),
    }
)


def all_of(accommodations: Sequence[str]) -> Accommodation:
    """Return several accommodations as one; names that no longer exist are left out."""
    known = [EXEMPTIONS[name] for name in accommodations if name in EXEMPTIONS]
    off, notice = (kind for one in known for kind in one.off), (kind for one in known for kind in one.notice)
    return Accommodation(off=tuple(dict.fromkeys(off)), notice=tuple(dict.fromkeys(notice)))

"""What can be done about a detector that is off, for the Server page and the teachers of a room."""

from collections.abc import Mapping
from types import MappingProxyType

from core.text_keys import N_

CORE = ("face", "picture", "objects")
"""Without these a room is hardly watched, so that they are missed in red."""

FILE_MISSING = "model file missing"  # how a detector's reason begins
FETCHED: Mapping[str, str] = MappingProxyType(
    {
        "face": N_("To fix it on the server: “python app.py models fetch”. No restart is needed."),
        "objects": N_("To fix it on the server: “python app.py models export yolo”. No restart is needed."),
    }
)
BROKEN = N_("The file server.log says why. Once that is fixed, start the server again.")


def remedy_of(name: str, reason: str) -> str:
    """Return what to do about a core detector, by the reason it gives for being off."""
    return FETCHED.get(name, BROKEN) if reason.startswith(FILE_MISSING) else BROKEN

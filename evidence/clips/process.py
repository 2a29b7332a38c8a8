"""Starts the process that makes a video of a capsule, and waits for it: never in the hub, never for ever."""

from core.blocking import run_module
from core.errors import UserError

SECONDS = 60.0
"""Half a minute of three cameras takes a few seconds of a core; a busy machine may take ten times as long."""


def webm_of(capsule: bytes, seconds: float = SECONDS) -> bytes:
    """Return the pictures of a capsule as WebM (VP8), the cameras side by side; UserError where that fails."""
    outcome = run_module("evidence.clips.webm", given=capsule, seconds=seconds)
    if outcome is None or outcome.status != 0 or not outcome.written:
        raise UserError("no_clip", "No video could be made of these pictures.")
    return outcome.written

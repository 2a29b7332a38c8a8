"""Frames for tests of evidence: bytes that stand for a JPEG, since nothing in evidence looks into one."""

from __future__ import annotations

from core.types import Frame

START = 1_700_000_000.0


def frame(after: float, size: int = 15_000, who: str = "anna", room: str = "r1", channel: str = "webcam") -> Frame:
    """A frame that came `after` seconds from START; its content tells it from those of other times."""
    picture = f"{channel} {after:.3f} ".encode().ljust(size, b"x")
    return Frame(
        room=room,
        participant=who,
        sequence=round(after * 1000),
        captured_at=START + after - 0.1,
        received_at=START + after,
        jpeg=picture,
        width=320,
        height=240,
        channel=channel,
    )

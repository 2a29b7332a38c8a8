"""What teachers are told while the server looks more seldom than it should."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from core.text_keys import N_
from rooms.protocol.outgoing import SlowLook

SLOW_FROM = 1.25  # times the wanted interval
SLOW: Mapping[str, str] = MappingProxyType(
    {
        "objects": N_("Phones are checked every %(seconds)s s instead of %(usual)s s: the server is busy."),
        "landmarks": N_("Where heads point is checked every %(seconds)s s instead of %(usual)s s: the server is busy."),
        "face": N_("Faces are looked for every %(seconds)s s instead of %(usual)s s: the server is busy."),
        "identity": N_("Faces are compared every %(seconds)s s instead of %(usual)s s: the server is busy."),
    }
)
"""By detector, what matters most first."""


def slow_looks(health: Mapping[str, Any]) -> list[SlowLook]:
    """Return a sentence for each detector that looks clearly more seldom than it should; none where all is well."""
    looks = health.get("looks_by_detector", {})
    paces = [(text, looks[name]["seconds"], looks[name]["every"]) for name, text in SLOW.items() if name in looks]
    return [
        {"text": text, "numbers": {"seconds": _plain(seconds), "usual": _plain(every)}}
        for text, seconds, every in paces
        if seconds is not None and seconds > SLOW_FROM * every
    ]


def _plain(seconds: float) -> float:
    """Return seconds as people say them: whole ones, and tenths of less than three."""
    return round(seconds) if seconds >= 3 or float(seconds).is_integer() else round(seconds, 1)

"""Which detectors analyse which channel of a participant, and how often each channel is analysed."""

from collections.abc import Mapping
from types import MappingProxyType

from core.phone_roles import ROLES

WEBCAM = "webcam"

# A phone stands still, or moves with a head: what it shows lasts longer than a glance to the side in the webcam.
PACE: Mapping[str, float] = MappingProxyType({key: role.pace for key, role in ROLES.items() if role.camera})
"""How much more seldom than the webcam a channel is analysed."""

ON_PHONES: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {key: role.detectors for key, role in ROLES.items() if role.camera}
)
"""Detectors that analyse a phone's pictures: seconds between two analyses, 0 for each picture that is analysed."""

PHONES_ALONE = frozenset({"markers", "scene"})
"""Detectors that have nothing to see in the picture of a webcam."""


def paces(channel: str, every: Mapping[str, float]) -> dict[str, float]:
    """Return which of the detectors that are on analyse a channel, and the seconds between two analyses of each.

    `every` are the detectors' own seconds, which hold for the webcam and for channels that nobody named here.
    """
    phone = ON_PHONES.get(channel)
    if phone is None:
        return {name: seconds for name, seconds in every.items() if name not in PHONES_ALONE}
    return {name: phone[name] for name in every if name in phone}


def wanted_seconds(name: str, every: float, interval: float) -> float:
    """Return the seconds between two looks of a detector at one camera, of which frames come each `interval`.

    `every` is the detector's own; of one that looks at phones alone, those of the phone that it looks at most seldom.
    """
    if name not in PHONES_ALONE:
        return max(every, interval)
    phones = [phone for phone, looks in ON_PHONES.items() if name in looks]
    return max(max(PACE[phone] * interval, ON_PHONES[phone][name]) for phone in phones)

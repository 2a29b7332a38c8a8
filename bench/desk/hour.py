"""A made-up hour of a large class: alerts of few students, and three times the network is gone for a part of them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from detection.rules import RULES
from rooms.alerts.incidents import IncidentGrouping, Noticed, is_of_room

STUDENTS, ALERTS, SECONDS = 200, 800, 3600.0
CUTS = (700.0, 1900.0, 3100.0)
"""When the network goes."""
CUT_SHARE, CUT_S = 0.4, 20.0
"""How many of the class lose it each time, and within how many seconds that is noticed."""
UNEASY_SHARE, UNEASY_PART = 0.2, 0.7
"""One student in five raises seven alerts of ten, as in classes that were watched."""
KINDS = ("LOOKING_AWAY", "PAGE_HIDDEN", "FACE_NOT_FOUND", "TALKING", "PHONE_DETECTED", "MULTIPLE_FACES")
NETWORK = "CONNECTION_LOST"
TOGETHER = 3.0
"""Alerts that one student raises one shortly after the other, on average."""


@dataclass(frozen=True)
class Outcome:
    """What an hour comes to."""

    alerts: int
    incidents: int
    cuts_as_one: int
    """Cuts of the network that are one incident of the room each."""
    in_cuts: int
    """Alerts of the network that stayed with single students all the same."""


def hour(seed: int, together: float = TOGETHER) -> list[Noticed]:
    """Return the alerts of an hour in the order of their times; `together` 1 is one that scatters them all."""
    chance = random.Random(seed)
    told = [(at, who, NETWORK) for cut in CUTS for at, who in _cut(cut, chance)]
    while len(told) < ALERTS:
        told += _burst(chance, together)
    told = sorted(told[:ALERTS])
    return [Noticed(f"{number:04}", f"s{who}", kind, at) for number, (at, who, kind) in enumerate(told)]


def grouped(alerts: Sequence[Noticed]) -> Outcome:
    """Return what the desk makes of an hour."""
    grouping = IncidentGrouping(frozenset(kind for kind, rule in RULES.items() if rule.common_cause))
    incident: dict[str, str] = {}
    for alert in alerts:
        incident.update(grouping.place(alert, STUDENTS))
    network = {alert.id for alert in alerts if alert.kind == NETWORK}
    of_cuts = [{incident[one.id] for one in alerts if one.id in network and _in(cut, one.at)} for cut in CUTS]
    alone = [one for one in network if not is_of_room(incident[one])]
    as_one = sum(len({one for one in found if is_of_room(one)}) == 1 for found in of_cuts)
    return Outcome(len(alerts), len(set(incident.values())), as_one, len(alone))


def _cut(at: float, chance: random.Random) -> list[tuple[float, int]]:
    hit = chance.sample(range(STUDENTS), round(CUT_SHARE * STUDENTS))
    return [(at + chance.uniform(0, CUT_S), who) for who in hit]


def _burst(chance: random.Random, together: float) -> list[tuple[float, int, str]]:
    uneasy = round(UNEASY_SHARE * STUDENTS)
    who = chance.randrange(uneasy) if chance.random() < UNEASY_PART else chance.randrange(uneasy, STUDENTS)
    more = int(chance.expovariate(1 / (together - 1))) if together > 1 else 0
    count, at = 1 + min(5, more), chance.uniform(0, SECONDS)
    found = []
    for _ in range(count):
        found.append((at, who, chance.choice(KINDS)))
        at += chance.uniform(5, 45)
    return found


def _in(cut: float, at: float) -> bool:
    return cut <= at <= cut + CUT_S

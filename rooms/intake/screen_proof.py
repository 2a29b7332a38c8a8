"""Proof that a student's phones film the exam's own screen, now: a code on the page that only who sees it can know.

The page shows one of many codes at random, another one every few seconds, and each picture of a phone is compared with
what was shown at that time. A recording shows codes of another time. One right code can be luck, so two different ones
within a minute are asked for, and more right than wrong ones. Not seen for long is a state of its own: the phone may
stand badly, and it is no violation.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Protocol

from core.phone_roles import CAMERA_ROLES
from core.types import Frame, Observation, ObservationKind, PictureState, Role
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Phone, Student
from rooms.setup.states import GONE

EVERY = 5.0  # seconds that a code is shown
# Seconds from the sending of a code to the arrival of a picture that may still show it: page, camera and network on
# the way, and the pictures that wait for a look.
MOST_LAG = 8.0
WINDOW = 60.0  # seconds in which two different codes must be seen
NEEDED = 2
LOST_AFTER = 90.0  # seconds of pictures that can be judged, without a right code
UNKNOWN_AFTER = 20.0  # seconds without a picture that can be judged
MOST_AT_ONCE = 3  # different codes in one picture: the own screen and those of neighbours; more are a printed sheet
LATENCIES = 9  # of which the median is told
LEAST_STEP = 0.3  # seconds of latency that are worth telling

# Side of the dark square on the screen. A phone 640 pixels wide that sees 70 degrees has 7.6 pixels for a centimetre
# 60 cm away; 28 pixels are read in nearly every soft picture, 18 in sharp ones (subject markers). Screens show 38 to 47
# mm where a page asks for 45.
SIZE_MM = 45
SIZE_MM_FAR = 70  # where no phone is nearer than one that stands in the room: 28 pixels from 1.2 m away

NEVER = float("-inf")

Cells = Sequence[Sequence[int]]
Draw = Callable[[int], Cells]
"""Returns the squares of a code, 1 for dark."""


class Chance(Protocol):
    """Chooses what nobody can foresee: random.SystemRandom."""

    def choice(self, seq: Sequence[int]) -> int:
        """Return one of them."""
        ...


@dataclass(slots=True)
class Showing:
    """One code, from when to when it was shown, and which phones have seen it; server seconds."""

    code: int
    since: float
    until: float = float("inf")
    seen_by: set[str] = field(default_factory=set)

    def explains(self, code: int, at: float) -> bool:
        """Say whether a picture that arrived then may show this code."""
        return code == self.code and self.since <= at <= self.until + MOST_LAG


@dataclass(slots=True)
class Sight:
    """What one phone has seen."""

    phone: str
    right: deque[float] = field(default_factory=deque)
    """When codes that were shown were seen first, of the last minute."""
    wrong: deque[float] = field(default_factory=deque)
    """When codes were seen that were not shown."""
    latencies: deque[float] = field(default_factory=lambda: deque(maxlen=LATENCIES))
    judged_at: float = NEVER
    """When the last picture came that could be judged."""
    watched: float = 0.0
    """Seconds of such pictures since the last right code."""
    proven_at: float | None = None

    def forget_before(self, at: float) -> None:
        """Drop what is older than that."""
        for times in (self.right, self.wrong):
            while times and times[0] < at:
                times.popleft()


@dataclass(slots=True)
class Page:
    """What one student's page shows, and what the phones have seen of it."""

    sid: str | None = None
    showings: deque[Showing] = field(default_factory=lambda: deque(maxlen=8))
    sights: dict[str, Sight] = field(default_factory=dict)


class ScreenProof:
    """Observer of frames and watcher of time: issues the codes, compares, and keeps `Phone.proof`."""

    def __init__(self, context: RoomContext, draw: Draw, codes: int, chance: Chance) -> None:
        self._directory = context.directory
        self._broadcaster = context.broadcaster
        self._clock = context.clock
        self._draw = draw
        self._codes = range(codes)
        self._chance = chance
        self._changed = context.signals.students.condition_changed
        self._pages: dict[str, Page] = {}
        self._lock = threading.Lock()

    def look_around(self) -> None:
        """Show new codes where they are due, and forget who is gone; about every two seconds."""
        participants = {
            participant.id: (room, participant)
            for room in self._directory.rooms()
            for participant in list(room.students.values())
        }
        with self._lock:
            for gone in self._pages.keys() - participants.keys():
                del self._pages[gone]
        for room, participant in participants.values():
            self._renew(room, participant, self._clock.now())

    def observed(self, frame: Frame, observations: Sequence[Observation]) -> None:
        """Compare the codes in a phone's picture with what was shown when it came."""
        if frame.channel not in CAMERA_ROLES:
            return
        room = self._directory.room(frame.room)
        participant = room.students.get(frame.participant) if room else None
        phone = room.phone_of(participant, frame.channel) if room and participant else None
        page = self._pages.get(frame.participant)
        if room is None or participant is None or phone is None or page is None:
            return
        facts = {observation.kind: observation.values for observation in observations}
        codes = facts.get(ObservationKind.MARKERS, {}).get("ids")
        state = facts.get(ObservationKind.PICTURE, {}).get("state", PictureState.OK)
        if codes is None or (state != PictureState.OK and not codes):
            return
        with self._lock:
            sight = _sight(page, phone)
            _take(page, sight, [int(code) for code in codes], frame.received_at)
        self._weigh(room, participant, phone, sight, frame.received_at)

    def _renew(self, room: LiveRoom, participant: Student, now: float) -> None:
        held = room.phones_of(participant)
        phones = [held[role] for role in sorted(CAMERA_ROLES) if role in held]
        if participant.state in GONE or not phones:
            with self._lock:
                page = self._pages.pop(participant.id, None)
            if page is not None:
                self._broadcaster.to_participant(
                    participant, "proof", {"id": None, "cells": [], "every": EVERY, "size_mm": SIZE_MM}
                )
            return
        with self._lock:
            page = self._pages.setdefault(participant.id, Page())
            code = self._next(page, participant, now)
        if code is not None:
            self._show(participant, code, SIZE_MM if Role.HEAD in held else SIZE_MM_FAR)
        for phone in phones:
            if (sight := page.sights.get(phone.role)) is not None and sight.phone == phone.id:
                self._weigh(room, participant, phone, sight, now)

    def _next(self, page: Page, participant: Student, now: float) -> int | None:
        """Return the code to show from now on, None while the last one stays."""
        last = page.showings[-1] if page.showings else None
        is_same_page = participant.sid == page.sid
        if participant.sid is None or (last is not None and is_same_page and 0.0 <= now - last.since < EVERY):
            return None
        if last is not None:
            last.until = now
        page.sid = participant.sid
        # one that was shown just now would not tell when it was seen
        recent = {showing.code for showing in page.showings}
        code = self._chance.choice([one for one in self._codes if one not in recent])
        page.showings.append(Showing(code, now))
        return code

    def _show(self, participant: Student, code: int, size: int) -> None:
        cells = [list(row) for row in self._draw(code)]
        self._broadcaster.to_participant(
            participant, "proof", {"id": code, "cells": cells, "every": EVERY, "size_mm": size}
        )

    def _weigh(self, room: LiveRoom, participant: Student, phone: Phone, sight: Sight, now: float) -> None:
        """Say how it stands with a phone, and tell those who look on what changed."""
        with self._lock:
            before, latency = phone.proof, _latency(sight)
            told = {"state": _state(sight, now), "at": sight.proven_at, "latency": latency}
            is_other = before.get("state", "unknown") != told["state"] or _differs(before.get("latency"), latency)
            # the time of each sight alone is not worth an event
            phone.proof = told if is_other else {**before, "at": sight.proven_at} if before else {}
        if is_other:
            self._changed.send(room, participant=participant)


def _sight(page: Page, phone: Phone) -> Sight:
    """Return what this phone has seen; a phone that takes another's place begins anew."""
    known = page.sights.get(phone.role)
    if known is None or known.phone != phone.id:
        known = page.sights[phone.role] = Sight(phone.id)
    return known


def _take(page: Page, sight: Sight, codes: Sequence[int], at: float) -> None:
    gap = at - sight.judged_at
    sight.watched += gap if 0.0 <= gap <= UNKNOWN_AFTER else 0.0
    sight.judged_at = at
    sight.forget_before(at - WINDOW)
    # whoever holds up all codes at once holds up the right one too
    is_sheet = len(set(codes)) > MOST_AT_ONCE
    known = [one for code in codes for one in page.showings if one.explains(code, at) and not is_sheet]
    if not known:
        # beside a right one another code is a neighbour's screen
        sight.wrong.extend(at for _ in codes)
    for showing in known:
        if sight.phone not in showing.seen_by:
            showing.seen_by.add(sight.phone)
            sight.right.append(at)
            sight.latencies.append(at - showing.since)
    if known and len(sight.right) >= NEEDED and len(sight.right) > len(sight.wrong):
        sight.watched, sight.proven_at = 0.0, at


def _state(sight: Sight, now: float) -> str:
    if now - sight.judged_at > UNKNOWN_AFTER:
        return "unknown"
    if sight.watched >= LOST_AFTER:
        return "not_seen"
    return "unknown" if sight.proven_at is None else "seen"


def _latency(sight: Sight) -> float | None:
    return round(median(sight.latencies), 3) if len(sight.latencies) >= NEEDED else None


def _differs(one: Any, other: float | None) -> bool:
    if one is None or other is None:
        return one is not other
    return abs(float(one) - other) >= LEAST_STEP

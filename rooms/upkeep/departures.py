"""Whoever is not in a room any more is forgotten by everything that remembers people, however they went."""

from collections.abc import Sequence
from typing import Protocol

from core.clock import Clock
from rooms.live.directory import RoomDirectory
from rooms.setup.states import GONE, RoomState

GRACE_S = 120.0
"""A lost network or a reload in the middle of the system check must not make it begin anew."""


class Remembers(Protocol):
    """What keeps something of a participant in memory."""

    def forget(self, participant: str) -> None:
        """Drop it all."""
        ...


class Departures:
    """Watcher that compares who is there with who was: leaving, removal, the end or deletion of a room look alike.

    `of_visit` remembers what is worth nothing without the student: it is forgotten also of who stays away for GRACE_S.
    """

    def __init__(
        self,
        directory: RoomDirectory,
        clock: Clock,
        of_visit: Sequence[Remembers],
        of_stay: Sequence[Remembers],
    ) -> None:
        self._directory = directory
        self._clock = clock
        self._of_visit = of_visit
        self._everything = (*of_visit, *of_stay)
        self._there: set[str] = set()
        self._gone: set[str] = set()
        self._away: dict[str, float] = {}
        """Since when whoever is offline is, or was forgotten last."""

    def look_around(self) -> None:
        """Forget who went; about every two seconds."""
        now = self._clock.now()
        participants = [
            (participant, participant.state in GONE or room.state == RoomState.ENDED)
            for room in self._directory.rooms()
            for participant in list(room.participants.values())
        ]
        there = {participant.id for participant, is_gone in participants if not is_gone}
        gone = {participant.id for participant, is_gone in participants if is_gone}
        # who was gone before anybody looked counts as well, and who went with a room that is no more
        for participant_id in (self._there - there) | (gone - self._gone):
            self._forget(participant_id, self._everything)
        self._there, self._gone = there, gone
        self._away = {
            participant.id: self._away.get(participant.id, now)
            for participant, is_gone in participants
            if not (is_gone or participant.online)
        }
        for participant_id in [one for one, since in self._away.items() if now - since >= GRACE_S]:
            self._forget(participant_id, self._of_visit)
            self._away[participant_id] = now  # and again: a photo given meanwhile must not stay either

    @staticmethod
    def _forget(participant: str, components: Sequence[Remembers]) -> None:
        for one in components:
            one.forget(participant)

"""Whoever is not in a room any more is forgotten by everything that remembers people, however they went."""

from core.ports import Monitor
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Student
from rooms.setup.states import GONE, RoomState

GRACE_S = 120.0
"""A lost network or a reload in the middle of the system check must not make it begin anew."""


class Departures:
    """Watcher that says who has stayed away for long, and says once more who went; the analysis forgets with it.

    A picture that was under way when somebody went may be analysed afterwards: `settled`, a look later, has what came
    of it dropped too.
    """

    def __init__(self, context: RoomContext, monitor: Monitor) -> None:
        self._directory = context.directory
        self._clock = context.clock
        self._signals = context.signals.students
        self._went: list[tuple[LiveRoom, Student]] = []
        self._away: dict[str, float] = {}
        """Since when whoever is offline is, or was said to be last."""
        for signal in (context.signals.students.left, context.signals.students.removed):
            signal.connect(self._note)
        context.signals.closed.connect(self._note_all)
        context.signals.when_gone(monitor.forget)

    def look_around(self) -> None:
        """Say who went, and who has stayed away; about every two seconds."""
        went, self._went = self._went, []
        for room, participant in went:
            self._signals.settled.send(room, participant=participant)
        now = self._clock.now()
        absent = {participant.id: (room, participant) for room, participant in self._absent()}
        self._away = {participant_id: self._away.get(participant_id, now) for participant_id in absent}
        for participant_id in [one for one, since in self._away.items() if now - since >= GRACE_S]:
            room, participant = absent[participant_id]
            self._signals.away.send(room, participant=participant)
            self._away[participant_id] = now  # and again: a photo given meanwhile must not stay either

    def _absent(self) -> list[tuple[LiveRoom, Student]]:
        return [
            (room, participant)
            for room in self._directory.rooms()
            if room.state != RoomState.ENDED
            for participant in list(room.students.values())
            if participant.state not in GONE and not participant.online
        ]

    def _note(self, room: LiveRoom, participant: Student) -> None:
        self._went.append((room, participant))

    def _note_all(self, room: LiveRoom) -> None:
        self._went.extend((room, participant) for participant in list(room.students.values()))

"""What teachers say of alerts comes back: "this kind was right 7 of 9 times here", and a kind mostly wrong grows quiet.

A kind grows quiet once it was called right or wrong at least LEAST_VERDICTS times and wrong in more than MOST_WRONG of
them. A quiet kind raises notices without a sound and without a word to the student. One click brings it back; from then
on only later verdicts count, so that it does not grow quiet again at once.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from core.errors import ProtocolError
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom, TeacherLink
from rooms.protocol.events import TEACHER
from rooms.protocol.objects import MutedKind
from rooms.protocol.outgoing import Muted
from store.alerts import verdict_counts
from store.rooms import Room

LEAST_VERDICTS = 5
MOST_WRONG = 0.6
RULE = "rule"
"""Who decided, where no teacher did."""

Counts = Mapping[str, tuple[int, int]]


def is_mostly_wrong(right: int, wrong: int) -> bool:
    """Say whether a kind with these verdicts is mostly wrong."""
    return right + wrong >= LEAST_VERDICTS and wrong > MOST_WRONG * (right + wrong)


class AlertMuting:
    """Hears every verdict, decides which kinds are quiet, and keeps that with the room."""

    def __init__(self, context: RoomContext, rules_changed: Callable[[LiveRoom], None], kinds: Collection[str]) -> None:
        self._database = context.database
        self._broadcaster = context.broadcaster
        self._rules_changed = rules_changed
        self._kinds = kinds
        self._event_log = context.event_log
        context.signals.teacher_joined.connect(self.welcome)

    def welcome(self, room: LiveRoom, link: TeacherLink) -> None:
        """Tell a teacher's page what the verdicts amount to so far."""
        self._broadcaster.to_sid(TEACHER, link.sid, "muted", self.view(room))

    def view(self, room: LiveRoom) -> Muted:
        """Return the `muted` event: every kind with verdicts or a decision."""
        return _view(self._counts(room), room.muted)

    def reviewed(self, room: LiveRoom, kind: str) -> None:
        """Weigh the verdicts again after one was given on an alert of this kind."""
        counts = self._counts(room)
        right, wrong = counts.get(kind, (0, 0))
        decided = room.muted.get(kind, {})
        is_quiet = bool(decided.get("quiet"))
        since = right - decided.get("right", 0), wrong - decided.get("wrong", 0)
        if kind in self._kinds and not is_quiet and is_mostly_wrong(*since):
            self._decide(room, kind, True, counts, RULE)
        self._tell(room, counts)

    def mute(self, room: LiveRoom, kind: str, quiet: bool, by: str) -> Muted:
        """Make a kind quiet, or bring it back; return the `muted` event; ProtocolError for a kind that no rule has."""
        if kind not in self._kinds:
            raise ProtocolError("bad_message", "The server did not understand “%(what)s”.", what="kind")
        counts = self._counts(room)
        self._decide(room, kind, quiet, counts, by)
        self._tell(room, counts)
        return _view(counts, room.muted)

    def _decide(self, room: LiveRoom, kind: str, quiet: bool, counts: Counts, by: str) -> None:
        right, wrong = counts.get(kind, (0, 0))
        muted = {**room.muted, kind: {"quiet": quiet, "by": by, "right": right, "wrong": wrong}}
        with self._database.session() as session:
            row = session.get(Room, room.id)
            if row is not None:
                row.muted = muted
        room.muted = muted
        self._event_log.note("muted" if quiet else "unmuted", room=room.code, kind=kind, by=by)
        self._rules_changed(room)

    def _tell(self, room: LiveRoom, counts: Counts) -> None:
        self._broadcaster.to_teachers(room, "muted", _view(counts, room.muted))

    def _counts(self, room: LiveRoom) -> Counts:
        with self._database.read() as session:
            return verdict_counts(session, room.id)


def _view(counts: Counts, muted: Mapping[str, Any]) -> Muted:
    kinds: dict[str, MutedKind] = {}
    for kind in sorted({*counts, *muted}):
        right, wrong = counts.get(kind, (0, 0))
        decided = muted.get(kind, {})
        kinds[kind] = {"right": right, "wrong": wrong, "quiet": bool(decided.get("quiet")), "by": decided.get("by")}
    return {"kinds": kinds}

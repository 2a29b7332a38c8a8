"""Signed checkpoints of the chains, given to everybody in a room: whoever keeps one is a witness."""

from rooms.evidence.ledgers import Ledgers
from rooms.evidence.sealer import Sealer
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.views import milliseconds
from rooms.protocol.outgoing import CheckpointEvent
from store.errors import StoreUnavailable

EVERY_S = 60.0


class Checkpoints:
    """Watcher that signs each chain that has grown, once a minute and when its room ends."""

    def __init__(self, context: RoomContext, ledgers: Ledgers, sealer: Sealer) -> None:
        self._directory = context.directory
        self._broadcaster = context.broadcaster
        self._event_log = context.event_log
        self._clock = context.clock
        self._ledgers = ledgers
        self.sealer = sealer
        self._signed_at: dict[str, float] = {}
        context.signals.closed.connect(self._close)

    def look_around(self) -> None:
        """Sign what is due; about every two seconds."""
        now, rooms = self._clock.now(), {room.id: room for room in self._directory.rooms()}
        self._signed_at = {one: at for one, at in self._signed_at.items() if one in rooms}
        for room in rooms.values():
            # a room that is new here is signed at the first look: its last server may have stopped before it did
            if now - self._signed_at.get(room.id, 0.0) >= EVERY_S:
                self._signed_at[room.id] = now
                self.give_out(room)

    def give_out(self, room: LiveRoom) -> None:
        """Sign the chain of a room if it has grown, and give the checkpoint to students and teachers."""
        try:
            row = self._ledgers.sign(room.id)
        except StoreUnavailable as error:
            self._event_log.warn("checkpoint-missed", room=room.code, why=error.why)
            return
        if row is None:
            return
        told: CheckpointEvent = {
            "size": row.size,
            "note": row.note,
            "key": self._ledgers.signer.verifier.line,
            "at": milliseconds(row.at) or 0,
        }
        self._broadcaster.to_teachers(room, "checkpoint", told)
        self._broadcaster.to_students(room, "checkpoint", told)

    def _close(self, room: LiveRoom) -> None:
        # its students are still connected: the last checkpoint is to cover everything that was kept of them
        self.sealer.seal_room(room)
        self.give_out(room)

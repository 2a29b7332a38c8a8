"""Which connection speaks for a participant: one at a time, for students and phones alike."""

from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Participant


class ParticipantConnections:
    """Keeps the live directory, the Socket.IO rooms and a participant's uplink in step."""

    def __init__(self, context: RoomContext) -> None:
        self._directory = context.directory
        self._broadcaster = context.broadcaster
        self._clock = context.clock
        self._limits = context.limits
        self._signals = context.signals

    def hold(self, room: LiveRoom, participant: Participant, sid: str, origin: str = "") -> bool:
        """Let a connection speak for a participant; say whether it took over from one that was told and closed.

        `origin` is the address at which the browser found us.
        """
        # in this order: whoever takes the place next finds this connection in its rooms, and takes it out
        self._broadcaster.enter(sid, participant.socket_rooms)
        before = self._directory.connect(participant, sid, origin)
        participant.uplink.begin(self._clock.now(), self._limits)
        self._signals.of(participant).connected.send(room, participant=participant)
        if before is not None:
            self._close(participant, before)
        return before is not None

    def release(self, sid: str) -> Participant | None:
        """Let a connection speak for nobody any more; return whom it spoke for, None where another took over."""
        participant = self._directory.disconnect(sid)
        if participant is not None:
            self._broadcaster.leave(sid, participant.socket_rooms)
        return participant

    def drop(self, participant: Participant) -> None:
        """Take a participant out of its room; a connection that speaks for it is told and closed."""
        held = participant.sid
        self._directory.drop(participant)
        if held is not None:
            self._close(participant, held)

    def may_note(self, participant: Participant) -> bool:
        """Say whether one more line about the participant's coming and going may go into the log."""
        budget = participant.uplink.budget
        return budget is None or budget.may_note(self._clock.now())

    def _close(self, participant: Participant, sid: str) -> None:
        namespace = participant.address.namespace
        self._broadcaster.leave(sid, participant.socket_rooms)
        self._broadcaster.to_sid(namespace, sid, "replaced", {})
        self._broadcaster.disconnect(namespace, sid)

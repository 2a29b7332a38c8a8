"""What happens to the people of live rooms, as signals; whoever keeps something of a person subscribes here."""

from collections.abc import Callable

from blinker import Signal

from rooms.live.directory import LiveRoom, Participant


class RoomSignals:
    """The signals of one server; each is sent by a room, with the `participant` or the teacher's `link` it is about.

    Receivers run in the sender's thread, in no particular order.
    """

    def __init__(self) -> None:
        self.joined = Signal("a student's page is connected and is about to be told everything")
        self.disconnected = Signal("the connection of a student ended; the page may come back")
        self.away = Signal("a student has had no connection for longer than a reload takes; sent again and again")
        self.admission_changed = Signal("a student was admitted, waits, was refused, left or was removed")
        self.left = Signal("a student left for good, or a place to which nobody came was given up")
        self.removed = Signal("a teacher removed a student")
        self.closed = Signal("the room ended; its students are still listed in it")
        self.settled = Signal("a student went a moment ago: what was under way then has come in by now")
        self.camera_changed = Signal("the camera of a student was switched on or off, or has a fault")
        self.condition_changed = Signal("a phone or the surroundings of a student changed")
        self.teacher_joined = Signal("a teacher's page has been told the room and waits for the rest")
        self.teacher_left = Signal("a teacher's page is gone")

    def when_gone(self, forget: Callable[[str], object]) -> None:
        """Have `forget` called with the id of every student who is gone for good, also because the room ended."""

        def one(_room: LiveRoom, participant: Participant) -> None:
            forget(participant.id)

        def everybody(room: LiveRoom) -> None:
            for participant in list(room.participants.values()):
                forget(participant.id)

        for signal in (self.left, self.removed, self.settled):
            signal.connect(one, weak=False)
        self.closed.connect(everybody, weak=False)

    def when_absent(self, forget: Callable[[str], object]) -> None:
        """Have `forget` called for whoever is gone for good or stays away for long."""

        def one(_room: LiveRoom, participant: Participant) -> None:
            forget(participant.id)

        self.when_gone(forget)
        self.away.connect(one, weak=False)

"""What happens to the participants of live rooms, as signals; whoever keeps something of one subscribes here."""

from collections.abc import Callable

from blinker import Signal

from rooms.live.directory import LiveRoom
from rooms.live.participant import Participant, Phone, Student


class ParticipantSignals:
    """The signals about participants of one kind; each is sent by a room, with the `participant` it is about."""

    def __init__(self) -> None:
        self.connected = Signal("a connection speaks for the participant from now on; nothing was told to it yet")
        self.joined = Signal("the participant's page is about to be told everything")
        self.disconnected = Signal("the connection ended; the page may come back")
        self.left = Signal("the participant is gone for good: it left, was let go, or nobody ever came to its place")


class StudentSignals(ParticipantSignals):
    """The signals about students."""

    def __init__(self) -> None:
        super().__init__()
        self.away = Signal("a student has had no connection for longer than a reload takes; sent again and again")
        self.admission_changed = Signal("a student was admitted, waits, was refused, left or was removed")
        self.removed = Signal("a teacher removed a student")
        self.settled = Signal("a student went a moment ago: what was under way then has come in by now")
        self.camera_changed = Signal("the camera of a student was switched on or off, or has a fault")
        self.condition_changed = Signal("a phone or the surroundings of a student changed")
        self.close_up_changed = Signal("more pictures of a student are wanted for evidence, or no longer")


class RoomSignals:
    """The signals of one server. Receivers run in the sender's thread, in no particular order."""

    def __init__(self) -> None:
        self.students = StudentSignals()
        self.phones = ParticipantSignals()
        self.closed = Signal("the room ended; its students are still listed in it")
        self.teacher_joined = Signal("a teacher's page has been told the room and waits for the rest")
        self.teacher_left = Signal("a teacher's page is gone")

    def of(self, participant: Participant) -> ParticipantSignals:
        """Return the signals about participants of this one's kind."""
        return self.phones if isinstance(participant, Phone) else self.students

    def when_gone(self, forget: Callable[[str], object]) -> None:
        """Have `forget` called with the id of every student who is gone for good, also because the room ended."""

        def one(_room: LiveRoom, participant: Student) -> None:
            forget(participant.id)

        def everybody(room: LiveRoom) -> None:
            for participant in list(room.students.values()):
                forget(participant.id)

        for signal in (self.students.left, self.students.removed, self.students.settled):
            signal.connect(one, weak=False)
        self.closed.connect(everybody, weak=False)

    def when_absent(self, forget: Callable[[str], object]) -> None:
        """Have `forget` called for whoever is gone for good or stays away for long."""

        def one(_room: LiveRoom, participant: Student) -> None:
            forget(participant.id)

        self.when_gone(forget)
        self.students.away.connect(one, weak=False)

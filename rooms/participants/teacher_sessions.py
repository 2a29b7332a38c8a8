"""Teachers at their live pages: what they watch decides what students send."""

from collections.abc import Sequence

from core.errors import NotAllowed
from core.text_keys import N_
from rooms.alerts.alert_service import AlertService
from rooms.live.capture_plan import plan_participant
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom, TeacherLink
from rooms.live.participant import Participant, Student
from rooms.live.picture_relay import GridRelay
from rooms.live.room_loader import load_room
from rooms.live.views import message_view, participant_view, room_view
from rooms.protocol.events import TEACHER
from rooms.protocol.limits import Budget
from rooms.protocol.objects import TeacherView
from rooms.protocol.outgoing import Capacity, SlowLook, StorageState, TeacherWelcome
from rooms.protocol.socket_rooms import rooms_of_teacher, rooms_of_watching
from rooms.protocol.tickets import Ticket
from rooms.setup.states import RoomState
from store.messages import messages_for_teachers
from store.rooms import teachers_of, teaches
from store.users import User

WELCOME_ALERTS = 200


class TeacherSessions:
    """Takes teachers in and out of live rooms and keeps every student's capture in step with who watches."""

    def __init__(self, context: RoomContext, relay: GridRelay, alert_service: AlertService) -> None:
        self._database = context.database
        self._directory = context.directory
        self._broadcaster = context.broadcaster
        self._relay = relay
        self._alert_service = alert_service
        self._event_log = context.event_log
        self._clock = context.clock
        self._limits = context.limits
        self._signals = context.signals
        context.signals.students.close_up_changed.connect(self.refresh_participant)
        self.overloaded = False
        self.capacity: Capacity | None = None
        """What teachers were told last of how busy the server is."""
        self.notices: list[str] = []
        self.remedies: dict[str, str] = {}
        """Texts about what is not watched for or not available, shown to everybody in every room."""
        self.storage: StorageState = {"ok": True, "text": "", "waiting": 0}
        """Whether all can be kept, as teachers are told (rooms/upkeep/storage_health.py)."""

    def arrive(self, ticket: Ticket, sid: str) -> tuple[LiveRoom, TeacherLink]:
        """Take a teacher's page in; NotAllowed where the account or the place in the room is gone."""
        room = load_room(self._database, self._directory, ticket.room)
        person = self._teacher(ticket)
        if person is None or room is None:
            raise _no_teacher()
        link = TeacherLink(sid, person.id, person.name, room.id, Budget(self._clock.now(), self._limits))
        # in this order: who closes the page from here on finds it in its room, and takes it out
        self._broadcaster.enter(sid, rooms_of_teacher(room.id))
        self._directory.connect_teacher(link)
        # A right that ended between the look and the entry has closed the pages that were there, and not this one.
        if self._teacher(ticket) is None:
            self._directory.disconnect_teacher(sid)
            raise _no_teacher()
        self._relay.open(sid)
        self._event_log.note("teacher-joined", room=room.code, teacher=person.name)
        return room, link

    def welcome(self, room: LiveRoom, link: TeacherLink) -> None:
        """Send a teacher all that the page shows, and tell the others who came."""
        with self._database.read() as session:
            messages = [message_view(m) for m in messages_for_teachers(session, room.id).messages]
        told: TeacherWelcome = {
            "room": room_view(room),
            "teacher": {"id": link.person, "name": link.name},
            "teachers": self._teachers(room),
            "participants": [
                participant_view(room, participant) for participant in list(room.students.values()) if participant.came
            ],
            "alerts": self._alert_service.page(room, None, WELCOME_ALERTS),
            "messages": messages,
            "notices": [_with_remedy(text, self.remedies.get(text)) for text in self.notices],
            "storage": self.storage,
            "server_time": int(self._clock.now() * 1000),
        }
        self._broadcaster.to_sid(TEACHER, link.sid, "welcome", told)
        if self.capacity is not None:
            self._broadcaster.to_sid(TEACHER, link.sid, "capacity", self.capacity)
        self._broadcaster.to_teachers(room, "teachers", {"teachers": told["teachers"]})
        self._signals.teacher_joined.send(room, link=link)

    def leave(self, sid: str) -> None:
        """Let a teacher's page go; students whom nobody watches now send less."""
        link = self._directory.disconnect_teacher(sid)
        self._relay.close(sid)
        if link is None:
            return
        self._broadcaster.leave(
            sid, [*rooms_of_teacher(link.room), *rooms_of_watching(link.watched, link.focus, link.small)]
        )
        room = self._directory.room(link.room)
        if room is not None:
            self._signals.teacher_left.send(room, link=link)
            self._event_log.note("teacher-left", room=room.code, teacher=link.name)
            self._broadcaster.to_teachers(room, "teachers", {"teachers": self._teachers(room)})
            self.refresh(room)
            if room.state == RoomState.ENDED and not room.teachers:
                self._directory.drop_room(room.id)

    def send_away(self, person: int) -> None:
        """Close every live page of a person who logged out, whose account was closed or whose password was changed."""
        for link in self._directory.links_of(person):
            self._close(link)

    def teacher_removed(self, room_id: str, person: int) -> None:
        """Close the pages that a person who teaches there no longer has of a room, and tell the others."""
        for link in self._directory.links_of(person):
            if link.room == room_id:
                self._close(link)
        room = self._directory.room(room_id)
        if room is not None:
            self._broadcaster.to_teachers(room, "teachers", {"teachers": self._teachers(room)})

    def watch(self, link: TeacherLink, participants: list[str], focus: str | None, close: Sequence[str] = ()) -> None:
        """Set who is on a teacher's screen, and who shown larger; ids that are not in the room are left out."""
        room = self._directory.room(link.room)
        if room is None:
            return
        before = rooms_of_watching(link.watched, link.focus, link.small)
        link.close = frozenset(p for p in close if p in room.students)
        link.watched = link.close.union(p for p in participants if p in room.students)
        link.focus = focus if focus in room.students else None
        after = rooms_of_watching(link.watched, link.focus, link.small)
        self._broadcaster.leave(link.sid, before - after)
        self._broadcaster.enter(link.sid, after - before)
        self._relay.keep_only(link.sid, link.watched | {link.focus or ""}, link.focus)
        self.refresh(room)

    def refresh(self, room: LiveRoom) -> None:
        """Tell every student of a room whose share changed what to send from now on."""
        for participant in list(room.students.values()):
            self.refresh_participant(room, participant)

    def begin_participant(self, room: LiveRoom, participant: Participant) -> None:
        """Tell a page that was welcomed just now what to send: the welcome took back what it was told before."""
        participant.capture = None
        self.refresh_participant(room, participant)

    def refresh_participant(self, room: LiveRoom, participant: Participant) -> None:
        """Tell a student and the student's phones, or one phone, what to send, if that changed."""
        self._tell_capture(room, participant)
        if isinstance(participant, Student):
            for phone in room.phones_of(participant).values():
                self._tell_capture(room, phone)

    def set_overloaded(
        self, overloaded: bool, looks_per_second: float, able: bool = True, slow: Sequence[SlowLook] = ()
    ) -> None:
        """Slow the students down, or back to normal, and say so to the teachers; not `able`: nothing is analysed.

        `slow` has sentences about looks that come too seldom; they are told as well whenever they change.
        """
        known = self.overloaded, self.capacity["slow"] if self.capacity else []
        if (overloaded, list(slow)) == known:
            return
        self.overloaded = overloaded
        looks = round(looks_per_second, 2)
        if overloaded != known[0]:
            self._event_log.warn("capacity", overloaded=overloaded, able=able, looks_per_second=looks)
        self.capacity = {
            "overloaded": overloaded,
            "looks_per_second": looks,
            "text": (OVERLOADED if able else NOBODY_LOOKS) if overloaded else RELIEVED,
            "numbers": {"looks": looks},
            "slow": list(slow),
        }
        for room in self._directory.rooms():
            self._broadcaster.to_teachers(room, "capacity", self.capacity)
            self.refresh(room)

    def _tell_capture(self, room: LiveRoom, participant: Participant) -> None:
        plan = plan_participant(room, participant, self.overloaded)
        if participant.online and plan != participant.capture:
            if participant.capture is None or participant.capture.fps == 0:
                participant.uplink.expect_pictures(self._clock.now())
            participant.capture = plan
            self._broadcaster.to_participant(participant, "capture", plan._asdict())

    def _close(self, link: TeacherLink) -> None:
        # out of the directory first: what is under way on this connection is refused before it is closed
        self.leave(link.sid)
        self._broadcaster.disconnect(TEACHER, link.sid)

    def _teacher(self, ticket: Ticket) -> User | None:
        """Return who holds a ticket while the account, its log-in and the place in the room are all still good."""
        with self._database.read() as session:
            person = session.get(User, int(ticket.who))
            if person is None or not person.active or person.session_version != ticket.version:
                return None
            return person if teaches(session, person.id, ticket.room) else None

    def _teachers(self, room: LiveRoom) -> list[TeacherView]:
        online = {link.person for link in list(room.teachers.values())}
        with self._database.read() as session:
            people = [(person.id, person.name) for person in teachers_of(session, room.id)]
        return [{"id": who, "name": name, "online": who in online} for who, name in people]


def _no_teacher() -> NotAllowed:
    return NotAllowed("not_allowed", "You are not a teacher of this room.")


OVERLOADED = N_(
    "The server is at its limit: each student's picture is analysed %(looks).1f times a second. "
    "Pictures come more slowly until there is capacity again."
)
NOBODY_LOOKS = N_("Analysis is starting; pictures are not being checked yet.")
RELIEVED = N_("The server has capacity again: pictures come at their usual rate.")


def _with_remedy(text: str, remedy: str | None) -> str | dict[str, str]:
    return {"text": text, "remedy": remedy} if remedy else text

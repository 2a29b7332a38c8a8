"""The teacher's live page: what is watched, verdicts, admissions, the room's state, chat."""

from collections.abc import Callable
from datetime import UTC, datetime
from math import ceil
from typing import Any

from core.clock import Clock
from core.errors import NotAllowed
from core.event_log import EventLog
from rooms.alerts.alert_service import AlertService
from rooms.alerts.muting import AlertMuting
from rooms.alerts.scores import Scores
from rooms.channels.base import Channel
from rooms.chat.messages import TO_ALL, TO_STUDENT, keep_message, make_message
from rooms.intake.live_listening import Listening
from rooms.intake.sensor_levels import SensorLevels
from rooms.live.broadcaster import Broadcaster
from rooms.live.directory import LiveRoom, RoomDirectory, TeacherLink
from rooms.live.views import history_view, message_view, room_view
from rooms.participants.accommodations import Accommodations
from rooms.participants.admission import Admission
from rooms.participants.room_lifecycle import RoomLifecycle
from rooms.participants.teacher_sessions import TeacherSessions
from rooms.protocol import incoming
from rooms.protocol.events import TEACHER
from rooms.protocol.limits import Budget, Limits, check_chat
from rooms.protocol.text_cleaning import clean_text
from rooms.protocol.tickets import TEACHER as TEACHER_TICKET
from rooms.protocol.tickets import Tickets
from store.messages import Message, messages_for_teachers
from store.session import Database

ALERTS_A_PAGE = 100


class TeacherChannel(Channel):
    """Namespace /teacher."""

    def __init__(
        self,
        tickets: Tickets,
        teacher_sessions: TeacherSessions,
        admission: Admission,
        lifecycle: RoomLifecycle,
        alert_service: AlertService,
        accommodations: Accommodations,
        muting: AlertMuting,
        scores: Scores,
        senses: SensorLevels,
        listening: Listening,
        database: Database,
        directory: RoomDirectory,
        broadcaster: Broadcaster,
        event_log: EventLog,
        clock: Clock,
        limits: Limits,
    ) -> None:
        super().__init__(TEACHER, event_log, clock)
        self._tickets = tickets
        self._teacher_sessions = teacher_sessions
        self._admission = admission
        self._lifecycle = lifecycle
        self._alert_service = alert_service
        self._accommodations = accommodations
        self._muting = muting
        self._scores = scores
        self._senses = senses
        self._listening = listening
        self._database = database
        self._directory = directory
        self._broadcaster = broadcaster
        self._limits = limits

    def arrive(self, sid: str, environ: dict[str, Any], ticket: object) -> Callable[[], None]:
        """Let the holder of a teacher's ticket in."""
        room, link = self._teacher_sessions.arrive(self._tickets.read(ticket, TEACHER_TICKET), sid)
        return lambda: self._begin(room, link)

    def gone(self, sid: str) -> None:
        """Let the page go."""
        self._listening.teacher_gone(sid)
        self._teacher_sessions.leave(sid)

    def budget_of(self, sid: str) -> Budget | None:
        """Return the page's budget."""
        link = self._directory.teacher_of(sid)
        return link.budget if link else None

    def who(self, sid: str) -> dict[str, str]:
        """Return the room's code and the teacher's name."""
        link = self._directory.teacher_of(sid)
        room = self._directory.room(link.room) if link else None
        return {"room": room.code, "teacher": link.name} if link and room else {}

    def do_watch(self, sid: str, payload: incoming.Watch) -> dict[str, Any]:
        """Set who is on screen."""
        self._teacher_sessions.watch(self._link(sid), payload["participants"], payload["focus"])
        return {"ok": True}

    def do_admit(self, sid: str, payload: incoming.Admit) -> dict[str, Any]:
        """Let a waiting student in, or refuse."""
        room, link = self._place(sid)
        self._admission.admit(room, payload["participant"], payload["admit"], link.name)
        return {"ok": True}

    def do_remove(self, sid: str, payload: incoming.OneParticipant) -> dict[str, Any]:
        """Send a student out."""
        room, link = self._place(sid)
        self._admission.remove(room, payload["participant"], link.name)
        held = room.participants[payload["participant"]].sid
        if held is not None:
            self.server.start_background_task(self._broadcaster.disconnect, "/student", held)
        return {"ok": True}

    def do_room(self, sid: str, payload: incoming.RoomState) -> dict[str, Any]:
        """Start, pause, continue or end the room."""
        room, link = self._place(sid)
        return {"ok": True, "room": room_view(self._lifecycle.set_state(room.id, payload["state"], link.name))}

    def do_review(self, sid: str, payload: incoming.Review) -> dict[str, Any]:
        """Keep a verdict on an alert."""
        room, link = self._place(sid)
        person, note = (link.person, link.name), payload.get("note")
        said = None if note is None else clean_text(note)
        view = self._alert_service.review(room, payload["alert"], payload["verdict"], said, person)
        self._muting.reviewed(room, view["kind"])
        return {"ok": True, "alert": view}

    def do_accommodate(self, sid: str, payload: incoming.Accommodate) -> dict[str, Any]:
        """Set what is judged otherwise for a student, or ask what is."""
        room, link = self._place(sid)
        person = (link.person, link.name)
        return {
            "ok": True,
            **self._accommodations.adjust(room, payload["participant"], payload.get("accommodations"), person),
        }

    def do_mute(self, sid: str, payload: incoming.Mute) -> dict[str, Any]:
        """Make a kind of alert quiet, or bring it back."""
        room, link = self._place(sid)
        return {"ok": True, **self._muting.mute(room, payload["kind"], payload["quiet"], link.name)}

    def do_listen(self, sid: str, payload: incoming.Listen) -> dict[str, Any]:
        """Begin or stop to hear a microphone live."""
        room, link = self._place(sid)
        self._listening.listen(room, link, payload["participant"], payload["channel"], payload["on"])
        return {"ok": True}

    def do_history(self, sid: str, payload: incoming.TeacherHistory) -> dict[str, Any]:
        """Give older alerts, or messages a page may have missed."""
        room, _link = self._place(sid)
        before = payload.get("before")
        if payload["what"] == "alerts":
            return {"ok": True, "alerts": self._alert_service.page(room, before, ALERTS_A_PAGE)}
        # ids are whole numbers, moments are not, and both come as `before`
        before_id = None if before is None else ceil(before)
        with self._database.read() as session:
            found = messages_for_teachers(session, room.id, payload.get("after", 0), before=before_id)
        return {"ok": True, **history_view(found)}

    def do_chat(self, sid: str, payload: incoming.TeacherChat) -> dict[str, Any]:
        """Keep a message and send it to whom it is for."""
        room, link = self._place(sid)
        said, to = check_chat(payload, self._limits), payload["to"]
        now = datetime.fromtimestamp(self._clock.now(), UTC)
        sender, addressee = ("teacher", str(link.person), link.name), (to["kind"], to.get("id"))
        draft = make_message(room.id, said.client_id, sender, addressee, said.text, now)
        message, is_new = keep_message(self._database, draft)
        if is_new:
            self._event_log.note("message", room=room.code, sender=link.name, to=to["kind"], length=len(said.text))
            self._send(room, message)
        return {"ok": True, "message": message_view(message)}

    def _begin(self, room: LiveRoom, link: TeacherLink) -> None:
        self._teacher_sessions.welcome(room, link)
        self._scores.welcome(room, link)
        self._senses.welcome(room, link)
        self._muting.welcome(room, link)

    def _send(self, room: LiveRoom, message: Message) -> None:
        view = message_view(message)
        self._broadcaster.to_teachers(room, "chat", view)
        if message.to_kind == TO_ALL:
            self._broadcaster.to_students(room, "chat", view)
        elif message.to_kind == TO_STUDENT:
            self._broadcaster.to_participant(room.participants[str(message.to_id)], "chat", view)

    def _link(self, sid: str) -> TeacherLink:
        link = self._directory.teacher_of(sid)
        if link is None:
            raise NotAllowed("replaced", "This connection no longer holds a place in the room.")
        return link

    def _place(self, sid: str) -> tuple[LiveRoom, TeacherLink]:
        link = self._link(sid)
        room = self._directory.room(link.room)
        if room is None:
            raise NotAllowed("room_ended", "This room has ended.")
        return room, link

"""The teacher's live page: what is watched, verdicts, admissions, the room's state, chat."""

from collections.abc import Callable
from math import ceil
from typing import Any

from core.errors import NotAllowed
from rooms.actions.orders import Wish
from rooms.channels.base import Channel
from rooms.channels.teacher_decisions import TeacherDecisions
from rooms.chat.service import ChatService
from rooms.desk.parts import DeskParts
from rooms.desk.verdicts import Decision
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom, TeacherLink
from rooms.live.views import room_view
from rooms.participants.room_lifecycle import RoomLifecycle
from rooms.participants.teacher_sessions import TeacherSessions
from rooms.protocol import incoming
from rooms.protocol.events import STUDENT, TEACHER
from rooms.protocol.limits import Budget
from rooms.protocol.payload_checks import check_chat
from rooms.protocol.text_cleaning import clean_text
from rooms.protocol.tickets import TEACHER as TEACHER_TICKET
from rooms.protocol.tickets import Tickets


class TeacherChannel(Channel):
    """Namespace /teacher."""

    def __init__(
        self,
        context: RoomContext,
        tickets: Tickets,
        teacher_sessions: TeacherSessions,
        lifecycle: RoomLifecycle,
        decisions: TeacherDecisions,
        desk: DeskParts,
        chat: ChatService,
    ) -> None:
        super().__init__(TEACHER, context)
        self._directory = context.directory
        self._broadcaster = context.broadcaster
        self._limits = context.limits
        self._tickets = tickets
        self._teacher_sessions = teacher_sessions
        self._lifecycle = lifecycle
        self._decisions = decisions
        self._desk, self._alert_review = desk, desk.review
        self._chat = chat

    def arrive(self, sid: str, environ: dict[str, Any], ticket: object) -> Callable[[], None]:
        """Let the holder of a teacher's ticket in."""
        room, link = self._teacher_sessions.arrive(self._tickets.read(ticket, TEACHER_TICKET), sid)
        return lambda: self._teacher_sessions.welcome(room, link)

    def gone(self, sid: str) -> None:
        """Let the page go."""
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
        close = payload.get("close", ())
        self._teacher_sessions.watch(self._link(sid), payload["participants"], payload["focus"], close)
        return {"ok": True}

    def do_admit(self, sid: str, payload: incoming.Admit) -> dict[str, Any]:
        """Let a waiting student in, or refuse."""
        self._decisions.admit(*self._place(sid), payload["participant"], payload["admit"])
        return {"ok": True}

    def do_remove(self, sid: str, payload: incoming.OneParticipant) -> dict[str, Any]:
        """Send a student out."""
        self._hang_up(self._decisions.remove(*self._place(sid), payload["participant"]))
        return {"ok": True}

    def do_room(self, sid: str, payload: incoming.RoomState) -> dict[str, Any]:
        """Start, pause, continue or end the room."""
        room, link = self._place(sid)
        return {"ok": True, "room": room_view(self._lifecycle.set_state(room.id, payload["state"], link.name))}

    def do_review(self, sid: str, payload: incoming.Review) -> dict[str, Any]:
        """Keep a verdict on an alert."""
        note = payload.get("note")
        said = None if note is None else clean_text(note)
        view = self._alert_review.review(*self._place(sid), payload["alert"], payload["verdict"], said)
        return {"ok": True, "alert": view}

    def do_review_incident(self, sid: str, payload: incoming.ReviewIncident) -> dict[str, Any]:
        """Keep a verdict, a note or both on all alerts of an incident."""
        note = payload.get("note")
        decision = Decision(
            verdict=payload.get("verdict"),
            note=None if note is None else clean_text(note),
            seen_until=payload.get("seen_until"),
        )
        views = self._alert_review.review_incident(*self._place(sid), payload["incident"], decision)
        return {"ok": True, "alerts": views}

    def do_claim(self, sid: str, payload: incoming.ClaimIncident) -> dict[str, Any]:
        """Look after an incident, or give it back."""
        take_over = payload.get("take_over", False)
        return {
            "ok": True,
            **self._alert_review.claim(*self._place(sid), payload["incident"], payload["on"], take_over),
        }

    def do_accommodate(self, sid: str, payload: incoming.Accommodate) -> dict[str, Any]:
        """Set what is judged otherwise for a student, or ask what is."""
        wanted = payload.get("accommodations")
        return {"ok": True, **self._decisions.accommodate(*self._place(sid), payload["participant"], wanted)}

    def do_hand(self, sid: str, payload: incoming.AnsweredHand) -> dict[str, Any]:
        """Say that a raised hand was seen, give a break, or lower it."""
        room, link = self._place(sid)
        return {"ok": True, "hand": self._desk.hands.answer(room, payload["participant"], payload["answer"], link.name)}

    def do_act(self, sid: str, payload: incoming.Act) -> dict[str, Any]:
        """Do something about one student or several."""
        wish = Wish(
            verb=payload["verb"],
            client_id=payload["client_id"],
            reason=payload.get("reason") or "",
            note=clean_text(payload.get("note") or ""),
            minutes=payload.get("minutes"),
        )
        return {"ok": True, "actions": self._desk.actions.act(*self._place(sid), payload["participants"], wish)}

    def do_undo(self, sid: str, payload: incoming.Undo) -> dict[str, Any]:
        """Undo an action that was done a moment ago."""
        return {"ok": True, "actions": self._desk.actions.undo(*self._place(sid), payload["action"])}

    def do_decide(self, sid: str, payload: incoming.Decide) -> dict[str, Any]:
        """Confirm the end of a student's exam that another teacher asked for, or refuse it."""
        actions = self._desk.actions.decide(*self._place(sid), payload["action"], payload["agrees"])
        room, _link = self._place(sid)
        for student in [room.students[one["participant"]] for one in actions if payload["agrees"]]:
            self._hang_up(student.sid)
        return {"ok": True, "actions": actions}

    def do_saw(self, sid: str, payload: incoming.Saw) -> dict[str, Any]:
        """Know which incidents the teacher has seen."""
        self._alert_review.saw(*self._place(sid), payload["incidents"], payload["until"])
        return {"ok": True}

    def do_review_incidents(self, sid: str, payload: incoming.ReviewAlike) -> dict[str, Any]:
        """Keep one verdict on several incidents of the same kind that the teacher has seen."""
        note = payload.get("note")
        decision = Decision(verdict=payload["verdict"], note=None if note is None else clean_text(note))
        views = self._alert_review.review_alike(*self._place(sid), payload["incidents"], decision)
        return {"ok": True, "alerts": views}

    def do_solve(self, sid: str, payload: incoming.Solve) -> dict[str, Any]:
        """Say that a problem is solved, or not after all."""
        room, link = self._place(sid)
        problem = self._desk.problems.solve(room, payload["problem"], payload["solved"], link.name)
        return {"ok": True, "problem": problem}

    def do_mute(self, sid: str, payload: incoming.Mute) -> dict[str, Any]:
        """Make a kind of alert quiet, or bring it back."""
        return {"ok": True, **self._alert_review.mute(*self._place(sid), payload["kind"], payload["quiet"])}

    def do_rules(self, sid: str, payload: incoming.OneParticipant) -> dict[str, Any]:
        """Say what applies to a student, and where it comes from."""
        room, link = self._place(sid)
        return {"ok": True, **self._lifecycle.rules_of(room, payload["participant"], link.person)}

    def do_listen(self, sid: str, payload: incoming.Listen) -> dict[str, Any]:
        """Begin or stop to hear a microphone live."""
        self._decisions.listen(*self._place(sid), payload["participant"], payload["channel"], payload["on"])
        return {"ok": True}

    def do_history(self, sid: str, payload: incoming.TeacherHistory) -> dict[str, Any]:
        """Give older alerts, or messages a page may have missed."""
        room, _link = self._place(sid)
        before = payload.get("before")
        if payload["what"] == "alerts":
            return {"ok": True, "alerts": self._alert_review.page(room, before)}
        # ids are whole numbers, moments are not, and both come as `before`
        before_id = None if before is None else ceil(before)
        return {"ok": True, **self._chat.history_of_teachers(room, payload.get("after", 0), before_id)}

    def do_chat(self, sid: str, payload: incoming.TeacherChat) -> dict[str, Any]:
        """Keep a message and send it to whom it is for."""
        room, link = self._place(sid)
        said, to = check_chat(payload, self._limits), payload["to"]
        return {"ok": True, "message": self._chat.from_teacher(room, link, said, (to["kind"], to.get("id")))}

    def _hang_up(self, student: str | None) -> None:
        """Close the connection of a student who was taken out of the room, once the answer is on its way."""
        if student is not None:
            self.server.start_background_task(self._broadcaster.disconnect, STUDENT, student)

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

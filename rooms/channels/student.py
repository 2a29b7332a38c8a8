"""The student's browser: frames, camera and page state, sound, phones to pair, chat."""

from collections.abc import Callable
from functools import partial
from typing import Any

from core.errors import NotAllowed
from rooms.channels.base import PICTURES, Channel, origin_of
from rooms.chat.service import ChatService
from rooms.identity.system_check import SystemCheck
from rooms.intake.intake import Intake
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Student
from rooms.participants.admission import Admission
from rooms.participants.pairing import Pairing
from rooms.protocol import incoming
from rooms.protocol.events import STUDENT
from rooms.protocol.limits import Budget
from rooms.protocol.payload_checks import check_chat
from rooms.protocol.tickets import STUDENT as STUDENT_TICKET
from rooms.protocol.tickets import Tickets
from transport.websocket_seam import close_fast_path, open_fast_path


class StudentChannel(Channel):
    """Namespace /student."""

    def __init__(
        self,
        context: RoomContext,
        tickets: Tickets,
        admission: Admission,
        intake: Intake,
        system_check: SystemCheck,
        pairing: Pairing,
        chat: ChatService,
    ) -> None:
        super().__init__(STUDENT, context)
        self._directory = context.directory
        self._limits = context.limits
        self._tickets = tickets
        self._admission = admission
        self._frame_ingest = intake.frames
        self._readings = intake.readings
        self._reports = intake.reports
        self._desk = intake.desk
        self._system_check = system_check
        self._pairing = pairing
        self._chat = chat

    def arrive(self, sid: str, environ: dict[str, Any], ticket: object) -> Callable[[], None]:
        """Let the holder of a student's ticket take the participant."""
        found = self._tickets.read(ticket, STUDENT_TICKET)
        room, participant = self._admission.arrive(found, sid, origin_of(environ))
        return lambda: self._begin(sid, room, participant)

    def gone(self, sid: str) -> None:
        """Mark the participant offline."""
        for event in PICTURES:
            close_fast_path(self.server, sid, STUDENT, event)
        self._admission.gone(sid)

    def budget_of(self, sid: str) -> Budget | None:
        """Return the participant's budget."""
        participant = self._directory.participant_of(sid)
        return participant.uplink.budget if participant else None

    def who(self, sid: str) -> dict[str, str]:
        """Return the room's code and the student's name."""
        participant = self._directory.participant_of(sid)
        room = self._directory.room(participant.room) if participant else None
        return {"room": room.code, "student": participant.student.name} if participant and room else {}

    def do_frame(self, sid: str, args: tuple[Any, ...]) -> dict[str, Any]:
        """Hand a frame to the relay and to detection."""
        return self._frame_ingest.accept(self._participant(sid), args)

    def do_thumbnail(self, sid: str, args: tuple[Any, ...]) -> dict[str, Any]:
        """Hand a small picture to pages that show many students."""
        return self._frame_ingest.accept_thumbnail(self._participant(sid), args)

    def do_camera(self, sid: str, payload: incoming.Camera) -> dict[str, Any]:
        """Take the camera's state."""
        self._reports.camera(self._participant(sid), payload["state"])
        return {"ok": True}

    def do_page(self, sid: str, payload: incoming.Page) -> dict[str, Any]:
        """Take the page's state."""
        self._reports.page(self._participant(sid), payload["state"])
        return {"ok": True}

    def do_ready(self, sid: str, payload: incoming.Nothing) -> dict[str, Any]:
        """Let the student in or to the waiting room."""
        return {"ok": True, "state": self._admission.ready(self._participant(sid))}

    def do_probe(self, sid: str, payload: incoming.Probe) -> dict[str, Any]:
        """Answer a measurement of the way."""
        now = int(self._clock.now() * 1000)
        return {"ok": True, "sent_at": payload["sent_at"], "server_time": now, "bytes": len(payload.get("padding", ""))}

    def do_history(self, sid: str, payload: incoming.StudentHistory) -> dict[str, Any]:
        """Give the messages a page may have missed."""
        return {
            "ok": True,
            **self._chat.history_of_student(self._participant(sid), payload["after"], payload.get("before")),
        }

    def do_chat(self, sid: str, payload: incoming.StudentChat) -> dict[str, Any]:
        """Keep a message to the teachers and send it on."""
        participant, said = self._participant(sid), check_chat(payload, self._limits)
        return {"ok": True, "message": self._chat.from_student(participant, said)}

    def do_enrol(self, sid: str, payload: incoming.Phase) -> dict[str, Any]:
        """Take pictures for later comparisons, or say whether there are enough."""
        return self._system_check.enrol(self._participant(sid), payload["phase"])

    def do_calibration(self, sid: str, payload: incoming.CalibrationStep) -> dict[str, Any]:
        """Take one step of the measurement of the student's usual position."""
        return self._system_check.calibrate(self._participant(sid), payload["phase"], payload.get("target"))

    def do_arm_calibration(self, sid: str, payload: incoming.Phase) -> dict[str, Any]:
        """Take one step of learning the student's usual movements."""
        return self._system_check.calibrate_arm(self._participant(sid), payload["phase"])

    def do_source(self, sid: str, payload: incoming.Source) -> dict[str, Any]:
        """Take what the browser says of the camera itself."""
        self._reports.source(self._participant(sid), payload)
        return {"ok": True}

    def do_pair(self, sid: str, payload: incoming.PhoneRole) -> dict[str, Any]:
        """Give a link and a code for a phone."""
        return {"ok": True, **self._pairing.invite(self._participant(sid), payload["role"])}

    def do_unpair(self, sid: str, payload: incoming.PhoneRole) -> dict[str, Any]:
        """Let go of a phone."""
        self._pairing.unpair(self._participant(sid), payload["role"])
        return {"ok": True}

    def do_input(self, sid: str, payload: incoming.Input) -> dict[str, Any]:
        """Take that the student typed or used the mouse."""
        self._readings.input(self._participant(sid), payload)
        return {"ok": True}

    def do_microphone(self, sid: str, payload: incoming.Microphone) -> dict[str, Any]:
        """Take the microphone's state."""
        self._readings.microphone(self._participant(sid), payload["state"])
        return {"ok": True}

    def do_sound(self, sid: str, payload: incoming.SoundPiece) -> dict[str, Any]:
        """Take a piece of sound."""
        self._readings.sound(self._participant(sid), payload)
        return {"ok": True}

    def do_level(self, sid: str, payload: incoming.Level) -> dict[str, Any]:
        """Take how loud it is."""
        self._readings.level(self._participant(sid), payload)
        return {"ok": True}

    def do_place(self, sid: str, payload: incoming.Place) -> dict[str, Any]:
        """Take where the student's computer is."""
        self._readings.place(self._participant(sid), payload)
        return {"ok": True}

    def do_hand(self, sid: str, payload: incoming.RaisedHand) -> dict[str, Any]:
        """Raise a hand for a reason; without one lower it, or end a break."""
        student, reason = self._participant(sid), payload["reason"]
        hands = self._desk.hands
        hand = hands.lower_hand(student) if reason is None else hands.raise_hand(student, reason)
        return {"ok": True, "hand": hand}

    def do_took(self, sid: str, payload: incoming.Took) -> dict[str, Any]:
        """Know that actions of teachers were shown, or read."""
        self._desk.actions.took(self._participant(sid), payload["actions"], payload["step"])
        return {"ok": True}

    def do_answer(self, sid: str, payload: incoming.Answer) -> dict[str, Any]:
        """Keep what the student says of an incident."""
        incidents = self._desk.answers.answer(self._participant(sid), payload["incident"], payload["text"])
        return {"ok": True, "incidents": incidents}

    def do_problem(self, sid: str, payload: incoming.Problem) -> dict[str, Any]:
        """Keep that something does not work."""
        problems = self._desk.problems.report(self._participant(sid), payload["category"], payload["text"])
        return {"ok": True, "problems": problems}

    def do_leave(self, sid: str, payload: incoming.Nothing) -> dict[str, Any]:
        """Let the student leave for good."""
        self._admission.leave(self._participant(sid))
        self.server.start_background_task(self.server.disconnect, sid, namespace=STUDENT)
        return {"ok": True}

    def _begin(self, sid: str, room: LiveRoom, participant: Student) -> None:
        # Frames take the fast lane where there is one; whatever does not fit it comes as an ordinary event.
        for event in PICTURES:
            open_fast_path(self.server, sid, STUDENT, event, partial(self._take_picture, sid, event))
        self._admission.welcome(room, participant)

    def _take_picture(self, sid: str, event: str, *args: Any) -> Any:
        return self.answer(sid, event, args)

    def _participant(self, sid: str) -> Student:
        participant = self._directory.participant_of(sid)
        if not isinstance(participant, Student):
            raise NotAllowed("replaced", "This connection no longer holds a place in the room.")
        return participant

"""The student's browser: frames, camera and page state, sound, phones to pair, chat."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from core.clock import Clock
from core.errors import NotAllowed
from rooms.arm_calibration import ArmCalibration
from rooms.attendance import Attendance
from rooms.broadcast import Broadcaster
from rooms.calibration import Calibration
from rooms.channels.base import Channel, origin_of
from rooms.chat import TO_TEACHERS, keep_message, make_message
from rooms.directory import LiveRoom, RoomDirectory, Seat
from rooms.enrolment import Enrolment
from rooms.frame_door import FrameDoor
from rooms.journal import Journal
from rooms.pairing import Pairing
from rooms.policy import Budget, Limits, check_chat
from rooms.protocol import STUDENT
from rooms.reading_door import ReadingDoor
from rooms.tickets import STUDENT as STUDENT_TICKET
from rooms.tickets import Tickets
from rooms.views import history_view, message_view
from rooms.websocket_seam import close_lane, open_lane
from store.messages import messages_for_student
from store.session import Database


class StudentChannel(Channel):
    """Namespace /student."""

    def __init__(
        self,
        tickets: Tickets,
        attendance: Attendance,
        door: FrameDoor,
        enrolment: Enrolment,
        calibration: Calibration,
        arm: ArmCalibration,
        pairing: Pairing,
        readings: ReadingDoor,
        database: Database,
        directory: RoomDirectory,
        broadcaster: Broadcaster,
        journal: Journal,
        clock: Clock,
        limits: Limits,
    ) -> None:
        super().__init__(STUDENT, journal, clock)
        self._tickets = tickets
        self._attendance = attendance
        self._door = door
        self._enrolment = enrolment
        self._calibration = calibration
        self._arm = arm
        self._pairing = pairing
        self._readings = readings
        self._database = database
        self._directory = directory
        self._broadcaster = broadcaster
        self._limits = limits

    def arrive(self, sid: str, environ: dict[str, Any], ticket: object) -> Callable[[], None]:
        """Let the holder of a student's ticket take the seat."""
        room, seat = self._attendance.arrive(self._tickets.read(ticket, STUDENT_TICKET), sid)
        seat.origin = origin_of(environ)
        return lambda: self._begin(sid, room, seat)

    def gone(self, sid: str) -> None:
        """Mark the seat offline."""
        close_lane(self.server, sid, STUDENT, "frame")
        seat = self._directory.seat_of(sid)
        if seat is not None:
            self._calibration.forget(seat.id)
            self._arm.forget(seat.id)
        self._attendance.gone(sid)

    def budget_of(self, sid: str) -> Budget | None:
        """Return the seat's budget."""
        seat = self._directory.seat_of(sid)
        return seat.budget if seat else None

    def who(self, sid: str) -> dict[str, str]:
        """Return the room's code and the student's name."""
        seat = self._directory.seat_of(sid)
        room = self._directory.room(seat.room) if seat else None
        return {"room": room.code, "student": seat.name} if seat and room else {}

    def do_frame(self, sid: str, args: tuple[Any, ...]) -> dict[str, Any]:
        """Hand a frame to the relay and to detection."""
        return self._door.accept(self._seat(sid), args)

    def do_camera(self, sid: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Take the camera's state."""
        self._attendance.camera(self._seat(sid), payload["state"])
        return {"ok": True}

    def do_page(self, sid: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Take the page's state."""
        self._attendance.page(self._seat(sid), payload["state"])
        return {"ok": True}

    def do_ready(self, sid: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Let the student in or to the waiting room."""
        seat = self._seat(sid)
        state = self._attendance.ready(seat)
        self._enrolment.finish(seat)
        return {"ok": True, "state": state}

    def do_probe(self, sid: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Answer a measurement of the way."""
        now = int(self._clock.now() * 1000)
        return {"ok": True, "sent_at": payload["sent_at"], "server_time": now, "bytes": len(payload.get("padding", ""))}

    def do_history(self, sid: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Give the messages a page may have missed."""
        seat = self._seat(sid)
        with self._database.read() as session:
            found = messages_for_student(session, seat.room, seat.id, payload["after"], before=payload.get("before"))
        return {"ok": True, **history_view(found)}

    def do_chat(self, sid: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Keep a message to the teachers and send it on."""
        seat, said = self._seat(sid), check_chat(payload, self._limits)
        now = datetime.fromtimestamp(self._clock.now(), UTC)
        draft = make_message(
            seat.room, said.client_id, ("student", seat.id, seat.name), (TO_TEACHERS, None), said.text, now
        )
        message, is_new = keep_message(self._database, draft)
        view = message_view(message)
        room = self._directory.room(seat.room)
        if is_new and room is not None:
            self._journal.note("message", room=room.code, sender=seat.name, to="teachers", length=len(said.text))
            self._broadcaster.to_teachers(room, "chat", view)
        return {"ok": True, "message": view}

    def do_enrol(self, sid: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Take pictures for later comparisons, or say whether there are enough."""
        seat = self._seat(sid)
        if payload["phase"] == "start":
            self._enrolment.start(seat)
        enrolled, reason = self._enrolment.done(seat)
        return {"ok": True, "enrolled": enrolled, "reason": reason}

    def do_calibration(self, sid: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Take one step of the measurement of the student's usual position."""
        return self._calibration.step(self._seat(sid), payload["phase"], payload.get("target"))

    def do_arm_calibration(self, sid: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Take one step of learning the student's usual movements."""
        return self._arm.step(self._seat(sid), payload["phase"])

    def do_source(self, sid: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Take what the browser says of the camera itself."""
        self._attendance.source(self._seat(sid), payload)
        return {"ok": True}

    def do_pair(self, sid: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Give a link and a code for a phone."""
        return {"ok": True, **self._pairing.invite(self._seat(sid), payload["role"])}

    def do_unpair(self, sid: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Let go of a phone."""
        self._pairing.unpair(self._seat(sid), payload["role"])
        return {"ok": True}

    def do_input(self, sid: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Take that the student typed or used the mouse."""
        self._readings.input(self._seat(sid), payload)
        return {"ok": True}

    def do_microphone(self, sid: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Take the microphone's state."""
        self._readings.microphone(self._seat(sid), payload["state"])
        return {"ok": True}

    def do_sound(self, sid: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Take a piece of sound."""
        self._readings.sound(self._seat(sid), None, payload)
        return {"ok": True}

    def do_level(self, sid: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Take how loud it is."""
        self._readings.level(self._seat(sid), None, payload)
        return {"ok": True}

    def do_place(self, sid: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Take where the student's computer is."""
        self._readings.place(self._seat(sid), None, payload)
        return {"ok": True}

    def do_leave(self, sid: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Let the student leave for good."""
        self._attendance.leave(self._seat(sid))
        self.server.start_background_task(self.server.disconnect, sid, namespace=STUDENT)
        return {"ok": True}

    def _begin(self, sid: str, room: LiveRoom, seat: Seat) -> None:
        # Frames take the fast lane where there is one; whatever does not fit it comes as an ordinary event.
        open_lane(self.server, sid, STUDENT, "frame", lambda *args: self.answer(sid, "frame", args))
        self._enrolment.resume(seat)
        self._arm.resume(seat)
        self._attendance.welcome(room, seat)

    def _seat(self, sid: str) -> Seat:
        seat = self._directory.seat_of(sid)
        if seat is None:
            raise NotAllowed("replaced", "This connection no longer holds a place in the room.")
        return seat

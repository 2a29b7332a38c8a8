"""A student's phone: pictures, movement, sound, and how it is; it sees no chat, no exam and no other student."""

from collections.abc import Callable
from typing import Any

from core.errors import NotAllowed
from rooms.channels.base import Channel
from rooms.intake.intake import Intake
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Phone
from rooms.participants.pairing import Pairing
from rooms.participants.phones import Phones
from rooms.protocol import incoming
from rooms.protocol.events import PHONE
from rooms.protocol.limits import Budget
from rooms.protocol.tickets import PHONE as PHONE_TICKET
from rooms.protocol.tickets import Tickets
from transport.websocket_seam import close_fast_path, open_fast_path


class PhoneChannel(Channel):
    """Namespace /phone."""

    def __init__(
        self, context: RoomContext, tickets: Tickets, phones: Phones, pairing: Pairing, intake: Intake
    ) -> None:
        super().__init__(PHONE, context)
        self._directory = context.directory
        self._tickets = tickets
        self._phones = phones
        self._pairing = pairing
        self._frame_ingest = intake.frames
        self._readings = intake.readings

    def arrive(self, sid: str, environ: dict[str, Any], ticket: object) -> Callable[[], None]:
        """Let the holder of a phone's ticket speak for it."""
        room, phone = self._phones.arrive(self._tickets.read(ticket, PHONE_TICKET), sid)
        return lambda: self._begin(sid, room, phone)

    def gone(self, sid: str) -> None:
        """Mark the phone as lost."""
        close_fast_path(self.server, sid, PHONE, "frame")
        self._phones.gone(sid)

    def budget_of(self, sid: str) -> Budget | None:
        """Return the phone's budget."""
        phone = self._directory.participant_of(sid)
        return phone.uplink.budget if phone else None

    def who(self, sid: str) -> dict[str, str]:
        """Return the room's code, the student's name and the phone's role."""
        phone = self._directory.participant_of(sid)
        room = self._directory.room(phone.room) if phone else None
        return {"room": room.code, "student": phone.student.name, "role": phone.channel} if phone and room else {}

    def do_frame(self, sid: str, args: tuple[Any, ...]) -> dict[str, Any]:
        """Hand a frame to the relay and to detection."""
        return self._frame_ingest.accept(self._phone(sid), args)

    def do_motion(self, sid: str, payload: incoming.MotionBatch) -> dict[str, Any]:
        """Take a batch of movement."""
        self._readings.motion(self._phone(sid), payload)
        return {"ok": True}

    def do_sound(self, sid: str, payload: incoming.SoundPiece) -> dict[str, Any]:
        """Take a piece of sound."""
        self._readings.sound(self._phone(sid), payload)
        return {"ok": True}

    def do_level(self, sid: str, payload: incoming.Level) -> dict[str, Any]:
        """Take how loud it is."""
        self._readings.level(self._phone(sid), payload)
        return {"ok": True}

    def do_light(self, sid: str, payload: incoming.LightLevel) -> dict[str, Any]:
        """Take how bright it is."""
        self._readings.light(self._phone(sid), payload)
        return {"ok": True}

    def do_place(self, sid: str, payload: incoming.Place) -> dict[str, Any]:
        """Take where the phone is."""
        self._readings.place(self._phone(sid), payload)
        return {"ok": True}

    def do_health(self, sid: str, payload: incoming.Health) -> dict[str, Any]:
        """Take how the phone is."""
        self._phones.health(self._phone(sid), payload)
        return {"ok": True}

    def do_probe(self, sid: str, payload: incoming.Probe) -> dict[str, Any]:
        """Answer a measurement of the way."""
        now = int(self._clock.now() * 1000)
        return {"ok": True, "sent_at": payload["sent_at"], "server_time": now, "bytes": len(payload.get("padding", ""))}

    def do_leave(self, sid: str, payload: incoming.Nothing) -> dict[str, Any]:
        """Let the phone go for good; it can be paired again."""
        phone = self._phone(sid)
        # the answer goes out first, so the pairing must not find a connection to close
        self._phones.stand_down(sid)
        self._pairing.unpair(phone.owner, phone.role)
        self.server.start_background_task(self.server.disconnect, sid, namespace=PHONE)
        return {"ok": True}

    def _begin(self, sid: str, room: LiveRoom, phone: Phone) -> None:
        # Frames take the fast lane where there is one; whatever does not fit it comes as an ordinary event.
        open_fast_path(self.server, sid, PHONE, "frame", lambda *args: self.answer(sid, "frame", args))
        self._phones.welcome(room, phone)

    def _phone(self, sid: str) -> Phone:
        phone = self._directory.participant_of(sid)
        if not isinstance(phone, Phone):
            raise NotAllowed("replaced", "This connection no longer holds a place in the room.")
        self._phones.room_of(phone)
        return phone

"""Tickets: signed, expiring proof of who a Socket.IO connection speaks for."""

from dataclasses import dataclass
from traceback import clear_frames

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from core.errors import NotAllowed

STUDENT = "student"
TEACHER = "teacher"
PHONE = "phone"
PAIRING = "pairing"
LIFETIME_S = 12 * 3600
"""A ticket outlives the longest exam; the page fetches a fresh one when it is loaded."""
PAIRING_S = 5 * 60
"""A code that lies on a screen is photographed by neighbours; a walk across the room takes less than this."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who a connection speaks for in one room: a participant (student), a person with an account (teacher) or a phone.

    A pairing ticket opens no connection: `who` is the token of an invitation, and its page takes it once.
    """

    kind: str
    room: str
    who: str
    version: int = 0
    """The account's session version for teachers: older tickets end with a log-out or a changed password."""


class Tickets:
    """Issues and reads tickets for the socket channels."""

    def __init__(self, secret: str, lifetime_s: int = LIFETIME_S) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt="examonitor-ticket")
        self._lifetime_s = lifetime_s

    def issue_student(self, room_id: str, participant_id: str) -> str:
        """Return a ticket for the holder of a participant."""
        return self._issue(STUDENT, room_id, participant_id, 0)

    def issue_teacher(self, room_id: str, user_id: int, session_version: int) -> str:
        """Return a ticket for a teacher of the room."""
        return self._issue(TEACHER, room_id, str(user_id), session_version)

    def issue_phone(self, room_id: str, phone_id: str) -> str:
        """Return a ticket for a phone that was paired."""
        return self._issue(PHONE, room_id, phone_id, 0)

    def issue_pairing(self, token: str) -> str:
        """Return a ticket that pairs one phone, for the link that is scanned; it names nothing else."""
        return self._issue(PAIRING, "", token, 0)

    def read(self, ticket: object, kind: str) -> Ticket:
        """Return what a ticket of this kind says; NotAllowed `ticket_invalid` or `ticket_expired` otherwise."""
        most = PAIRING_S if kind == PAIRING else self._lifetime_s
        try:
            held, room, who, version = self._signer.loads(_text(ticket), max_age=most)
        except SignatureExpired as error:
            clear_frames(error.__traceback__)
            raise NotAllowed("ticket_expired", "This page is too old. Please load it again.") from error
        except (BadSignature, ValueError, TypeError) as error:
            # The library keeps the error in one of its own frames: a circle that would hold the whole connection.
            clear_frames(error.__traceback__)
            raise NotAllowed("ticket_invalid", "This page is no longer valid. Please join again.") from error
        if held != kind:
            raise NotAllowed("ticket_invalid", "This page is no longer valid. Please join again.")
        return Ticket(held, room, who, version)

    def _issue(self, kind: str, room_id: str, who: str, version: int) -> str:
        return str(self._signer.dumps([kind, room_id, who, version]))


def _text(ticket: object) -> str:
    if not isinstance(ticket, str):
        raise BadSignature("a ticket is a text")
    return ticket

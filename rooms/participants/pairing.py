"""How a phone becomes part of a student: a link to scan or a code to type, each good once and for minutes."""

import hashlib
import io
import secrets
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import segno
from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import NotAllowed, UserError
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Student
from rooms.participants.phones import Phones
from rooms.protocol.join_guard import JoinGuard
from rooms.protocol.limits import DEFAULT_LIMITS, Limits
from rooms.protocol.tickets import PAIRING, PAIRING_S, Tickets
from rooms.setup.room_settings import RoomSettings
from rooms.setup.states import GONE, RoomState
from store.phones import PhoneInvitation, PhoneRow, invitation_by_hash, phone_of_role
from store.rooms import ParticipantRow, Room

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without those that are taken for each other: 0 and O, 1 and I."""
CODE_LENGTH = 8
"""Five bits each: 2**40 codes against the guesses that rooms/protocol/limits.py allows."""


class Invited(NamedTuple):
    """What a phone's link or code is for, as far as it may be told before it is used."""

    role: str
    settings: RoomSettings


class Pairing:
    """Invites phones and takes them in; the one owner of the tables of phones and their invitations."""

    def __init__(
        self,
        context: RoomContext,
        phones: Phones,
        tickets: Tickets,
        new_code: Callable[[], str] | None = None,
    ) -> None:
        self._database = context.database
        self._directory = context.directory
        self._phones = phones
        self._tickets = tickets
        self._event_log = context.event_log
        self._clock = context.clock
        self._new_code = new_code or random_code

    def invite(self, participant: Student, role: str) -> dict[str, Any]:
        """Return a link, its QR code and a code to type for a phone of this role; earlier ones are good no more.

        Raises:
            UserError: `not_wanted` where the room does not use such phones, `room_ended`.
        """
        room = self._room(participant)
        if role not in room.settings.roles:
            raise UserError("not_wanted", "This room does not ask for this.")
        token, code, expires_at = (
            secrets.token_urlsafe(24),
            self._new_code(),
            self._now() + timedelta(seconds=PAIRING_S),
        )
        with self._database.session() as session:
            session.merge(
                PhoneInvitation(
                    participant_id=participant.id,
                    role=role,
                    token_hash=hash_secret(token),
                    code_hash=hash_secret(code),
                    expires_at=expires_at,
                )
            )
        self._event_log.note("phone-invited", room=room.code, student=participant.name, role=role)
        link = f"{participant.presence.origin}/phone/join?t={self._tickets.issue_pairing(token)}"
        until = round(expires_at.timestamp() * 1000)
        return {"role": role, "link": link, "svg": qr_picture(link), "code": code, "expires_at": until}

    def look_at(self, ticket: str) -> Invited:
        """Return what a link is for without using it up; UserError `pairing_invalid`."""
        secret = self._secret_of(ticket)
        with self._database.read() as session:
            found, room = self._find(session, secret)
        return Invited(found.role, RoomSettings.from_json(room.settings))

    def join_by_link(self, ticket: str) -> str:
        """Pair the phone that opened a link and return its id; UserError `pairing_invalid`."""
        return self._join(self._secret_of(ticket))

    def join_by_code(self, typed: str) -> str:
        """Pair the phone on which a code was typed and return its id; UserError `pairing_invalid`."""
        code = "".join(typed.upper().replace("-", " ").split())
        if len(code) != CODE_LENGTH:
            raise _invalid()
        return self._join(code)

    def unpair(self, participant: Student, role: str) -> None:
        """Let go of a participant's phone of this role, and of an invitation that waits; nothing to do is no error."""
        with self._database.session() as session:
            for table in (PhoneInvitation, PhoneRow):
                session.execute(delete(table).where(table.participant_id == participant.id, table.role == role))
        room = self._directory.room(participant.room)
        phone = room.phone_of(participant, role) if room else None
        if room is not None and phone is not None:
            self._phones.removed(room, phone)

    def keep_to_settings(self, room: LiveRoom) -> None:
        """Let go of phones of roles that a room does not use any more."""
        for participant in list(room.students.values()):
            for role in [role for role in room.phones_of(participant) if role not in room.settings.roles]:
                self.unpair(participant, role)

    def _join(self, secret: str) -> str:
        with self._database.session() as session:
            found, room = self._find(session, secret)
            _use_up(session, found)
            before = phone_of_role(session, found.participant_id, found.role)
            if before is not None:
                session.delete(before)
                session.flush()
            row = PhoneRow(id=uuid.uuid4().hex, room_id=room.id, participant_id=found.participant_id, role=found.role)
            row.paired_at = self._now()
            session.add(row)
        self._phones.paired(row)
        return row.id

    def _find(self, session: Session, secret: str) -> tuple[PhoneInvitation, Room]:
        found = invitation_by_hash(session, hash_secret(secret))
        if found is None or found.expires_at <= self._now():
            raise _invalid()
        participant = session.get(ParticipantRow, found.participant_id)
        room = session.get(Room, participant.room_id) if participant else None
        if participant is None or room is None or participant.state in GONE or room.state == RoomState.ENDED:
            raise _invalid()
        if found.role not in RoomSettings.from_json(room.settings).roles:
            raise _invalid()
        return found, room

    def _secret_of(self, ticket: str) -> str:
        try:
            return self._tickets.read(ticket, PAIRING).who
        except NotAllowed as error:
            raise _invalid() from error

    def _room(self, participant: Student) -> LiveRoom:
        room = self._directory.room(participant.room)
        if room is None:
            raise UserError("room_ended", "This room has ended.")
        return room

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now(), UTC)


def guard_of_phones(clock: Clock, limits: Limits = DEFAULT_LIMITS) -> JoinGuard:
    """Return the guard of phones' codes, apart from that of rooms and wider: a class mistypes dozens at one address.

    Codes have 40 bits, not 20: two hours of the guesses that are let through, against a thousand codes at a time, find
    one with a chance of 1 in 15,000.
    """
    wider = replace(
        limits,
        failures_per_address=limits.phone_failures_per_address,
        failures_per_minute=limits.phone_failures_per_minute,
    )
    return JoinGuard(clock, wider)


def random_code() -> str:
    """Return a code that nobody can foresee and everybody can read out."""
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))


def hash_secret(secret: str) -> str:
    """Return the SHA-256 in hex of a link's token or a code: random and short-lived, they need no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def qr_picture(link: str) -> str:
    """Return a link as a QR code, an SVG document, black on white with the quiet zone that scanners need."""
    made = io.BytesIO()
    plain = {"xmldecl": False, "svgclass": None, "lineclass": None, "omitsize": True}
    segno.make(link, micro=False, error="m").save(made, kind="svg", border=4, dark="#000", light="#fff", **plain)
    return made.getvalue().decode()


def _use_up(session: Session, found: PhoneInvitation) -> None:
    """Delete an invitation; of two phones that come at once only one gets in."""
    mine = delete(PhoneInvitation).where(PhoneInvitation.token_hash == found.token_hash)
    done = session.execute(mine.execution_options(synchronize_session=False))
    if done.rowcount != 1:  # type: ignore[attr-defined]  # CursorResult
        raise _invalid()


def _invalid() -> UserError:
    return UserError(
        "pairing_invalid",
        "This code has already been used, is older than five minutes, or does not exist."
        " Please show a new one on the computer.",
    )

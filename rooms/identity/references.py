"""What students are compared with: sealed in the database, opened here alone, and sent to no browser."""

import math
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from core.errors import UserError
from rooms.identity.field_cipher import FieldCipher
from rooms.identity.photo_names import keys_of
from rooms.live.participant import Student
from store.faces import FaceReference, ReferencePhoto, photo_of
from store.session import Database

ALIKE_UNTIL = 0.5  # distance of two pictures of one person: a stricter limit than for a match later

Face = list[float]
NONE, CHECK, PHOTO = "none", "check", "photo"


class Reference(NamedTuple):
    """The faces a student is compared with, and where they come from: `none`, `check` (system check) or `photo`."""

    source: str
    faces: list[Face]


class References:
    """Keeps and finds the numbers of faces."""

    def __init__(self, database: Database, cipher: FieldCipher) -> None:
        self._database = database
        self._cipher = cipher

    def of(self, participant: Student) -> Reference:
        """Return what a student is compared with; a photo outweighs pictures of the check that are unlike it."""
        photo, taken = self._sealed(participant)
        shown = self._cipher.open(photo) if photo else []
        own = self._cipher.open(taken) if taken else []
        if shown:
            return Reference(PHOTO, [*shown, *(face for face in own if math.dist(face, shown[0]) <= ALIKE_UNTIL)])
        return Reference(CHECK if own else NONE, own)

    def keep_taken(self, participant: Student, faces: Sequence[Face], now: datetime) -> None:
        """Keep the pictures of the system check."""
        with self._database.session() as session:
            session.merge(FaceReference(participant_id=participant.id, sealed=self._cipher.seal(faces), taken_at=now))

    def keep_photo(self, room_id: str, key: str, name: str, face: Face, person: int, now: datetime) -> None:
        """Keep the face of a photo in place of the one that was given before."""
        values = {"name": name, "sealed": self._cipher.seal([face]), "given_by": person, "given_at": now}
        with self._database.session() as session:
            row = photo_of(session, room_id, [key])
            if row is None:
                row = ReferencePhoto(id=uuid.uuid4().hex, room_id=room_id, key=key)
                session.add(row)
            for field, value in values.items():
                setattr(row, field, value)

    def drop_photo(self, room_id: str, photo_id: str) -> tuple[str, str]:
        """Forget a photo and return its key and name; UserError `unknown_photo`."""
        with self._database.session() as session:
            row = session.get(ReferencePhoto, photo_id)
            if row is None or row.room_id != room_id:
                raise UserError("unknown_photo", "This photo is no longer kept.")
            session.delete(row)
            return row.key, row.name

    def _sealed(self, participant: Student) -> tuple[bytes | None, bytes | None]:
        with self._database.read() as session:
            own, named = (photo_of(session, participant.room, [key]) for key in keys_of(participant))
            photo, taken = own or named, session.get(FaceReference, participant.id)
            return photo.sealed if photo else None, taken.sealed if taken else None

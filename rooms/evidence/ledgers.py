"""The chains of all rooms in the database: what evidence/ledger.py is in memory, kept entry by entry."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from evidence.canonical import canonical
from evidence.chain import SALT_BYTES, Entry, commitment, link
from evidence.ledger import Ledger, Record
from evidence.notes import Checkpoint, Signer
from rooms.live.context import RoomContext
from store.evidence import (
    ChainRow,
    CheckpointRow,
    RecordRow,
    chain_of,
    checkpoint_size,
    checkpoints_of,
    drop_records,
    last_entry,
    records_of_chain,
)
from store.rooms import Room


class Ledgers:
    """Adds to the chain of any room and reads it; an entry is kept as a whole or not at all."""

    def __init__(self, context: RoomContext, signer: Signer) -> None:
        self._database = context.database
        self._clock = context.clock
        self.signer = signer

    def origin(self, room_id: str) -> str:
        """Return what names the chain of a room: the key's first name is the server's."""
        return f"{self.signer.verifier.name.partition('/')[0]}/rooms/{room_id}"

    def add(self, room_id: str, kind: str, facts: Mapping[str, object], participant: str | None = None) -> Entry:
        """Commit to facts, of a participant or of nobody; StoreUnavailable where they cannot be kept."""
        payload = canonical({**facts, "format": f"examonitor-{kind}/1"})
        with self._database.session() as session:
            return self.append(session, room_id, kind, payload, participant)

    def append(
        self, session: Session, room_id: str, kind: str, payload: bytes, participant: str | None = None
    ) -> Entry:
        """Commit to a payload together with whatever else the session writes."""
        session.get(Room, room_id, with_for_update=True)  # one writer a chain, where the database has several
        before = last_entry(session, room_id)
        salt = os.urandom(SALT_BYTES)
        last = _entry(before) if before else None
        entry = link(self.origin(room_id), last, kind, commitment(salt, payload))
        _keep(session, room_id, entry)
        record = RecordRow(
            room_id=room_id, position=entry.index, participant_id=participant, salt=salt, payload=payload
        )
        session.add(record)
        return entry

    def load(self, room_id: str) -> Ledger:
        """Return the whole chain of a room with the records that are still there."""
        with self._database.read() as session:
            return self._loaded(session, room_id)

    def erase(self, session: Session, room_id: str, participant: str, facts: Mapping[str, object]) -> Entry:
        """Erase all records of a participant for good and add the entry that says so."""
        session.get(Room, room_id, with_for_update=True)
        positions = [row.position for row in records_of_chain(session, room_id, participant)]
        ledger = self._loaded(session, room_id)
        entry = ledger.erase(positions, facts, os.urandom(SALT_BYTES))
        drop_records(session, room_id, positions)
        _keep(session, room_id, entry)
        record = ledger.records[entry.index]
        session.add(RecordRow(room_id=room_id, position=entry.index, salt=record.salt, payload=record.payload))
        return entry

    def sign(self, room_id: str) -> CheckpointRow | None:
        """Sign what a chain has come to and keep that; None where it has not grown since the last time."""
        with self._database.read() as session:
            last, known = last_entry(session, room_id), checkpoint_size(session, room_id)
        if last is None or last.position + 1 == known:
            return None
        text = Checkpoint(self.origin(room_id), last.position + 1, last.hash).text
        at = datetime.fromtimestamp(self._clock.now(), UTC)
        row = CheckpointRow(room_id=room_id, size=last.position + 1, note=self.signer.note(text), at=at)
        with self._database.session() as session:
            session.merge(row)
        return row

    def notes(self, room_id: str) -> dict[int, str]:
        """Return the checkpoints of a room that were given out, by the number of entries."""
        with self._database.read() as session:
            return {row.size: row.note for row in checkpoints_of(session, room_id)}

    def _loaded(self, session: Session, room_id: str) -> Ledger:
        entries = [_entry(row) for row in chain_of(session, room_id)]
        records = {row.position: Record(row.salt, row.payload) for row in records_of_chain(session, room_id)}
        return Ledger(self.origin(room_id), entries, records)


def _keep(session: Session, room_id: str, entry: Entry) -> None:
    row = ChainRow(room_id=room_id, position=entry.index, kind=entry.kind, commitment=entry.commitment, hash=entry.hash)
    session.add(row)


def _entry(row: ChainRow) -> Entry:
    return Entry(row.position, row.kind, row.commitment, row.hash)

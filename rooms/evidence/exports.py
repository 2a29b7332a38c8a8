"""What a teacher or a student takes away: the evidence of a room or of one student in a ZIP that anybody verifies."""

from collections.abc import Iterator
from pathlib import Path

import evidence
from evidence import layout
from evidence.chain import CAPSULE
from evidence.export import Export
from evidence.sealing import Erased
from evidence.stored_zip import stored
from rooms.evidence.journal import Journal
from rooms.evidence.ledgers import Ledgers
from rooms.evidence.vault import ENDING, Vault
from rooms.live.context import RoomContext
from store.evidence import SEALED, CapsuleRow, capsules_of, records_of_chain
from store.rooms import Room

WHAT = "export"


class Exports:
    """Makes exports, piece by piece: one capsule is in memory at a time."""

    def __init__(self, context: RoomContext, vault: Vault, ledgers: Ledgers, journal: Journal) -> None:
        self._database = context.database
        self._vault = vault
        self._ledgers = ledgers
        self._journal = journal
        self._page = Path(evidence.__path__[0], layout.PAGE).read_bytes()

    def for_teacher(self, room: Room, participant: str | None, by: str) -> Iterator[bytes]:
        """Return the ZIP of a room or of one student; who took it is in it, as it is a look at all that is shown."""
        looked_at: dict[str, list[str]] = {}
        for row in self._readable(room.id, participant):
            looked_at.setdefault(row.participant_id, []).append(row.alert_id)
        for student, alerts in looked_at.items():
            self._journal.viewed(room, student, alerts, WHAT, by)
        return self._pieces(room.id, participant)

    def for_student(self, room_id: str, participant: str) -> Iterator[bytes]:
        """Return the ZIP of one student: the same file as a teacher's of that student."""
        return self._pieces(room_id, participant)

    def _pieces(self, room_id: str, participant: str | None) -> Iterator[bytes]:
        capsules = {row.chain_index: row for row in self._readable(room_id, participant)}
        with self._database.read() as session:
            own = {row.position for row in records_of_chain(session, room_id, participant)}
        ledger = self._ledgers.load(room_id)
        shown = [one for one in ledger.entries if one.index in own and (one.kind != CAPSULE or one.index in capsules)]
        made = Export(ledger, self._ledgers.signer, self._ledgers.notes(room_id), self._page)
        return stored(made.files([one.index for one in shown], lambda index: self._opened(capsules[index])))

    def _readable(self, room_id: str, participant: str | None) -> list[CapsuleRow]:
        """List the capsules whose file and key are there."""
        with self._database.read() as session:
            rows = [row for row in capsules_of(session, room_id, participant) if row.state == SEALED]
        names = set(self._vault.folder.names(room_id))
        keyed = {one: self._has_key(room_id, one) for one in {row.participant_id for row in rows}}
        return [row for row in rows if row.alert_id + ENDING in names and keyed[row.participant_id]]

    def _has_key(self, room_id: str, participant: str) -> bool:
        try:
            return bool(self._vault.keys_of(room_id, participant))
        except Erased:
            return False

    def _opened(self, row: CapsuleRow) -> bytes:
        return self._vault.read(row.room_id, row.participant_id, row.alert_id)

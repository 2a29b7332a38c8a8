"""The sealed keys of participants as rows, in the form that evidence/sealing.py asks for."""

from collections.abc import Iterator, MutableMapping

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from store.evidence import DataKeyRow
from store.session import Database


class KeptKeys(MutableMapping[str, bytes]):
    """Sealed keys by `room/participant`; StoreUnavailable where the database cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __getitem__(self, owner: str) -> bytes:
        """Return a sealed key; KeyError where there is none, or none any more."""
        with self._database.read() as session:
            row = session.get(DataKeyRow, owner)
        if row is None:
            raise KeyError(owner)
        return row.sealed

    def __setitem__(self, owner: str, sealed: bytes) -> None:
        """Keep a key, in the place of an earlier one."""
        with self._database.session() as session:
            session.merge(_row(owner, sealed))

    def __delitem__(self, owner: str) -> None:
        """Erase a key for good."""
        with self._database.session() as session:
            row = session.get(DataKeyRow, owner)
            if row is None:
                raise KeyError(owner)
            session.delete(row)

    def __iter__(self) -> Iterator[str]:
        """List whose keys there are."""
        with self._database.read() as session:
            return iter(list(session.scalars(select(DataKeyRow.owner))))

    def __len__(self) -> int:
        """Count the keys."""
        with self._database.read() as session:
            return int(session.scalar(select(func.count()).select_from(DataKeyRow)) or 0)

    def setdefault(self, owner: str, default: bytes = b"") -> bytes:
        """Keep a key unless there is one, and return the one that is there."""
        try:
            with self._database.session() as session:
                session.add(_row(owner, default))
        except IntegrityError:
            # of two that make one at once, the first remains; or the room is gone
            if (first := self.get(owner)) is None:
                raise
            return first
        return default


def _row(owner: str, sealed: bytes) -> DataKeyRow:
    return DataKeyRow(owner=owner, room_id=owner.partition("/")[0], sealed=sealed)

"""What a room keeps beside its chain: salt and payload of each entry until they are erased."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from evidence.canonical import canonical
from evidence.chain import ERASURE, ORIGIN, Entry, commitment, link, root
from evidence.notes import Checkpoint

ERASURE_FORMAT = "examonitor-erasure/1"


@dataclass(frozen=True, slots=True)
class Record:
    """The erasable half of an entry; its payload is the manifest of a capsule, or other canonical JSON."""

    salt: bytes
    payload: bytes


@dataclass(slots=True)
class Ledger:
    """The chain of one room with the records that are still there; `origin` names server and room."""

    origin: str
    entries: list[Entry] = field(default_factory=list)
    records: dict[int, Record] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not ORIGIN.fullmatch(self.origin):
            raise ValueError(f"{self.origin!r} cannot name a chain")

    def add(self, kind: str, payload: bytes, salt: bytes) -> Entry:
        """Commit to something that happened; `salt` has 32 random bytes that nothing else was salted with."""
        entry = link(self.origin, self.entries[-1] if self.entries else None, kind, commitment(salt, payload))
        self.entries.append(entry)
        self.records[entry.index] = Record(salt, payload)
        return entry

    def erase(self, indices: Collection[int], facts: Mapping[str, object], salt: bytes) -> Entry:
        """Erase records for good, and add an entry that says which, with facts like the reason and the time.

        Raises:
            ValueError: one of them is not there, or is an erasure itself.
        """
        if any(index not in self.records or self.entries[index].kind == ERASURE for index in indices):
            raise ValueError("only what is there can be erased, and no erasure")
        payload = canonical({**facts, "format": ERASURE_FORMAT, "erased": sorted(indices)})
        for index in indices:
            del self.records[index]
        return self.add(ERASURE, payload, salt)

    def checkpoint(self) -> Checkpoint:
        """Return what a signature of the chain as it is now covers."""
        return Checkpoint(self.origin, len(self.entries), root(self.origin, self.entries))

"""Small exports of a room for tests: three capsules, one of which was erased, and a decision."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache

from evidence import layout
from evidence.canonical import canonical
from evidence.capsule import capsule
from evidence.chain import CAPSULE
from evidence.export import Export
from evidence.frame_ring import Window
from evidence.ledger import Ledger
from evidence.manifest import manifest
from evidence.notes import Checkpoint, Signer
from evidence.stored_zip import packed, unpacked
from tests.evidence.samples.capsules import a_window, an_alert, circumstances

ORIGIN = "exam.example/room/r1"
SIGNER = Signer("exam.example/evidence", bytes(range(32)))
PAGE = b"<!doctype html><title>Verify</title>"


@dataclass
class Exam:
    """A room with its chain, the capsules that are still there and the checkpoints that were given out."""

    ledger: Ledger = field(default_factory=lambda: Ledger(ORIGIN))
    capsules: dict[int, bytes] = field(default_factory=dict)
    checkpoints: dict[int, str] = field(default_factory=dict)
    salted: int = 0

    def salt(self) -> bytes:
        """A salt that was not used yet."""
        self.salted += 1
        return self.salted.to_bytes(32, "big")

    def alert(self, who: str = "anna", pictures: int = 2) -> int:
        """Keep a capsule of an alert, and return its entry."""
        return self.keep(a_window(pictures, 30, who), who)

    def keep(self, window: Window, who: str = "anna") -> int:
        """Keep a capsule of an alert with the pictures of a window, and return its entry."""
        number = len(self.ledger.entries)
        said = manifest(an_alert(number, who), window, circumstances())
        self.capsules[number] = capsule(said, window)
        return self.ledger.add(CAPSULE, said, self.salt()).index

    def decide(self, **facts: str) -> int:
        """Keep a decision, and return its entry."""
        return self.ledger.add("decision", canonical(facts), self.salt()).index

    def erase(self, *entries: int) -> int:
        """Erase what entries speak of, and return the entry that says so."""
        for entry in entries:
            self.capsules.pop(entry, None)
        return self.ledger.erase(entries, {"reason": "asked for", "at_ms": 1_700_000_100_000}, self.salt()).index

    def sign(self) -> str:
        """Give out a checkpoint."""
        note = SIGNER.note(self.ledger.checkpoint().text)
        self.checkpoints[len(self.ledger.entries)] = note
        return note

    def export(self, shown: Collection[int] = range(1000), signer: Signer = SIGNER) -> bytes:
        """The ZIP of an export."""
        checkpoints = self.checkpoints if signer is SIGNER else {}
        made = Export(self.ledger, signer, checkpoints, PAGE)
        return packed(made.files(shown, self.capsules.__getitem__))


def an_exam() -> Exam:
    """Capsules 0 (Anna), 1 (Ben) and 2 (Anna), decision 3, erasure 4 of entry 1; signed after 2 entries."""
    exam = Exam()
    exam.alert("anna")
    exam.alert("ben")
    exam.sign()
    exam.alert("anna", pictures=1)
    exam.decide(verdict="right", about="a0")
    exam.erase(1)
    return exam


@cache
def small_export() -> bytes:
    """The whole export of `an_exam`."""
    return an_exam().export()


def signed_again(files: Mapping[str, bytes], signer: Signer = SIGNER) -> bytes:
    """The ZIP of files with a list of contents that the server's own key signed, right as it is."""
    others = {name: data for name, data in files.items() if name not in (layout.CONTENTS, layout.CONTENTS_NOTE)}
    listed = layout.contents_json({name: layout.sha256(data) for name, data in others.items()})
    text = Checkpoint(layout.contents_origin(ORIGIN), len(others), bytes.fromhex(layout.sha256(listed))).text
    note = signer.note(text).encode()
    return packed([*others.items(), (layout.CONTENTS, listed), (layout.CONTENTS_NOTE, note)])


def with_file(name: str, data: bytes | None) -> dict[str, bytes]:
    """The files of `small_export` with another file, or without it."""
    files = {**unpacked(small_export()), name: data}
    return {one: kept for one, kept in sorted(files.items()) if kept is not None}

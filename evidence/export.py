"""Makes exports: what a teacher or a student takes away, in one ZIP that anybody can verify without this server."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping

from evidence import layout
from evidence.chain import CAPSULE, ERASURE
from evidence.ledger import Ledger
from evidence.notes import Checkpoint, Signer

Files = Iterator[tuple[str, bytes]]
ReadCapsule = Callable[[int], bytes]
"""Returns the capsule of an entry, opened."""


class Export:
    """Makes exports of one room; `checkpoints` are notes that were given out, by the number of entries they cover."""

    def __init__(self, ledger: Ledger, signer: Signer, checkpoints: Mapping[int, str], page: bytes) -> None:
        self._ledger = ledger
        self._signer = signer
        self._checkpoints = {**checkpoints, len(ledger.entries): signer.note(ledger.checkpoint().text)}
        self._page = page

    def files(self, shown: Collection[int], read_capsule: ReadCapsule) -> Files:
        """Give the files of an export that shows some entries, one capsule in memory at a time.

        Erasures are always shown, as they say which entries nobody can show. `stored` makes the ZIP of the files.
        """
        hashes: dict[str, str] = {}
        for name, data in self._told(shown, read_capsule):
            hashes[name] = layout.sha256(data)
            yield name, data
        contents = layout.contents_json(hashes)
        yield layout.CONTENTS, contents
        origin = layout.contents_origin(self._ledger.origin)
        signed = Checkpoint(origin, len(hashes), hashlib.sha256(contents).digest())
        yield layout.CONTENTS_NOTE, self._signer.note(signed.text).encode()

    def _told(self, shown: Collection[int], read_capsule: ReadCapsule) -> Files:
        entries, records = self._ledger.entries, self._ledger.records
        told = [one for one in entries if one.index in records and (one.index in shown or one.kind == ERASURE)]
        salts = {one.index: records[one.index].salt for one in told}
        small = {
            layout.PAGE: self._page,
            layout.KEY: f"{self._signer.verifier.line}\n".encode(),
            layout.KEY_PEM: self._signer.verifier.pem,
            layout.CHAIN: layout.chain_json(self._ledger.origin, entries, salts),
            **{layout.checkpoint_name(size): note.encode() for size, note in self._checkpoints.items()},
            **{layout.payload_name(one): records[one.index].payload for one in told if one.kind != CAPSULE},
        }
        capsules = {layout.payload_name(one): one.index for one in told if one.kind == CAPSULE}
        for name in sorted(small.keys() | capsules.keys()):
            yield name, small[name] if name in small else read_capsule(capsules[name])

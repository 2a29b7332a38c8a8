"""The chain of a room: each entry commits to something that happened, and to all entries before it.

An entry holds SHA-256(salt || payload) and not the payload. Salt and payload can be erased, then nobody can find out
or guess what the payload was, and the chain is as valid as before. The standard library alone, for verifiers.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

SALT_BYTES = 32
KIND = re.compile(r"[a-z][a-z_]{0,30}")
ORIGIN = re.compile(r"[a-z0-9.-]{1,100}(/[A-Za-z0-9_-]{1,100}){1,5}")
"""What names a chain: the server, and a path to the room."""
ERASURE = "erasure"
CAPSULE = "capsule"


class BrokenChain(ValueError):
    """Something was changed, left out or put in."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One link: what kind of thing happened, the commitment to it, and the hash of everything up to here."""

    index: int
    kind: str
    commitment: bytes
    hash: bytes


def commitment(salt: bytes, payload: bytes) -> bytes:
    """Return what stands in the chain for a payload; the salt has SALT_BYTES random bytes of its own."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    return hashlib.sha256(salt + payload).digest()


def root(origin: str, entries: Sequence[Entry]) -> bytes:
    """Return the hash of a whole chain; an empty one has the hash of its origin."""
    return entries[-1].hash if entries else hashlib.sha256(f"examonitor chain 1\n{origin}\n".encode()).digest()


def link(origin: str, last: Entry | None, kind: str, committed: bytes) -> Entry:
    """Return the entry that follows `last`, or the first; ValueError for a kind that is no plain word."""
    if not KIND.fullmatch(kind):
        raise ValueError(f"{kind!r} cannot be a kind of entry")
    index, previous = (last.index + 1, last.hash) if last else (0, root(origin, []))
    text = f"examonitor entry 1\n{index}\n{kind}\n{committed.hex()}\n{previous.hex()}\n"
    return Entry(index, kind, committed, hashlib.sha256(text.encode()).digest())


def check(origin: str, entries: Sequence[Entry]) -> None:
    """Raise BrokenChain where an entry does not follow from those before it."""
    last = None
    for entry in entries:
        if not KIND.fullmatch(entry.kind) or entry != link(origin, last, entry.kind, entry.commitment):
            raise BrokenChain(f"entry {entry.index} does not follow from those before it")
        last = entry


def check_root(origin: str, entries: Sequence[Entry], size: int, claimed: bytes) -> None:
    """Raise BrokenChain where the chain was not what somebody saw when it had `size` entries."""
    if size > len(entries):
        raise BrokenChain(f"there were {size} entries, and {len(entries)} are left")
    if root(origin, entries[:size]) != claimed:
        raise BrokenChain(f"the first {size} entries are not those that were signed")

"""Verifies an export without a network and without this server: `python -m evidence.verify export.zip`.

Needs the standard library and `cryptography` alone. It refuses an export in which any byte is not as it was signed. It
cannot tell whose key signed: compare the line of the key with the one that the school published (`--key`), and give it
checkpoints that were kept elsewhere (`--witness`).
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence import layout
from evidence.chain import CAPSULE, ERASURE, ORIGIN, BrokenChain, Entry, check, check_root, commitment
from evidence.notes import BadNote, Checkpoint, Verifier
from evidence.stored_zip import NotStored, unpacked

Files = Mapping[str, bytes]
ALWAYS = {layout.PAGE, layout.KEY, layout.KEY_PEM, layout.CHAIN, layout.CONTENTS, layout.CONTENTS_NOTE}
FORMLESS = "a file of the export does not have the form that it should have"


class Refused(Exception):
    """The export is not what was signed; the text says what is wrong, for people."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What an export shows that is as it was signed; entries by their index."""

    origin: str
    key: str
    entries: int
    shown: tuple[int, ...]
    erased: tuple[int, ...]
    withheld: tuple[int, ...]
    pictures: int
    checkpoints: int


@dataclass(frozen=True, slots=True)
class Chain:
    """The chain that an export tells, with the salts of those entries whose payloads are shown."""

    origin: str
    entries: tuple[Entry, ...]
    salts: Mapping[int, bytes]


def verify(data: bytes, key: str | None = None, witnessed: Sequence[str] = ()) -> Findings:
    """Return what an export shows; `key` is the line of the key that must have signed, `witnessed` kept checkpoints.

    Raises:
        Refused: something is not as it was signed.
    """
    try:
        return _verified(data, key, witnessed)
    except (NotStored, BadNote, BrokenChain) as error:
        raise Refused(str(error)) from error
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Refused(FORMLESS) from error


def _verified(data: bytes, key: str | None, witnessed: Sequence[str]) -> Findings:
    files = unpacked(data)
    missing = ALWAYS - files.keys()
    if missing:
        raise Refused(f"{sorted(missing)[0]} is missing")
    verifier = _verifier(files, key)
    chain = _chain(files[layout.CHAIN])
    _check_contents(files, verifier, chain.origin)
    check(chain.origin, chain.entries)
    signed = {name: _signed(files[name].decode(), verifier, chain) for name in files if name.startswith("checkpoints/")}
    for note in witnessed:
        _signed(note, verifier, chain)
    payloads = {index: _payload(files, chain, index) for index in chain.salts}
    erased = _erased(chain, payloads)
    _check_nothing_else(files, chain, signed)
    return Findings(
        origin=chain.origin,
        key=verifier.line,
        entries=len(chain.entries),
        shown=tuple(sorted(chain.salts)),
        erased=tuple(sorted(erased)),
        withheld=tuple(one.index for one in chain.entries if one.index not in chain.salts.keys() | erased),
        pictures=sum(len(json.loads(payloads[n])["pictures"]) for n in payloads if chain.entries[n].kind == CAPSULE),
        checkpoints=len(signed),
    )


def _verifier(files: Files, key: str | None) -> Verifier:
    verifier = Verifier.read(files[layout.KEY].decode().removesuffix("\n"))
    if files[layout.KEY] != f"{verifier.line}\n".encode() or files[layout.KEY_PEM] != verifier.pem:
        raise Refused("the two forms of the key are not those of one key")
    if key is not None and key.strip() != verifier.line:
        raise Refused("this was signed with another key than the one that is asked for")
    return verifier


def _chain(data: bytes) -> Chain:
    told = json.loads(data)
    entries = tuple(
        Entry(index, one["kind"], bytes.fromhex(one["commitment"]), bytes.fromhex(one["hash"]))
        for index, one in enumerate(told["entries"])
    )
    salts = {index: bytes.fromhex(one["salt"]) for index, one in enumerate(told["entries"]) if one["salt"] is not None}
    if not ORIGIN.fullmatch(told["origin"]) or layout.chain_json(told["origin"], entries, salts) != data:
        raise Refused(FORMLESS)
    return Chain(told["origin"], entries, salts)


def _check_contents(files: Files, verifier: Verifier, origin: str) -> None:
    listed = files[layout.CONTENTS]
    others = {name: data for name, data in files.items() if name not in (layout.CONTENTS, layout.CONTENTS_NOTE)}
    if list(files) != [*sorted(others), layout.CONTENTS, layout.CONTENTS_NOTE]:
        raise Refused("the files are not in their order")
    signed = Checkpoint.read(verifier.text_of(files[layout.CONTENTS_NOTE].decode()))
    if signed != Checkpoint(layout.contents_origin(origin), len(others), hashlib.sha256(listed).digest()):
        raise Refused("the list of files is not the one that was signed")
    if listed != layout.contents_json({name: layout.sha256(data) for name, data in others.items()}):
        raise Refused("the files are not those that were signed")


def _signed(note: str, verifier: Verifier, chain: Chain) -> Checkpoint:
    signed = Checkpoint.read(verifier.text_of(note))
    if signed.origin != chain.origin:
        raise Refused("a checkpoint is that of another room")
    check_root(chain.origin, chain.entries, signed.size, signed.root)
    return signed


def _payload(files: Files, chain: Chain, index: int) -> bytes:
    entry = chain.entries[index]
    data = files[layout.payload_name(entry)]
    payload = _manifest_of(data) if entry.kind == CAPSULE else data
    if commitment(chain.salts[index], payload) != entry.commitment:
        raise Refused(f"entry {index} is not what the chain committed to")
    return payload


def _manifest_of(capsule: bytes) -> bytes:
    files = unpacked(capsule)
    manifest = files.pop(layout.MANIFEST)
    told = {one["name"]: one["sha256"] for one in json.loads(manifest)["pictures"]}
    if list(told.items()) != [(name, layout.sha256(data)) for name, data in files.items()]:
        raise Refused("the pictures of a capsule are not those of its manifest")
    return manifest


def _erased(chain: Chain, payloads: Mapping[int, bytes]) -> set[int]:
    erased: set[int] = set()
    for entry in chain.entries:
        if entry.kind == ERASURE:
            if entry.index not in payloads:
                raise Refused(f"entry {entry.index} does not say what was erased")
            erased |= _said_by(entry.index, payloads[entry.index])
    if erased & chain.salts.keys():
        raise Refused("something is shown that was erased")
    return erased


def _said_by(index: int, payload: bytes) -> set[int]:
    erased: Any = json.loads(payload)["erased"]
    if not all(isinstance(one, int) and 0 <= one < index for one in erased):
        raise Refused(f"entry {index} erases what was not there")
    return set(erased)


def _check_nothing_else(files: Files, chain: Chain, signed: Mapping[str, Checkpoint]) -> None:
    payloads = {layout.payload_name(chain.entries[index]) for index in chain.salts}
    if files.keys() != ALWAYS | payloads | signed.keys():
        raise Refused("there are files that belong to nothing")
    if any(name != layout.checkpoint_name(one.size) for name, one in signed.items()):
        raise Refused("a checkpoint has the name of another")
    if layout.checkpoint_name(len(chain.entries)) not in signed:
        raise Refused("no signature covers the whole chain")


# ------------------------------------------------------------------------------------ the command line


def report(findings: Findings) -> list[str]:
    """Return what was found as sentences."""
    return [
        f"Nothing was changed in this export of {findings.origin}.",
        f"It was signed with this key, which you should compare: {findings.key}",
        f"Entries of the room: {findings.entries} (shown here: {len(findings.shown)}, erased: {len(findings.erased)}, "
        f"not in this export: {len(findings.withheld)}). Pictures: {findings.pictures}.",
        f"Checkpoints that agree with them: {findings.checkpoints}.",
    ]


def notes_in(text: str) -> list[str]:
    """Return the checkpoints that a file holds, one after the other: five lines each."""
    lines = text.split("\n")[: None if not text.endswith("\n") else -1]
    return ["\n".join(lines[at : at + 5]) + "\n" for at in range(0, len(lines), 5)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify the export that the command line names; 0 when nothing was changed, 1 when it is refused."""
    parser = argparse.ArgumentParser(description="Verify an export of evidence.")
    parser.add_argument("export", type=Path)
    parser.add_argument("--key", help="the line of the key that must have signed")
    parser.add_argument(
        "--witness", type=Path, action="append", default=[], help="checkpoints that were kept elsewhere"
    )
    asked = parser.parse_args(arguments)
    try:
        lines: Iterable[str] = report(
            verify(
                asked.export.read_bytes(), asked.key, [one for w in asked.witness for one in notes_in(w.read_text())]
            )
        )
    except Refused as error:
        print(f"Refused: {error}.")
        return 1
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())

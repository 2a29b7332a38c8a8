"""How an export lies in its ZIP, for whoever makes one and whoever verifies one.

verify.html              checks the export in a browser, without a network
key.txt, key.pem         the key that signed: as a line to be compared, and for openssl
capsules/000003.zip      the capsule of entry 3; its manifest.json is the payload of the entry
payloads/000004.json     the payload of an entry of another kind
chain.json               all entries of the room, with the salts of those whose payloads are here
checkpoints/000005.note  what was signed when there were 5 entries
contents.json            the SHA-256 of every file above
contents.note            the signature of contents.json: number of files, hash
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from evidence.chain import CAPSULE, Entry

FORMAT = "examonitor-export/1"
MANIFEST = "manifest.json"
PAGE, KEY, KEY_PEM = "verify.html", "key.txt", "key.pem"
CHAIN, CONTENTS, CONTENTS_NOTE = "chain.json", "contents.json", "contents.note"


def payload_name(entry: Entry) -> str:
    """Return the file that has the payload of an entry."""
    return f"capsules/{entry.index:06d}.zip" if entry.kind == CAPSULE else f"payloads/{entry.index:06d}.json"


def checkpoint_name(size: int) -> str:
    """Return the file of the checkpoint that was signed when there were `size` entries."""
    return f"checkpoints/{size:06d}.note"


def contents_origin(origin: str) -> str:
    """Return what the signature of the contents of an export names, so that it passes for no checkpoint."""
    return f"{origin} contents"


def sha256(data: bytes) -> str:
    """Return the SHA-256 of bytes in hex, as every list of files here has it."""
    return hashlib.sha256(data).hexdigest()


def chain_json(origin: str, entries: Sequence[Entry], salts: Mapping[int, bytes]) -> bytes:
    """Return the one form of chain.json."""
    told = [
        {
            "kind": one.kind,
            "commitment": one.commitment.hex(),
            "hash": one.hash.hex(),
            "salt": salts[one.index].hex() if one.index in salts else None,
        }
        for one in entries
    ]
    return _json({"format": FORMAT, "origin": origin, "entries": told})


def contents_json(hashes: Mapping[str, str]) -> bytes:
    """Return the one form of contents.json, from the SHA-256 of each other file in hex."""
    return _json({"format": FORMAT, "files": dict(hashes)})


def _json(value: dict[str, Any]) -> bytes:
    # for plain texts and nothing else this is canonical JSON too, and a verifier needs no package for it
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()

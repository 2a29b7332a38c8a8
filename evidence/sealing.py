"""Evidence at rest: each participant's is sealed with a key of their own, and without that key nobody can read it.

A sealed piece is `EXS1`, 8 bytes that name its key, 12 random bytes, then what AES-256-GCM makes of it. Data keys are
themselves sealed by the server's key, which is drawn from its secret and lies in no database.
"""

import hashlib
import os
from collections.abc import MutableMapping, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"EXS1"
KEY_BYTES, NAME_BYTES, NONCE_BYTES = 32, 8, 12
PURPOSE = b"examonitor evidence keys"


class Erased(Exception):
    """The key of this piece was erased, and with it the piece."""


class Damaged(Exception):
    """This is no sealed piece, or it was changed, or it was sealed for another place."""


class Box:
    """Seals and opens with one key; `place` says what a piece is, and a piece opens for its own place alone."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self.name = hashlib.sha256(b"examonitor key name" + key).digest()[:NAME_BYTES]

    def seal(self, data: bytes, place: str) -> bytes:
        """Return data as bytes that only this key opens."""
        nonce = os.urandom(NONCE_BYTES)
        return MAGIC + self.name + nonce + self._cipher.encrypt(nonce, data, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """Return what was sealed.

        Raises:
            Damaged: it is not what was sealed for this place. Erased: it was sealed with another key.
        """
        begin = len(MAGIC) + NAME_BYTES + NONCE_BYTES
        if not sealed.startswith(MAGIC) or len(sealed) < begin:
            raise Damaged(place)
        if key_name(sealed) != self.name:
            raise Erased(place)
        try:
            return self._cipher.decrypt(sealed[begin - NONCE_BYTES : begin], sealed[begin:], place.encode())
        except InvalidTag as error:
            raise Damaged(place) from error


def key_name(sealed: bytes) -> bytes:
    """Return the 8 bytes that name the key of a sealed piece."""
    return sealed[len(MAGIC) : len(MAGIC) + NAME_BYTES]


def server_box(secret: str) -> Box:
    """Return what seals data keys, drawn from a secret of the server."""
    return Box(HKDF(hashes.SHA256(), length=KEY_BYTES, salt=None, info=PURPOSE).derive(secret.encode()))


class DataKeys:
    """The keys of participants, kept sealed wherever the caller says; erasing one erases all that it sealed.

    `kept` holds sealed keys by `room/participant`. Of `secrets` the first seals new keys, the others open older ones.
    """

    def __init__(self, kept: MutableMapping[str, bytes], secrets: Sequence[str]) -> None:
        self._kept = kept
        self._servers = [server_box(secret) for secret in secrets]

    def make(self, room: str, participant: str) -> bytes:
        """Return a participant's sealed key, and make it where there is none."""
        owner = f"{room}/{participant}"
        if owner not in self._kept:  # of two that make one at once, the first remains
            return self._kept.setdefault(owner, self._servers[0].seal(os.urandom(KEY_BYTES), owner))
        return self._kept[owner]

    def seal(self, room: str, participant: str, data: bytes, place: str) -> bytes:
        """Seal what belongs to a participant; their first piece makes their key. Damaged as `open`."""
        self.make(room, participant)
        owner = f"{room}/{participant}"
        return self._box(owner).seal(data, f"{owner}/{place}")

    def open(self, room: str, participant: str, sealed: bytes, place: str) -> bytes:
        """Return what was sealed for a participant and place.

        Raises:
            Erased: the key is gone. Damaged: the piece or its key is not as it was.
        """
        owner = f"{room}/{participant}"
        return self._box(owner).open(sealed, f"{owner}/{place}")

    def erase(self, room: str, participant: str) -> bool:
        """Erase a participant's key for good; say whether there was one."""
        return self._kept.pop(f"{room}/{participant}", None) is not None

    def renew(self) -> int:
        """Seal every key with the first secret that an older one sealed; return how many. No piece is sealed anew."""
        old = {owner: key for owner, key in self._kept.items() if key_name(key) != self._servers[0].name}
        for owner, key in old.items():
            self._kept[owner] = self._servers[0].seal(self._server_of(key, owner).open(key, owner), owner)
        return len(old)

    def _box(self, owner: str) -> Box:
        if (key := self._kept.get(owner)) is None:
            raise Erased(owner)
        return Box(self._server_of(key, owner).open(key, owner))

    def _server_of(self, key: bytes, owner: str) -> Box:
        for server in self._servers:
            if server.name == key_name(key):
                return server
        raise Damaged(owner)

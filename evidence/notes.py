"""Signed notes and checkpoints as C2SP describes them (c2sp.org/signed-note, c2sp.org/tlog-checkpoint), with Ed25519.

A note is a text, an empty line, and a line with the signature, so that anybody can keep one, and print one. A note
here has exactly one signature. No byte of it is free: what reads as the same is the same.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ED25519 = b"\x01"
NAME = re.compile(r"[!-*,-~]{1,200}")
"""Names of keys: printable, without blank and plus."""
SIZE = re.compile(r"0|[1-9][0-9]{0,14}")


class BadNote(ValueError):
    """This is no note, or not signed with the key that is asked for, or no checkpoint."""


class Verifier:
    """The public half of a key that signs notes."""

    def __init__(self, name: str, public: bytes) -> None:
        self.name = name
        self.public = public
        self.id = hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]

    @classmethod
    def read(cls, line: str) -> "Verifier":
        """Return the verifier that a line describes; BadNote for any other text."""
        name, _, rest = line.partition("+")
        coded = unbase64(rest.partition("+")[2])
        if not NAME.fullmatch(name) or len(coded) != 33 or coded[:1] != ED25519:
            raise BadNote("this is no key of notes")
        verifier = cls(name, coded[1:])
        if verifier.line != line:
            raise BadNote("the name of this key is not that of its bytes")
        return verifier

    @property
    def line(self) -> str:
        """Return the key as a line of text, to be printed and compared: name, id, key."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"

    @property
    def pem(self) -> bytes:
        """Return the key as `openssl` reads it."""
        key = Ed25519PublicKey.from_public_bytes(self.public)
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def text_of(self, note: str) -> str:
        """Return the text of a note that this key signed; BadNote for any other."""
        text, signature = parts(note, self)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError) as error:
            raise BadNote("the signature is not that of the text") from error
        return text


class Signer:
    """A private key that signs notes; `name` says whose it is, a name of the server and a path."""

    def __init__(self, name: str, private: bytes) -> None:
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot be the name of a key")
        self._key = Ed25519PrivateKey.from_private_bytes(private)
        self.verifier = Verifier(name, self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def note(self, text: str) -> str:
        """Return a text with its signature; ValueError for a text that ends without a new line."""
        if not text.endswith("\n"):
            raise ValueError("the text of a note ends with a new line")
        signature = base64.b64encode(self.verifier.id + self._key.sign(text.encode())).decode()
        return f"{text}\n\u2014 {self.verifier.name} {signature}\n"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a signature covers: whose chain, how many entries it had, and the hash of all of them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """Return the three lines of a checkpoint."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """Return the checkpoint that a text says; BadNote for any other text."""
        lines = text.split("\n")
        if len(lines) != 4 or not lines[0] or not SIZE.fullmatch(lines[1]) or lines[3]:
            raise BadNote("this is no checkpoint")
        root = unbase64(lines[2])
        if len(root) != 32:
            raise BadNote("this is no checkpoint")
        return cls(lines[0], int(lines[1]), root)


def parts(note: str, verifier: Verifier) -> tuple[str, bytes]:
    """Return the text of a note and the 64 bytes of the signature that names a key; BadNote for any other note."""
    text, _, line = note.rpartition("\n\n")
    head = f"\u2014 {verifier.name} "
    coded = unbase64(line[len(head) : -1]) if line.startswith(head) and line.endswith("\n") else b""
    if len(coded) != 68 or coded[:4] != verifier.id:
        raise BadNote("this note is not signed with the key that is asked for")
    return text + "\n", coded[4:]


def unbase64(text: str) -> bytes:
    """Return the bytes that a text codes in the one way in which it is written; BadNote for any other text."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote("this is no base64") from error
    if base64.b64encode(data).decode() != text:
        raise BadNote("this is no base64")
    return data

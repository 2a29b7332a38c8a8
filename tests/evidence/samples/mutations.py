"""Changes of an export that a forger, a bad disk or a careless hand could make; each from its own number."""

from __future__ import annotations

import random
from collections.abc import Iterator

from evidence import layout
from evidence.notes import Signer
from evidence.stored_zip import packed, unpacked
from tests.evidence.samples.exports import SIGNER, signed_again

STRANGER = Signer(SIGNER.verifier.name, b"\x05" * 32)
FREE = {layout.PAGE, "checkpoints/000002.note"}
"""What a server may sign as it likes or leave out: the page, and a checkpoint that a later one covers."""
MADE_ANEW = {layout.CONTENTS, layout.CONTENTS_NOTE}


def changed(data: bytes, chance: random.Random) -> bytes:
    """Data with one change: a bit, a byte, a stretch that is moved, doubled, lost or overwritten."""
    at, length = chance.randrange(len(data)), chance.randrange(1, 12)
    head, stretch, tail = data[:at], data[at : at + length], data[at + length :]
    other = chance.randrange(len(data))
    made = chance.choice(
        [
            head + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :],
            head + chance.randbytes(1) + data[at + 1 :],
            head + chance.randbytes(length) + data[at:],
            head + chance.randbytes(len(stretch)) + tail,
            head + tail,
            head + stretch + stretch + tail,
            head + data[other : other + length] + tail,
            head + tail[:other] + stretch + tail[other:],
            head,
        ]
    )
    return made if made != data else head + bytes([data[at] ^ 1]) + data[at + 1 :]


def changed_file(data: bytes, chance: random.Random, spared: set[str]) -> dict[str, bytes]:
    """The files of an export with one changed, gone, taken from another, or new."""
    files = unpacked(data)
    name, other = (chance.choice([one for one in files if one not in spared]) for _ in range(2))
    what = chance.randrange(10)
    if what == 0:
        del files[name]
    elif what == 1 and files[name] != files[other]:
        files[name], files[other] = files[other], files[name]
    elif what == 2:
        files = dict(sorted({**files, f"{name}.{chance.randrange(9)}": files[name]}.items()))
    elif what == 3:
        files["capsules/000000.zip"] = changed_picture(files["capsules/000000.zip"], chance)
    elif what == 4:
        files = dict(chance.sample(list(files.items()), len(files)))
    else:
        files[name] = changed(files[name], chance)
    return files if files != unpacked(data) or list(files) != list(unpacked(data)) else {"only.txt": b""}


def changed_picture(capsule: bytes, chance: random.Random) -> bytes:
    """A capsule with one picture changed, or all in another order."""
    files = unpacked(capsule)
    if chance.randrange(4) == 0:
        return packed(reversed(files.items()))
    name = chance.choice([one for one in files if one != layout.MANIFEST])
    return packed({**files, name: changed(files[name], chance)}.items())


def mutants(data: bytes, numbers: range) -> Iterator[tuple[str, bytes]]:
    """Changed exports with how they were made.

    `bytes`: the ZIP itself. `files`: packed again, with right sums. `listed`: also the list of contents is right, and
    a stranger signed it with a key of the same name. `signed`: the server's own key signed it.
    """
    for number in numbers:
        chance = random.Random(number)
        kind = ("bytes", "files", "listed", "signed")[number % 4]
        if kind == "bytes":
            yield kind, changed(data, chance)
        elif kind == "files":
            yield kind, packed(changed_file(data, chance, set()).items())
        elif kind == "listed":
            yield kind, signed_again(changed_file(data, chance, MADE_ANEW), STRANGER)
        else:
            yield kind, signed_again(changed_file(data, chance, FREE | MADE_ANEW))

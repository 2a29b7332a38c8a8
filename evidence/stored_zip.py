"""ZIP files that are not compressed and have exactly one form: any program opens them, and no byte of them is free.

Names, contents and their order say every byte of the file, so that a changed date or comment is found like a changed
picture. Hence no time, no attributes, no compression, no file of 4 GB, 65,535 files at most.
"""

import re
import struct
import zlib
from collections.abc import Iterable, Iterator

NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*(/[a-z0-9][a-z0-9_.-]*)*")
"""The names that may occur: nothing that leads out of a folder, on any system."""
MOST_FILES, MOST_BYTES = 0xFFFF, 0xFFFFFFFF
LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
FIRST_DAY = 0x21  # 1 January 1980, the first date that a ZIP can say
FIXED = struct.pack("<5H", 20, 0, 0, 0, FIRST_DAY)  # version 2.0, no flags, stored, midnight
LENGTHS = struct.Struct("<3L2H")  # CRC, size, size again, bytes of the name, bytes of what is extra
LOCAL_BYTES = len(LOCAL) + len(FIXED) + LENGTHS.size


class NotStored(ValueError):
    """These bytes are not the ZIP that `stored` makes of any files."""


def stored(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Give the pieces of the ZIP of some files, one file after the other, so that they need not all be in memory.

    Raises:
        ValueError: a name that may not be or is there twice, or too many files or bytes.
    """
    offset, central, names = 0, list[bytes](), set[str]()
    for name, data in files:
        if not NAME.fullmatch(name) or name in names:
            raise ValueError(f"{name!r} cannot be the name of a file here")
        lengths = LENGTHS.pack(zlib.crc32(data), len(data), len(data), len(name), 0)
        yield (head := LOCAL + FIXED + lengths + name.encode())
        yield data
        names.add(name)
        central.append(_central(name, lengths, offset))
        offset += len(head) + len(data)
        if offset > MOST_BYTES or len(names) > MOST_FILES:
            raise ValueError("too much for one ZIP")
    yield _end(central, offset)


def packed(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return the ZIP of some files as one piece; ValueError as `stored`."""
    return b"".join(stored(files))


def unpacked(data: bytes) -> dict[str, bytes]:
    """Return the files of such a ZIP.

    Raises:
        NotStored: a byte is not as `stored` writes it.
    """
    files, central, at = dict[str, bytes](), list[bytes](), 0
    while data[at : at + 4] == LOCAL:
        name, content, lengths = _file(data, at)
        if name in files:
            raise NotStored(f"{name} is there twice")
        files[name] = content
        central.append(_central(name, lengths, at))
        at += LOCAL_BYTES + len(name) + len(content)
    if data[at:] != _end(central, at):
        raise NotStored("the list at the end is not that of the files")
    return files


def _file(data: bytes, at: int) -> tuple[str, bytes, bytes]:
    lengths = data[at + LOCAL_BYTES - LENGTHS.size : at + LOCAL_BYTES]
    if data[at + 4 : at + 4 + len(FIXED)] != FIXED or len(lengths) < LENGTHS.size:
        raise NotStored(f"no file begins at byte {at}")
    crc, size, same, name_bytes, extra = LENGTHS.unpack(lengths)
    begin = at + LOCAL_BYTES + name_bytes
    name, content = data[at + LOCAL_BYTES : begin].decode("ascii", "replace"), data[begin : begin + size]
    if same != size or extra or len(content) != size or zlib.crc32(content) != crc or not NAME.fullmatch(name):
        raise NotStored(f"the file at byte {at} is damaged")
    return name, content, lengths


def _central(name: str, lengths: bytes, offset: int) -> bytes:
    # made by version 2.0; then no comment, disk 0, no attributes
    return CENTRAL + struct.pack("<H", 20) + FIXED + lengths + struct.pack("<3H2L", 0, 0, 0, 0, offset) + name.encode()


def _end(central: list[bytes], offset: int) -> bytes:
    entries = b"".join(central)
    return entries + END + struct.pack("<4H2LH", 0, 0, len(central), len(central), len(entries), offset, 0)

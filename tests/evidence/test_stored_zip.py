"""ZIP files of exactly one form."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.stored_zip import NotStored, packed, unpacked

PARTS = st.text("az09", min_size=1, max_size=3)
NAMES = st.lists(PARTS, min_size=1, max_size=3).map("/".join) | st.just("pictures/0001-web_cam.jpg")
FILES = st.dictionaries(NAMES, st.binary(max_size=60), max_size=5)
SOME = {"a.json": b"{}", "pictures/0001-webcam.jpg": b"\xff\xd8 picture", "empty": b""}


@given(FILES)
def test_what_was_packed_is_unpacked(files: dict[str, bytes]) -> None:
    data = packed(files.items())
    assert unpacked(data) == files
    assert list(unpacked(data)) == list(files)


@given(FILES)
def test_any_other_program_opens_it(files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(packed(files.items()))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == files
        assert all(one.compress_type == zipfile.ZIP_STORED for one in archive.infolist())


def test_each_bit_counts() -> None:
    data = packed(SOME.items())
    for at in range(len(data)):
        for bit in range(8):
            with pytest.raises(NotStored):
                unpacked(data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :])


def test_nothing_can_be_cut_off_or_added() -> None:
    data = packed(SOME.items())
    changed = [data[:length] for length in range(len(data))] + [data + b"\0", b"\0" + data, data + data]
    for one in changed:
        with pytest.raises(NotStored):
            unpacked(one)


def test_a_zip_of_another_program_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.json", b"{}")
    with pytest.raises(NotStored):
        unpacked(made.getvalue())


@pytest.mark.parametrize("name", ["", "../a", "/a", "a//b", "a/", "a\\b", "A.json", "é", ".a", "a b", "c:d"])
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        packed([(name, b"")])


def test_a_name_cannot_be_there_twice() -> None:
    with pytest.raises(ValueError, match="name"):
        packed([("a", b"1"), ("a", b"2")])
    one, two = packed([("a", b"1")]), packed([("b", b"1")])
    local = len(one) - 22 - 47
    with pytest.raises(NotStored):
        unpacked(one[:local] + one[:local] + two[local:])


def test_more_files_than_a_zip_can_count_are_refused() -> None:
    with pytest.raises(ValueError, match="too much"):
        packed((f"f{number}", b"") for number in range(0x10000))

"""Evidence at rest: sealed for one participant and place, and gone with its key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.sealing import Damaged, DataKeys, Erased


@pytest.fixture
def kept() -> dict[str, bytes]:
    return {}


@pytest.fixture
def keys(kept: dict[str, bytes]) -> DataKeys:
    return DataKeys(kept, ["a secret of this server"])


@given(st.binary(max_size=200))
def test_what_was_sealed_opens_and_shows_nothing(data: bytes) -> None:
    keys = DataKeys({}, ["a secret"])
    sealed = keys.seal("r1", "anna", data, "a1")
    assert keys.open("r1", "anna", sealed, "a1") == data
    assert len(data) < 8 or data not in sealed[24:]
    assert len(sealed) == len(data) + 40


def test_the_same_piece_is_never_sealed_to_the_same_bytes(keys: DataKeys) -> None:
    assert len({keys.seal("r1", "anna", b"data", "a1") for _ in range(50)}) == 50


def test_erasing_the_key_erases_the_pieces_also_for_a_later_key(keys: DataKeys) -> None:
    sealed = keys.seal("r1", "anna", b"data", "a1")
    assert keys.erase("r1", "anna")
    with pytest.raises(Erased):
        keys.open("r1", "anna", sealed, "a1")
    keys.seal("r1", "anna", b"other", "a2")
    with pytest.raises(Erased):
        keys.open("r1", "anna", sealed, "a1")


def test_erasing_one_leaves_the_others(keys: DataKeys) -> None:
    sealed = keys.seal("r1", "ben", b"data", "a1")
    keys.seal("r1", "anna", b"data", "a1")
    keys.erase("r1", "anna")
    assert not keys.erase("r1", "anna")
    assert keys.open("r1", "ben", sealed, "a1") == b"data"


def test_any_changed_bit_is_noticed(keys: DataKeys) -> None:
    sealed = keys.seal("r1", "anna", b"data", "a1")
    for at in range(len(sealed)):
        for bit in range(8):
            with pytest.raises((Damaged, Erased)):
                keys.open("r1", "anna", sealed[:at] + bytes([sealed[at] ^ 1 << bit]) + sealed[at + 1 :], "a1")


def test_what_is_cut_off_is_damaged(keys: DataKeys) -> None:
    sealed = keys.seal("r1", "anna", b"data", "a1")
    for length in range(len(sealed)):
        with pytest.raises(Damaged):
            keys.open("r1", "anna", sealed[:length], "a1")


def test_a_piece_opens_for_nobody_else_and_for_no_other_place(keys: DataKeys) -> None:
    sealed = keys.seal("r1", "anna", b"data", "a1")
    keys.seal("r1", "ben", b"data", "a1")
    with pytest.raises(Damaged):
        keys.open("r1", "anna", sealed, "a2")
    with pytest.raises(Erased):
        keys.open("r1", "ben", sealed, "a1")


def test_the_database_alone_opens_nothing(keys: DataKeys, kept: dict[str, bytes]) -> None:
    sealed = keys.seal("r1", "anna", b"data", "a1")
    with pytest.raises(Damaged):
        DataKeys(kept, ["another secret"]).open("r1", "anna", sealed, "a1")


def test_a_key_that_was_moved_to_another_participant_opens_nothing(keys: DataKeys, kept: dict[str, bytes]) -> None:
    sealed = keys.seal("r1", "anna", b"data", "a1")
    kept["r1/ben"] = kept["r1/anna"]
    with pytest.raises(Damaged):
        keys.open("r1", "ben", sealed, "a1")


def test_keys_of_an_older_secret_are_renewed_without_touching_a_piece(keys: DataKeys, kept: dict[str, bytes]) -> None:
    sealed = keys.seal("r1", "anna", b"data", "a1")
    both = DataKeys(kept, ["a new secret", "a secret of this server"])
    assert both.open("r1", "anna", sealed, "a1") == b"data"
    assert (both.renew(), both.renew()) == (1, 0)
    assert DataKeys(kept, ["a new secret"]).open("r1", "anna", sealed, "a1") == b"data"
    with pytest.raises(Damaged):
        keys.open("r1", "anna", sealed, "a1")


def test_two_that_make_the_first_key_at_once_use_the_same() -> None:
    class Late(dict[str, bytes]):
        """Says of a key that was just made that it is not there yet."""

        def __contains__(self, owner: object) -> bool:
            return False

    keys = DataKeys(Late(), ["a secret"])
    sealed = [keys.seal("r1", "anna", b"data", "a1") for _ in range(2)]
    assert [keys.open("r1", "anna", one, "a1") for one in sealed] == [b"data", b"data"]

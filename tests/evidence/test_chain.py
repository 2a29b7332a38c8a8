"""The chain of a room: it breaks where anything is changed, and not where something is erased."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.chain import BrokenChain, Entry, check, check_root, commitment, link, root

ORIGIN = "exam.example/room/r1"
PAYLOADS = st.lists(st.binary(max_size=20), min_size=1, max_size=8)


def chain_of(payloads: list[bytes], origin: str = ORIGIN) -> list[Entry]:
    entries: list[Entry] = []
    for number, payload in enumerate(payloads):
        committed = commitment(bytes([number]) * 32, payload)
        entries.append(link(origin, entries[-1] if entries else None, "capsule", committed))
    return entries


def test_an_entry_is_what_the_description_says() -> None:
    entry = chain_of([b"payload"])[0]
    start = hashlib.sha256(f"examonitor chain 1\n{ORIGIN}\n".encode()).hexdigest()
    committed = hashlib.sha256(b"\0" * 32 + b"payload").hexdigest()
    said = f"examonitor entry 1\n0\ncapsule\n{committed}\n{start}\n"
    assert entry.hash == hashlib.sha256(said.encode()).digest()


@given(PAYLOADS)
def test_a_chain_is_valid_and_every_start_of_it_was(payloads: list[bytes]) -> None:
    entries = chain_of(payloads)
    check(ORIGIN, entries)
    for size in range(len(entries) + 1):
        check_root(ORIGIN, entries, size, root(ORIGIN, entries[:size]))


CHANGES: list[Callable[[list[Entry]], list[Entry]]] = [
    lambda entries: [replace(entries[0], kind="decision"), *entries[1:]],
    lambda entries: [replace(entries[0], kind="two\nlines"), *entries[1:]],
    lambda entries: [replace(entries[0], commitment=b"\1" * 32), *entries[1:]],
    lambda entries: [replace(entries[0], hash=b"\1" * 32), *entries[1:]],
    lambda entries: [replace(entries[0], index=1), *entries[1:]],
    lambda entries: entries[1:],
    lambda entries: [*entries[:1], *entries[2:]],
    lambda entries: [entries[1], entries[0], *entries[2:]],
    lambda entries: [entries[0], *entries],
]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_changed_breaks_it(change: Callable[[list[Entry]], list[Entry]]) -> None:
    with pytest.raises(BrokenChain):
        check(ORIGIN, change(chain_of([b"a", b"b", b"c"])))


def test_a_chain_of_another_room_does_not_pass_for_this_one() -> None:
    entries = chain_of([b"a", b"b"], "exam.example/room/r2")
    with pytest.raises(BrokenChain):
        check(ORIGIN, entries)


def test_a_chain_that_was_made_anew_is_not_the_one_that_was_signed() -> None:
    signed = root(ORIGIN, chain_of([b"a", b"b"]))
    anew = chain_of([b"a", b"changed", b"c"])
    check(ORIGIN, anew)
    with pytest.raises(BrokenChain, match="not those that were signed"):
        check_root(ORIGIN, anew, 2, signed)


def test_what_was_cut_off_at_the_end_is_missed_by_whoever_saw_it() -> None:
    entries = chain_of([b"a", b"b"])
    with pytest.raises(BrokenChain, match="2 entries, and 1 are left"):
        check_root(ORIGIN, entries[:1], 2, root(ORIGIN, entries))


def test_nobody_can_guess_a_payload_without_its_salt() -> None:
    assert commitment(b"\0" * 32, b"guilty") != commitment(b"\1" * 32, b"guilty")
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(b"short", b"guilty")


@pytest.mark.parametrize("kind", ["", "Capsule", "two words", "a\nb", "x" * 32, "1st"])
def test_a_kind_is_a_plain_word(kind: str) -> None:
    with pytest.raises(ValueError, match="kind"):
        link(ORIGIN, None, kind, b"\0" * 32)

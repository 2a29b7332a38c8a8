"""What a room keeps beside its chain, and how it is erased."""

from __future__ import annotations

import json

import pytest

from evidence.chain import check, check_root, commitment, root
from evidence.ledger import Ledger
from evidence.notes import Checkpoint
from tests.evidence.samples.exports import ORIGIN, an_exam


def test_every_record_opens_its_commitment() -> None:
    ledger = an_exam().ledger
    for index, record in ledger.records.items():
        assert commitment(record.salt, record.payload) == ledger.entries[index].commitment


def test_erasing_keeps_every_checkpoint_and_forgets_salt_and_payload() -> None:
    exam = an_exam()
    before = exam.ledger.checkpoint()
    exam.erase(0, 2)
    check(ORIGIN, exam.ledger.entries)
    check_root(ORIGIN, exam.ledger.entries, before.size, before.root)
    assert sorted(exam.ledger.records) == [3, 4, 5]
    said = json.loads(exam.ledger.records[5].payload)
    assert (said["erased"], said["reason"], said["format"]) == ([0, 2], "asked for", "examonitor-erasure/1")


@pytest.mark.parametrize("index", [1, 4, 9])
def test_what_is_gone_and_what_says_so_cannot_be_erased(index: int) -> None:
    exam = an_exam()
    with pytest.raises(ValueError, match="no erasure"):
        exam.erase(0, index)
    assert 0 in exam.ledger.records


def test_a_checkpoint_says_where_the_chain_is() -> None:
    ledger = Ledger(ORIGIN)
    assert ledger.checkpoint() == Checkpoint(ORIGIN, 0, root(ORIGIN, []))
    entry = ledger.add("capsule", b"{}", bytes(32))
    assert ledger.checkpoint() == Checkpoint(ORIGIN, 1, entry.hash)


@pytest.mark.parametrize("origin", ["", "two words/r1", "exam.example", "exam.example/a\nb", "exam.example/room/"])
def test_an_origin_is_a_server_and_a_path(origin: str) -> None:
    with pytest.raises(ValueError, match="name a chain"):
        Ledger(origin)

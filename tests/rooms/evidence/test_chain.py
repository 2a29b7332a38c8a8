"""The chain in the database: entries survive a restart, verdicts are in it, checkpoints are given out."""

from __future__ import annotations

import json

import pytest

from evidence.chain import ERASURE, check, check_root
from evidence.notes import Checkpoint
from rooms.desk.verdicts import Decision
from rooms.evidence.ledgers import Ledgers
from store.errors import StoreUnavailable
from tests.rooms.evidence.recording import Recording
from tests.rooms.evidence.test_recording import unavailable
from tests.rooms.stage import SIGNER, Stage


def facts(ledgers: Ledgers, index: int) -> dict[str, object]:
    facts = json.loads(ledgers.load("r1").records[index].payload)
    assert isinstance(facts, dict)
    return facts


def test_a_chain_goes_on_after_a_restart(stage: Stage) -> None:
    stage.kept.ledgers.add("r1", "first", {"n": 1})
    stage.restart()
    stage.kept.ledgers.add("r1", "second", {"n": 2})
    ledger = stage.kept.ledgers.load("r1")
    check("exam.example/rooms/r1", ledger.entries)
    assert [one.kind for one in ledger.entries] == ["first", "second"]
    assert facts(stage.kept.ledgers, 1) == {"n": 2, "format": "examonitor-second/1"}


def test_an_entry_that_cannot_be_kept_is_not_there(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.kept.ledgers.add("r1", "first", {})
    with monkeypatch.context() as broken:
        broken.setattr(stage.database, "session", unavailable)
        with pytest.raises(StoreUnavailable):
            stage.kept.ledgers.add("r1", "second", {})
    stage.kept.ledgers.add("r1", "third", {})
    assert [one.kind for one in stage.kept.ledgers.load("r1").entries] == ["first", "third"]


def test_verdicts_are_entries_one_for_each_student(stage: Stage) -> None:
    zoe, max_ = stage.admitted("Zoé", "s1"), stage.admitted("Max", "s2")
    for number, student in enumerate([zoe, zoe, max_]):
        stage.alert_service.alert_raised(stage.alert(student, id=f"a{number}"))
    stage.verdicts.review_incident(stage.room, "a0", Decision(verdict="acknowledged"), (1, "Ana"))
    stage.verdicts.review_incident(stage.room, "a0", Decision(note="only a note"), (1, "Ana"))
    stage.verdicts.review(stage.room, "a2", "dismissed", None, (1, "Ana"))
    assert [one.kind for one in stage.kept.ledgers.load("r1").entries] == ["decision", "decision"]
    told = facts(stage.kept.ledgers, 0)
    assert (told["alerts"], told["verdict"], told["by"]) == (["a0", "a1"], "acknowledged", "Ana")


def test_a_verdict_counts_although_the_chain_cannot_be_written(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stage.alert_service.alert_raised(stage.alert(stage.admitted()))
    monkeypatch.setattr(stage.kept.ledgers, "add", fail)
    stage.verdicts.review(stage.room, "a1", "dismissed", None, (1, "Ana"))
    assert any(line.startswith("chain-not-written room=r1 what=decision by=Ana") for line in caplog.messages)


def fail(*_arguments: object) -> None:
    raise StoreUnavailable("store_busy", "locked")


def test_a_checkpoint_comes_once_a_minute_while_the_chain_grows(stage: Stage) -> None:
    stage.teacher()
    stage.admitted()
    stage.kept.ledgers.add("r1", "first", {})
    for _ in range(100):
        stage.checkpoints.look_around()
        stage.clock.advance(2)
    (told,) = stage.told("s1", "checkpoint", "/student")
    assert told == stage.told("t1", "checkpoint")[0]
    assert (told["size"], told["key"]) == (1, SIGNER.verifier.line)
    signed = Checkpoint.read(SIGNER.verifier.text_of(told["note"]))
    check_root("exam.example/rooms/r1", stage.kept.ledgers.load("r1").entries, signed.size, signed.root)
    stage.kept.ledgers.add("r1", "second", {})
    for _ in range(31):
        stage.checkpoints.look_around()
        stage.clock.advance(2)
    assert [one["size"] for one in stage.told("s1", "checkpoint", "/student")] == [1, 2]
    assert sorted(stage.kept.ledgers.notes("r1")) == [1, 2]


def test_a_checkpoint_that_cannot_be_kept_is_given_out_later(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.admitted()
    stage.kept.ledgers.add("r1", "first", {})
    with monkeypatch.context() as broken:
        broken.setattr(stage.database, "session", unavailable)
        stage.checkpoints.look_around()
    assert stage.told("s1", "checkpoint", "/student") == []
    stage.clock.advance(60)
    stage.checkpoints.look_around()
    assert len(stage.told("s1", "checkpoint", "/student")) == 1


def test_the_last_checkpoint_covers_what_the_end_of_the_room_sealed(recording: Recording) -> None:
    recording.go_on(3)
    recording.raise_alert()
    recording.go_on(1)
    recording.stage.lifecycle.set_state("r1", "ended", "Ana")
    told = recording.stage.told("s1", "checkpoint", "/student")
    assert [one["size"] for one in told] == [1]


def test_what_was_erased_is_an_entry_and_the_chain_holds(stage: Stage) -> None:
    zoe = stage.admitted()
    stage.kept.ledgers.add("r1", "first", {"of": "zoe"}, zoe.id)
    stage.kept.ledgers.add("r1", "second", {"of": "nobody"})
    with stage.database.session() as session:
        stage.kept.ledgers.erase(session, "r1", zoe.id, {"by": "Ana"})
    ledger = stage.kept.ledgers.load("r1")
    check(ledger.origin, ledger.entries)
    assert sorted(ledger.records) == [1, 2]
    assert (ledger.entries[2].kind, json.loads(ledger.records[2].payload)["erased"]) == (ERASURE, [0])

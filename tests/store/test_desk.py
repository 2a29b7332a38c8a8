"""The tables of the desk on both databases: nobody is two persons, nothing is said twice, all goes with its room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from store.desk import (
    ActionRow,
    ActionStep,
    AnswerRow,
    IncidentStep,
    ProblemRow,
    action_steps_of,
    actions_of,
    answers_of,
    drop_desk,
    erase_words,
    problems_of,
    steps_of,
)
from store.rooms import ParticipantRow
from store.session import Database
from tests.store.makers import MOMENT, make_room, make_user


@pytest.fixture
def database(migrated: str) -> Iterator[Database]:
    """One room with two students."""
    database = Database(migrated)
    with database.session() as db:
        db.add(make_user())
        db.flush()
        db.add(make_room())
        db.flush()
        db.add_all([ParticipantRow(id=who, room_id="r1", name=who, joined_at=MOMENT) for who in ("p1", "p2")])
    yield database
    database.close()


def step(**changed: Any) -> IncidentStep:
    values = {
        **{"id": "s1", "room_id": "r1", "participant_id": "p1", "incident_id": "i1", "round": 1, "step": "first"},
        **{"verdict": "dismissed", "note": "why", "person_id": 1, "person_name": "Ana", "until": MOMENT, "at": MOMENT},
    }
    return IncidentStep(**{**values, **changed})


def action(**changed: Any) -> ActionRow:
    values = {
        **{"id": "a1", "room_id": "r1", "participant_id": "p1", "verb": "terminate", "reason": "rules", "note": "why"},
        **{"person_id": 1, "person_name": "Ana", "client_id": "c1", "at": MOMENT},
    }
    return ActionRow(**{**values, **changed})


def became(**changed: Any) -> ActionStep:
    values = {"id": "t1", "action_id": "a1", "step": "confirmed", "person_id": 2, "other_id": 1, "at": MOMENT}
    return ActionStep(**{**values, **changed})


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "s2", "step": "second", "person_id": 1, "other_id": 1},
        {"id": "s2", "step": "second", "person_id": 2, "other_id": None},
        {"id": "s2", "person_id": 2},
    ],
)
def test_the_second_decision_is_somebody_elses_and_each_is_given_once(database: Database, wrong: Any) -> None:
    with database.session() as db:
        db.add(step())
    with pytest.raises(IntegrityError), database.session() as db:
        db.add(step(**wrong))
    with database.session() as db:
        db.add(step(id="s2", step="second", person_id=2, other_id=1, at=MOMENT + timedelta(seconds=1)))
        db.add(step(id="s3", round=2, at=MOMENT + timedelta(seconds=2)))
    with database.read() as db:
        assert [row.id for row in steps_of(db, "r1", "i1")] == ["s1", "s2", "s3"]


@pytest.mark.parametrize("wrong", [{"person_id": 1}, {"other_id": None}, {"action_id": "forged"}])
def test_the_end_of_an_exam_is_confirmed_by_somebody_else(database: Database, wrong: Any) -> None:
    with database.session() as db:
        db.add(action())
    with pytest.raises(IntegrityError), database.session() as db:
        db.add(became(**wrong))
    with database.session() as db:
        db.add(became())
    with pytest.raises(IntegrityError), database.session() as db:
        db.add(became(id="t2"))


def test_the_same_request_is_one_action_of_each_student(database: Database) -> None:
    with database.session() as db:
        db.add_all([action(), action(id="a2", participant_id="p2")])
    with pytest.raises(IntegrityError), database.session() as db:
        db.add(action(id="a3"))


def fill(database: Database) -> None:
    words = {"room_id": "r1", "text": "It was the clock.", "at": MOMENT}
    with database.session() as db:
        db.add_all([step(), step(id="s2", incident_id="room.i", participant_id=None), action()])
        db.flush()
        db.add(became())
        for who in ("p1", "p2"):
            db.add(AnswerRow(id=who, participant_id=who, incident_id="i1", **words))
            db.add(ProblemRow(id=who, participant_id=who, category="paper", solved_by="", **words))


def test_erasing_a_student_takes_the_words_and_leaves_what_was_done(database: Database) -> None:
    fill(database)
    with database.session() as db:
        erase_words(db, "r1", "p1")
    with database.read() as db:
        assert [row.id for row in answers_of(db, "r1")] == [row.id for row in problems_of(db, "r1")] == ["p2"]
        assert {row.id: row.note for row in steps_of(db, "r1")} == {"s1": "", "s2": "why"}
        assert [(row.verb, row.note) for row in actions_of(db, "r1")] == [("terminate", "")]
        assert len(action_steps_of(db, ["a1"])) == 1


def test_all_of_it_goes_with_its_room(database: Database) -> None:
    fill(database)
    with database.session() as db:
        drop_desk(db, ["r1"])
    with database.read() as db:
        found = [steps_of(db, "r1"), actions_of(db, "r1"), answers_of(db, "r1"), problems_of(db, "r1")]
        assert found == [[], [], [], []]
        assert action_steps_of(db, ["a1"]) == []

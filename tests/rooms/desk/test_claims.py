"""Incidents are claimed by name, taken over, given back, and free again when nothing is done with them."""

from __future__ import annotations

import pytest

from core.errors import UserError
from rooms.desk.claims import IDLE_S, MOST_CLAIMS
from rooms.desk.verdicts import Decision
from tests.rooms.stage import Stage


def names(stage: Stage) -> dict[str, str]:
    return {one["incident"]: one["name"] for one in stage.claims.view(stage.room)["claims"]}


def test_a_claim_is_told_to_every_teacher_with_a_name(stage: Stage) -> None:
    ana, ben = stage.teacher("t1"), stage.colleague("Ben", "t2")
    told = stage.claims.claim(stage.room, ana, "i1", False)
    assert [(one["incident"], one["name"]) for one in told["claims"]] == [("i1", ana.name)]
    assert stage.told("t1", "claims")[-1] == stage.told("t2", "claims")[-1] == told
    assert told["claims"][0]["until"] == int((stage.clock.now() + IDLE_S) * 1000)
    assert ben.person != ana.person


def test_another_teacher_takes_it_over_only_on_purpose(stage: Stage) -> None:
    ana, ben = stage.teacher("t1"), stage.colleague("Ben", "t2")
    stage.claims.claim(stage.room, ana, "i1", False)
    with pytest.raises(UserError) as error:
        stage.claims.claim(stage.room, ben, "i1", False)
    assert error.value.code == "claimed" and error.value.params == {"name": ana.name}
    assert names(stage) == {"i1": ana.name}
    stage.claims.claim(stage.room, ben, "i1", True)
    assert names(stage) == {"i1": ben.name}


def test_it_is_given_back_by_its_own_teacher_alone(stage: Stage) -> None:
    ana, ben = stage.teacher("t1"), stage.colleague("Ben", "t2")
    stage.claims.claim(stage.room, ana, "i1", False)
    stage.claims.release(stage.room, ben, "i1")
    assert names(stage) == {"i1": ana.name}
    assert stage.claims.release(stage.room, ana, "i1") == {"claims": []}
    assert stage.told("t2", "claims")[-1] == {"claims": []}


def test_without_activity_it_is_free_again_and_everybody_hears_of_it(stage: Stage) -> None:
    ana = stage.teacher("t1")
    stage.claims.claim(stage.room, ana, "i1", False)
    stage.clock.advance(IDLE_S - 1)
    stage.claims.look_around()
    assert names(stage) == {"i1": ana.name}
    stage.clock.advance(2)
    stage.claims.look_around()
    assert stage.told("t1", "claims")[-1] == {"claims": []}
    heard = len(stage.told("t1", "claims"))
    stage.claims.look_around()
    assert len(stage.told("t1", "claims")) == heard


def test_a_note_renews_the_claim_of_its_teacher_and_no_other(stage: Stage) -> None:
    ana, ben = stage.teacher("t1"), stage.colleague("Ben", "t2")
    stage.alert_service.alert_raised(stage.alert(stage.admitted(), id="a1", evidence=None))
    stage.claims.claim(stage.room, ana, "a1", False)
    review = stage.desk.review
    stage.clock.advance(60)
    review.review_incident(stage.room, ben, "a1", Decision(note="Seen."))
    stage.clock.advance(20)
    review.review_incident(stage.room, ana, "a1", Decision(note="Seen."))
    stage.clock.advance(IDLE_S - 1)
    assert names(stage) == {"a1": ana.name}
    stage.clock.advance(1)
    assert names(stage) == {}


def test_a_verdict_ends_the_claim(stage: Stage) -> None:
    ana = stage.teacher("t1")
    stage.alert_service.alert_raised(stage.alert(stage.admitted(), id="a1", evidence=None))
    review = stage.desk.review
    stage.claims.claim(stage.room, ana, "a1", False)
    review.review_incident(stage.room, ana, "a1", Decision(verdict="dismissed"))
    assert names(stage) == {}


def test_a_page_that_comes_is_told_and_a_closed_room_forgets(stage: Stage) -> None:
    ana = stage.teacher("t1")
    stage.claims.claim(stage.room, ana, "i1", False)
    stage.colleague("Ben", "t2")
    assert [one["incident"] for one in stage.told("t2", "claims")[-1]["claims"]] == ["i1"]
    stage.lifecycle.set_state("r1", "ended", "Ana")
    assert stage.claims.view(stage.room) == {"claims": []}


def test_a_room_has_so_many_claims_and_no_more(stage: Stage) -> None:
    ana = stage.teacher("t1")
    for number in range(MOST_CLAIMS):
        stage.claims.claim(stage.room, ana, f"i{number}", False)
    stage.claims.claim(stage.room, ana, "i0", False)
    with pytest.raises(UserError) as error:
        stage.claims.claim(stage.room, ana, "another", False)
    assert error.value.code == "too_many_claims"

"""Which moves there are, and what is said where there is none."""

import itertools

import pytest

from core.errors import UserError
from rooms.setup.states import PARTICIPANT_MOVES, ROOM_MOVES, ParticipantState, RoomState, move_participant, move_room

ROOM_TABLE = {
    "open": {"running", "ended"},
    "running": {"paused", "ended"},
    "paused": {"running", "ended"},
    "ended": set[str](),
}
PARTICIPANT_TABLE = {
    "checking": {"waiting", "admitted", "removed", "left"},
    "waiting": {"admitted", "refused", "removed", "left"},
    "admitted": {"removed", "left"},
    "refused": {"admitted", "removed", "left"},
    "left": {"removed"},
    "removed": set[str](),
}


@pytest.mark.parametrize(("old", "new"), list(itertools.product(RoomState, RoomState)))
def test_room_moves(old: RoomState, new: RoomState) -> None:
    if new in ROOM_TABLE[old]:
        assert move_room(old, new) is new
        return
    with pytest.raises(UserError) as refused:
        move_room(old, new)
    assert refused.value.code == ("room_ended" if old == "ended" else "bad_move")
    assert refused.value.text % refused.value.params


@pytest.mark.parametrize(("old", "new"), list(itertools.product(ParticipantState, ParticipantState)))
def test_participant_moves(old: ParticipantState, new: ParticipantState) -> None:
    if new in PARTICIPANT_TABLE[old]:
        assert move_participant(old, new) is new
        return
    with pytest.raises(UserError) as refused:
        move_participant(old, new)
    assert refused.value.code == "bad_move"
    assert refused.value.text % refused.value.params


def test_every_state_has_its_moves() -> None:
    assert set(ROOM_MOVES) == set(RoomState)
    assert set(PARTICIPANT_MOVES) == set(ParticipantState)


def test_a_state_that_is_none_is_refused() -> None:
    with pytest.raises(UserError) as refused:
        move_room("open", "exploded")
    assert refused.value.code == "bad_move"


def test_names_are_those_of_the_protocol() -> None:
    assert move_room("open", "running") == "running"
    assert f"{move_participant('checking', 'waiting')}" == "waiting"

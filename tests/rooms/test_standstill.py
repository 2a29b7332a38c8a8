"""The condition that says whether the phone in the room is being handled."""

from __future__ import annotations

from core.types import Observation, ObservationKind
from rooms.directory import LiveRoom, Seat
from rooms.standstill import CALM_AFTER, Standstill
from rooms.views import participant_view
from tests.rooms.stage import Stage


def test_a_phone_that_is_handled_is_told_until_it_has_been_calm(stage: Stage) -> None:
    seat = stage.admitted()
    told: list[bool] = []
    standstill = Standstill(stage.directory)

    def mark(room: LiveRoom, changed: Seat) -> None:
        told.append(participant_view(room, changed)["conditions"]["room_motion"])

    standstill.connect(mark)
    assert participant_view(stage.room, seat)["conditions"]["room_motion"] is None
    for second, shaken in enumerate([0.02, 0.02, 2.5, 0.02, *[0.02] * int(CALM_AFTER)]):
        values = {"gravity": [0, 9.8, 0], "shaken": shaken}
        at = stage.clock.now() + second
        standstill.sensed([Observation("r1", seat.id, ObservationKind.MOVED, at, values, "room")], True)
    assert told == [False, True, False]


def test_other_facts_and_strangers_say_nothing(stage: Stage) -> None:
    seat = stage.admitted()
    standstill = Standstill(stage.directory)
    values = {"gravity": [0, 9.8, 0], "shaken": 5.0}
    standstill.sensed([Observation("r1", "nobody", ObservationKind.MOVED, 1.0, values, "room")], True)
    standstill.sensed([Observation("r1", seat.id, ObservationKind.ARM, 1.0, {}, "arm")], True)
    assert seat.conditions.get("room_motion") is None

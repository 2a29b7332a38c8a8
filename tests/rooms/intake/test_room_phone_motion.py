"""The condition that says whether the phone in the room is being handled."""

from __future__ import annotations

from core.types import Observation, ObservationKind
from rooms.intake.room_phone_motion import CALM_AFTER, RoomPhoneMotion
from rooms.live.directory import LiveRoom
from rooms.live.participant import Student
from rooms.live.views import participant_view
from tests.rooms.stage import Stage


def test_a_phone_that_is_handled_is_told_until_it_has_been_calm(stage: Stage) -> None:
    participant = stage.admitted()
    told: list[bool | None] = []
    room_phone_motion = RoomPhoneMotion(stage.context)

    def mark(room: LiveRoom, participant: Student) -> None:
        told.append(participant_view(room, participant)["conditions"]["room_motion"])

    stage.context.signals.students.condition_changed.connect(mark)
    assert participant_view(stage.room, participant)["conditions"]["room_motion"] is None
    for second, shaken in enumerate([0.02, 0.02, 2.5, 0.02, *[0.02] * int(CALM_AFTER)]):
        values = {"gravity": [0, 9.8, 0], "shaken": shaken}
        at = stage.clock.now() + second
        room_phone_motion.sensed([Observation("r1", participant.id, ObservationKind.MOVED, at, values, "room")], True)
    assert told == [False, True, False]


def test_a_touch_of_the_table_is_no_handling_and_a_clock_set_back_begins_anew(stage: Stage) -> None:
    participant, now = stage.admitted(), stage.clock.now()
    room_phone_motion = RoomPhoneMotion(stage.context)

    def is_moving(shaken: float, second: float) -> bool:
        values = {"gravity": [0, 9.8, 0], "shaken": shaken}
        seen = Observation("r1", participant.id, ObservationKind.MOVED, now + second, values, "room")
        room_phone_motion.sensed([seen], True)
        return bool(participant.handling.is_moving)

    measured = [(0.79, 0), (0.8, 1), (0.2, 11), (0.2, 11.1)]
    assert [is_moving(*one) for one in measured] == [False, True, True, False]
    assert [is_moving(0.8, 20), is_moving(0.2, 19), is_moving(0.2, 20)] == [True, False, True]


def test_other_facts_and_strangers_say_nothing(stage: Stage) -> None:
    participant = stage.admitted()
    room_phone_motion = RoomPhoneMotion(stage.context)
    values = {"gravity": [0, 9.8, 0], "shaken": 5.0}
    room_phone_motion.sensed([Observation("r1", "nobody", ObservationKind.MOVED, 1.0, values, "room")], True)
    room_phone_motion.sensed([Observation("r1", participant.id, ObservationKind.ARM, 1.0, {}, "arm")], True)
    assert participant.handling.is_moving is None

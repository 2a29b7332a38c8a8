"""Whether the student in the picture is the one the references are of, and when that is to be checked again."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from core.ports import Monitor
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom, Participant
from rooms.live.views import identity_view

DETECTOR = "identity"
DOUBTS = 6  # comparisons in a row: three of four must fail for an alert, and some are unsure
STATES: Mapping[str, str] = MappingProxyType({"yes": "authorized", "no": "mismatch", "unsure": "unsure"})


def is_enrolled(participant: Participant) -> bool:
    """Say whether this student can be compared with somebody."""
    return participant.identity not in ("unknown", "")


class Comparison:
    """Keeps what comparisons came to, and asks for the next one where time alone would not bring it soon enough."""

    def __init__(self, context: RoomContext, monitor: Monitor) -> None:
        self._broadcaster = context.broadcaster
        self._event_log = context.event_log
        self._clock = context.clock
        self._monitor = monitor

    def compare(self, room: LiveRoom, participant: Participant, values: Mapping[str, Any]) -> None:
        """Take what a comparison came to, and tell the teachers where that is news."""
        state = STATES[str(values["match"])]
        self._ask_in_doubt(participant, state)
        participant.identity_reason = values.get("reason") if state == "unsure" else None
        if state == participant.identity:
            return
        participant.identity = state
        facts = {"reason": participant.identity_reason, "reference": participant.reference}
        self._event_log.note(f"identity-{state}", room=room.code, student=participant.name, **facts)
        self._broadcaster.participant_changed(room, participant)
        self._broadcaster.to_teachers(
            room, "identity", identity_view(participant, values.get("distance"), self._clock.now())
        )

    def note_judged(self, participant: Participant, judged: bool) -> None:
        """Know whether the last picture counted, as in a running exam."""
        # What failed in the check counted for nothing: once the exam runs it is analysed again at once.
        if judged and not participant.was_judged:
            participant.doubts = 0
            if participant.identity == STATES["no"]:
                self._monitor.ask_now(participant.id, DETECTOR)
        participant.was_judged = judged

    def ask_after_absence(self, participant: Participant, faces: int) -> None:
        """Know how many people are in the picture."""
        # Whoever sits down after the chair was empty is compared at once: that is when people change places.
        came_back = participant.was_absent and faces == 1
        participant.was_absent = faces == 0 or (participant.was_absent and faces != 1)
        if came_back and is_enrolled(participant):
            self._monitor.ask_now(participant.id, DETECTOR)

    def _ask_in_doubt(self, participant: Participant, state: str) -> None:
        # One failed comparison says little: the next are made at once, until there are enough to say something.
        if state == "authorized":
            participant.doubts = 0
        elif state == "mismatch" or participant.doubts:
            participant.doubts += 1
        if 0 < participant.doubts < DOUBTS:
            self._monitor.ask_now(participant.id, DETECTOR)

"""Whether the student in the picture is the one the references are of, and when that is to be checked again."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from core.ports import Monitor
from rooms.identity.references import NONE
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Student
from rooms.live.views import identity_view

DETECTOR = "identity"
DOUBTS = 6  # comparisons in a row: three of four must fail for an alert, and some are unsure
TOO_CLOSE = "too close to tell"
"""The detector's reason for a comparison that says nothing alone, and something together with others."""
STATES: Mapping[str, str] = MappingProxyType({"yes": "authorized", "no": "mismatch", "unsure": "unsure"})
UNKNOWN, ENROLLED = "unknown", "enrolled"


def is_enrolled(participant: Student) -> bool:
    """Say whether this student can be compared with somebody."""
    return participant.identity.state != UNKNOWN


class IdentityStatus:
    """Keeps what comparisons came to, and asks for the next one where time alone would not bring it soon enough."""

    def __init__(self, context: RoomContext, monitor: Monitor) -> None:
        self._broadcaster = context.broadcaster
        self._event_log = context.event_log
        self._clock = context.clock
        self._monitor = monitor

    def take(self, room: LiveRoom, participant: Student, values: Mapping[str, Any]) -> None:
        """Take what a comparison came to, and tell the teachers where that is news."""
        state = STATES[str(values["match"])]
        self._ask_in_doubt(participant, state, values.get("reason") == TOO_CLOSE)
        participant.identity.reason = values.get("reason") if state == "unsure" else None
        if state == participant.identity.state:
            return
        participant.identity.state = state
        facts = {"reason": participant.identity.reason, "reference": participant.identity.reference}
        view = identity_view(participant, values.get("distance"), self._clock.now())
        self._event_log.note(
            f"identity-{state}", event=view["event"], room=room.code, student=participant.name, **facts
        )
        self._broadcaster.participant_changed(room, participant)
        self._broadcaster.to_teachers(room, "identity", view)

    def compare_with(self, participant: Student, reference: str) -> None:
        """Know what a student is compared with from now on: `none`, `check` or `photo`."""
        participant.identity.reference = reference
        if reference != NONE and not is_enrolled(participant):
            participant.identity.state = ENROLLED

    def begin_anew(self, participant: Student) -> None:
        """Hold no comparison for or against a student whose references changed."""
        known = participant.identity
        known.state, known.reason, known.doubts = UNKNOWN, None, 0

    def note_judged(self, participant: Student, judged: bool) -> None:
        """Know whether the last picture counted, as in a running exam."""
        # What failed in the check counted for nothing: once the exam runs it is analysed again at once.
        if judged and not participant.identity.was_judged:
            participant.identity.doubts = 0
            if participant.identity.state == STATES["no"]:
                self._monitor.ask_now(participant.id, DETECTOR)
        participant.identity.was_judged = judged

    def ask_after_absence(self, participant: Student, faces: int) -> None:
        """Know how many people are in the picture."""
        # Whoever sits down after the chair was empty is compared at once: that is when people change places.
        came_back = participant.identity.was_absent and faces == 1
        participant.identity.was_absent = faces == 0 or (participant.identity.was_absent and faces != 1)
        if came_back and is_enrolled(participant):
            self._monitor.ask_now(participant.id, DETECTOR)

    def _ask_in_doubt(self, participant: Student, state: str, too_close: bool) -> None:
        # One comparison that failed, or was too close to tell, says little: the next are made at once, until there are
        # enough to say something.
        if state == "authorized":
            participant.identity.doubts = 0
        elif state == "mismatch" or too_close or participant.identity.doubts:
            participant.identity.doubts += 1
        if 0 < participant.identity.doubts < DOUBTS:
            self._monitor.ask_now(participant.id, DETECTOR)

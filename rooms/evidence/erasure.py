"""Erasing the evidence of one student: the key, what the chain says of it, and every file; the chain stays valid."""

from typing import Any

from core.errors import UserError
from rooms.alerts.alert_service import AlertService
from rooms.alerts.evidence_files import EvidenceFolder
from rooms.evidence.ledgers import Ledgers
from rooms.evidence.vault import Vault
from rooms.live.context import RoomContext
from rooms.live.views import CAPSULE
from rooms.setup.states import RoomState
from store.alerts import AlertRow, all_alerts
from store.desk import erase_words
from store.evidence import ERASED, DataKeyRow, capsules_of, hold_of
from store.rooms import ParticipantRow, Room

REASON = "a teacher erased it"


class Erasure:
    """Erases for good; done once more, it erases what an interrupted time left."""

    def __init__(
        self,
        context: RoomContext,
        vault: Vault,
        ledgers: Ledgers,
        alert_service: AlertService,
        files: EvidenceFolder,
    ) -> None:
        self._database = context.database
        self._event_log = context.event_log
        self._clock = context.clock
        self._vault = vault
        self._ledgers = ledgers
        self._alert_service = alert_service
        self._files = files

    def erase(self, room_id: str, participant_id: str, by: str) -> None:
        """Erase pictures, sound, words and capsules of a student, and what was written; what was done stays, in words.

        Raises:
            UserError: `unknown_participant`, `not_ended`, or `held` for an appeal. StoreUnavailable.
        """
        self._alert_service.rows.settle()
        facts = {"by": by, "at_ms": round(self._clock.now() * 1000), "reason": REASON}
        with self._database.session() as session:
            room, participant = session.get_one(Room, room_id), session.get(ParticipantRow, participant_id)
            if participant is None or participant.room_id != room_id:
                raise UserError("unknown_participant", "This person is not in the room.")
            if room.state != RoomState.ENDED:
                raise UserError("not_ended", "Evidence can be erased once the exam has ended.")
            if hold_of(session, room_id) is not None:
                raise UserError("held", "The evidence of this exam is held. Release it first.")
            key = session.get(DataKeyRow, f"{room_id}/{participant_id}")
            if key is not None:
                session.delete(key)
            capsules = capsules_of(session, room_id, participant_id)
            for one in capsules:
                one.state, one.manifest_hash, one.frames, one.size, one.why = ERASED, "", 0, 0, ""
            alerts = [row.id for row in all_alerts(session, room_id) if row.participant_id == participant_id]
            erase_words(session, room_id, participant_id)
            self._ledgers.erase(session, room_id, participant_id, facts)
        self._erase_files(room_id, alerts)
        self._alert_service.change(alerts, _without_evidence)
        self._event_log.note("evidence-erased", room=room.code, student=participant.name, by=by)

    def _erase_files(self, room_id: str, alerts: list[str]) -> None:
        for alert in alerts:
            try:
                self._vault.drop(room_id, alert)
                self._files.drop(room_id, alert)
            except OSError as error:
                self._event_log.warn("evidence-stays", room=room_id, alert=alert, why=error.strerror or error)
        try:
            self._files.drop_papers(room_id)
        except OSError as error:
            self._event_log.warn("evidence-stays", room=room_id, why=error.strerror or error)


def _without_evidence(row: AlertRow) -> dict[str, Any]:
    numbers = {name: value for name, value in row.numbers.items() if name not in ("kept", CAPSULE)}
    if row.numbers.get(CAPSULE):
        numbers[CAPSULE] = {"state": ERASED, "why": ""}
    return {"evidence": None, "numbers": numbers}

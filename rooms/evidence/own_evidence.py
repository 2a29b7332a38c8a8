"""What a student may know of the evidence about them: how much there is, who looked at it and when."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from sqlalchemy.orm import Session

from core.text_keys import N_
from evidence.chain import ERASURE
from rooms.evidence.journal import VIEW
from store.evidence import ERASED, SEALED, capsules_of, chain_of, records_of_chain

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "capsule": N_("the pictures around an alert"),
        "video": N_("the pictures around an alert, taken away as a video"),
        "picture": N_("the picture of an alert"),
        "sound": N_("the sound around an alert"),
        "words": N_("what was understood around an alert"),
        "export": N_("all of it, to take away"),
    }
)
"""What somebody looked at, in words."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at evidence; `what` is a key of KINDS."""

    at: datetime
    by: str
    what: str

    @property
    def words(self) -> str:
        """Say what was looked at, as a translation key."""
        return KINDS.get(self.what, self.what)


@dataclass(frozen=True, slots=True)
class OwnEvidence:
    """What is kept of one student in one room."""

    capsules: int
    is_erased: bool
    looks: tuple[Look, ...]


def own_evidence(session: Session, room_id: str, participant: str) -> OwnEvidence:
    """Return what is kept of a student, and the looks at it, the newest first."""
    kinds = {row.position: row.kind for row in chain_of(session, room_id)}
    records = records_of_chain(session, room_id, participant)
    looks = [_look(row.payload) for row in records if kinds.get(row.position) == VIEW]
    states = [row.state for row in capsules_of(session, room_id, participant)]
    return OwnEvidence(states.count(SEALED), ERASED in states and ERASURE in kinds.values(), tuple(reversed(looks)))


def _look(payload: bytes) -> Look:
    told = json.loads(payload)
    return Look(datetime.fromtimestamp(told["at_ms"] / 1000, UTC), str(told["by"]), str(told["what"]))

"""The parts that keep what an alert rests on, as one thing for whoever puts the services together."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.rule_catalogue import RuleCatalogue
from evidence.capsule import CapsuleFolder
from evidence.frame_ring import FrameRing
from evidence.notes import Signer
from rooms.evidence.exports import Exports
from rooms.evidence.holds import Holds
from rooms.evidence.journal import Journal
from rooms.evidence.ledgers import Ledgers
from rooms.evidence.recorder import Recorder
from rooms.evidence.unseen import UnseenPictures
from rooms.evidence.vault import Vault
from rooms.live.context import RoomContext


@dataclass(frozen=True, kw_only=True)
class EvidenceGround:
    """What they stand on: where capsules lie, what signs, the server's secret, the SHA-256 of each model in use."""

    folder: CapsuleFolder
    signer: Signer
    secret: str
    models: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class EvidenceParts:
    """Those that need no alert service; those of rooms/evidence/sealing.py come after it."""

    ring: FrameRing
    unseen: UnseenPictures
    recorder: Recorder
    vault: Vault
    ledgers: Ledgers
    journal: Journal
    holds: Holds
    exports: Exports


def evidence_parts(context: RoomContext, ground: EvidenceGround, catalogue: RuleCatalogue) -> EvidenceParts:
    """Build them for one server."""
    ring, unseen, ledgers = FrameRing(context.clock), UnseenPictures(context), Ledgers(context, ground.signer)
    journal = Journal(context, ledgers)
    vault = Vault(context.database, ground.folder, ground.secret)
    return EvidenceParts(
        ring=ring,
        unseen=unseen,
        recorder=Recorder(context, ring, unseen, catalogue=catalogue, models=ground.models),
        vault=vault,
        ledgers=ledgers,
        journal=journal,
        holds=Holds(context, journal),
        exports=Exports(context, vault, ledgers, journal),
    )

"""The parts that seal what was recorded, as one thing for whoever puts the services together."""

from dataclasses import dataclass

from rooms.alerts.alert_service import AlertService
from rooms.alerts.evidence_files import EvidenceFolder
from rooms.evidence.checkpoints import Checkpoints
from rooms.evidence.erasure import Erasure
from rooms.evidence.parts import EvidenceParts
from rooms.evidence.sealer import Sealer
from rooms.live.context import RoomContext


@dataclass(frozen=True, kw_only=True)
class SealingParts:
    """Those that tell teachers of what has become of evidence, or come after them."""

    sealer: Sealer
    checkpoints: Checkpoints
    erasure: Erasure


def sealing_parts(
    context: RoomContext, kept: EvidenceParts, alert_service: AlertService, files: EvidenceFolder
) -> SealingParts:
    """Build them for one server."""
    sealer = Sealer(context, kept.recorder, kept.vault, kept.ledgers, alert_service)
    return SealingParts(
        sealer=sealer,
        checkpoints=Checkpoints(context, kept.ledgers, sealer),
        erasure=Erasure(context, kept.vault, kept.ledgers, alert_service, files),
    )

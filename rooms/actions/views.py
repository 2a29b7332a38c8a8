"""Actions as both sides see them: teachers what became of each, students what is new to them."""

from collections.abc import Sequence

from rooms.actions.orders import FLAG, TERMINATE
from rooms.live.components import Standing
from rooms.live.views import milliseconds
from rooms.protocol.objects import ActionView, NewsView
from store.desk import ActionRow, ActionStep

MOST_NEWS = 10
OVER = frozenset({"undone", "acknowledged", "refused"})


def action_view(row: ActionRow, steps: Sequence[ActionStep]) -> ActionView:
    """Return an `Action`, from the steps that belong to it."""
    at = {one.step: milliseconds(one.at) for one in steps}
    decided = next((one for one in steps if one.step in ("confirmed", "refused")), None)
    return {
        "id": row.id,
        "participant": row.participant_id,
        "verb": row.verb,
        "reason": row.reason,
        "note": row.note,
        "minutes": row.minutes,
        "by": row.person_name,
        "person": row.person_id,
        "at": milliseconds(row.at),
        "delivered": at.get("delivered"),
        "acknowledged": at.get("acknowledged"),
        "undone": at.get("undone"),
        "confirmed": at.get("confirmed"),
        "refused": at.get("refused"),
        "decided_by": decided.person_name if decided else "",
    }


def news_view(rows: Sequence[ActionRow], steps: Sequence[ActionStep], standing: Standing) -> list[NewsView]:
    """Return what a student has not read yet and what still holds, the newest last.

    Flags are told to nobody, and ends in other ways.
    """
    over = {one.action_id for one in steps if one.step in OVER}
    new = [row for row in rows if row.id not in over and _holds(row, standing)]
    return [
        {
            "id": row.id,
            "verb": row.verb,
            "reason": row.reason,
            "note": row.note,
            "minutes": row.minutes,
            "by": row.person_name,
            "at": milliseconds(row.at),
        }
        for row in new[-MOST_NEWS:]
    ]


def _holds(row: ActionRow, standing: Standing) -> bool:
    """Say whether it is still worth telling: a pause while it is what the student sees, its end until the next one."""
    if row.verb in ("resume", "unlock"):
        return not standing.is_held
    if row.verb in ("pause", "lock"):
        return standing.order is not None and standing.order.action == row.id
    return row.verb not in (FLAG, TERMINATE)

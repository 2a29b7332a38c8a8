"""Takes what a browser says when its person allows messages (Push API); keeps no more browsers than a person has."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from notify.outgoing import Unfit, place_of
from notify.ways.push import unpadded
from store.delivery.notices import PushSubscription, subscription_at, subscriptions_of

MOST_BROWSERS = 10
"""Of one person; the oldest gives way."""
POINT_BYTES, AUTH_BYTES = 65, 16


def subscribe(session: Session, user_id: int, told: Any, browser: str, now: datetime) -> None:
    """Keep a subscription for a person, also one that was another's: the browser is theirs now.

    Raises:
        Unfit: it is no subscription.
    """
    endpoint, keys = _checked(told)
    row = subscription_at(session, endpoint)
    if row is None:
        row = PushSubscription(endpoint=endpoint, created_at=now)
        session.add(row)
    row.user_id, row.browser = user_id, browser[:120]
    row.p256dh, row.auth = keys
    session.flush()
    for older in subscriptions_of(session, user_id)[:-MOST_BROWSERS]:
        session.delete(older)


def _checked(told: Any) -> tuple[str, tuple[str, str]]:
    keys = told.get("keys") if isinstance(told, Mapping) else None
    if not isinstance(keys, Mapping) or not isinstance(told.get("endpoint"), str):
        raise Unfit("it is no subscription")
    p256dh, auth = str(keys.get("p256dh", "")), str(keys.get("auth", ""))
    try:
        fits = len(unpadded(p256dh)) == POINT_BYTES and len(unpadded(auth)) == AUTH_BYTES
    except ValueError:
        fits = False
    if not fits:
        raise Unfit("its keys are none")
    place_of(told["endpoint"])
    return told["endpoint"], (p256dh.rstrip("="), auth.rstrip("="))

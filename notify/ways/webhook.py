"""Webhooks: a notice as signed JSON to an address that an administrator gave (Standard Webhooks)."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session
from standardwebhooks import Webhook as Signer

from core.delivery.attempts import GivenUp, Keep, TryLater
from core.text_keys import N_
from notify.ground import NotifyGround
from notify.outgoing import Answer, post
from notify.ways.base import Target, Way
from notify.webhook_secrets import SecretBox
from store.delivery.notices import Webhook
from store.delivery.outbox import MOST_ERROR
from store.users import User

GONE = 410


def deliver(ground: NotifyGround, target: Target, told: Mapping[str, Any]) -> Keep:
    """Send one notice, signed; a receiver that is gone for good hears nothing more."""
    hook_id = int(target["webhook"])
    with ground.database.read() as session:
        hook = session.get(Webhook, hook_id)
    if hook is None or hook.state != "on":
        raise GivenUp("the webhook was switched off or removed")
    secret = SecretBox(ground.settings.secret()).open(hook.sealed_secret)
    if secret is None:
        why = "its secret was sealed with another key of this server; remove the webhook and add it again"
        raise GivenUp(why, _note(hook_id, why))
    try:
        answer = post(hook.address, *signed(told, secret, ground.clock.now()), ground.settings.private_targets)
    except (GivenUp, TryLater) as error:
        error.keep = _note(hook_id, str(error))
        raise
    return _judged(answer, hook_id, datetime.fromtimestamp(ground.clock.now(), UTC))


def signed(told: Mapping[str, Any], secret: str, now: float) -> tuple[dict[str, str], bytes]:
    """Return the headers and the body of a notice."""
    body = json.dumps({name: told[name] for name in ("type", "timestamp", "data")}, ensure_ascii=False)
    at = datetime.fromtimestamp(int(now), UTC)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": str(told["id"]),
        "webhook-timestamp": str(int(now)),
        "webhook-signature": Signer(secret).sign(str(told["id"]), at, body),
    }
    return headers, body.encode()


def _judged(answer: Answer, hook_id: int, now: datetime) -> Keep:
    if answer.is_good:
        return lambda session: _change(session, hook_id, told_at=now, error="")
    why = f"it answered {answer.status} {answer.reason}".strip()
    if answer.status == GONE:
        raise GivenUp(f"{why}: switched off", lambda session: _change(session, hook_id, state="gone", error=why))
    if 300 <= answer.status < 400:
        why += "; redirects are not followed"
    raise TryLater(why, _note(hook_id, why))


def _note(hook_id: int, why: str) -> Keep:
    return lambda session: _change(session, hook_id, error=why[:MOST_ERROR])


def _change(session: Session, hook_id: int, **values: Any) -> None:
    hook = session.get(Webhook, hook_id)
    if hook is not None:
        for name, value in values.items():
            setattr(hook, name, value)


def _no_targets(_session: Session, _person: User) -> list[dict[str, Any]]:
    return []


WAY = Way(
    name="webhook",
    label=N_("Webhook"),
    is_personal=False,
    obstacle=lambda _settings: "",
    targets=_no_targets,
    deliver=deliver,
)

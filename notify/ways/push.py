"""Web Push: a message to a browser that allowed it, sealed so that the push service cannot read it (RFC 8291, 8292)."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02
from sqlalchemy.orm import Session

from core.delivery.attempts import GivenUp, Keep, TryLater
from core.delivery.mail_server import mail_server
from core.text_keys import N_
from notify.ground import NotifyGround, NotifySettings
from notify.message import Message
from notify.outgoing import place_of, post
from notify.ways.base import Target, Way
from notify.ways.mail import sender_of
from store.delivery.notices import PushSubscription, subscriptions_of
from store.users import User

GONE = (404, 410)
KEPT_S, KEPT_ENDED_S = 900, 3 * 86400
"""How long a push service keeps a message for a browser that is switched off: what is urgent is stale soon."""
CLAIM_S = 12 * 3600
MOST_BYTES = 3000
"""Of a message: push services take 4,096 with all that is added."""
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve P-256."""
NO_CONTACT = "mailto:examonitor@localhost.localdomain"


def deliver(ground: NotifyGround, target: Target, told: Mapping[str, Any]) -> Keep:
    """Send a message to one browser; one that is gone is forgotten."""
    row_id, message = int(target["subscription"]), Message.of(told)
    with ground.database.read() as session:
        row = session.get(PushSubscription, row_id)
    if row is None:
        raise GivenUp("the browser shows no messages any more")
    body = sealed(shown(message), row.p256dh, row.auth)
    headers = {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEPT_S if message.is_urgent else KEPT_ENDED_S),
        "Urgency": "high" if message.is_urgent else "normal",
        "Topic": message.id[:32],
        **claim(ground.settings, row.endpoint, ground.clock.now()),
    }
    answer = post(row.endpoint, headers, body, ground.settings.private_targets)
    if answer.is_good:
        now = datetime.fromtimestamp(ground.clock.now(), UTC)
        return lambda session: _told(session, row_id, now)
    why = f"the push service answered {answer.status} {answer.reason}".strip()
    if answer.status in GONE:
        raise GivenUp(f"{why}: the browser is forgotten", lambda session: _forget(session, row_id))
    raise TryLater(why)


def shown(message: Message) -> bytes:
    """Return what static/js/push_worker.js shows."""
    body = "\n".join(message.lines)
    while True:
        told = {"title": message.subject, "body": body, "link": message.link, "tag": message.id}
        content = json.dumps(told, ensure_ascii=False).encode()
        if len(content) <= MOST_BYTES or not body:
            return content
        body = body[: len(body) * 3 // 4]


def sealed(content: bytes, p256dh: str, auth: str) -> bytes:
    """Return the content as only the browser with these keys can read it."""
    once = ec.generate_private_key(ec.SECP256R1())
    try:
        return bytes(http_ece.encrypt(content, private_key=once, dh=unpadded(p256dh), auth_secret=unpadded(auth)))
    except (http_ece.ECEException, ValueError) as error:
        raise GivenUp(f"the browser gave keys that cannot be used: {error}") from error


def claim(settings: NotifySettings, endpoint: str, now: float) -> dict[str, str]:
    """Return the header that says who sends (VAPID)."""
    claims = {"aud": place_of(endpoint).origin, "exp": str(int(now) + CLAIM_S), "sub": contact(settings)}
    return dict(Vapid02(private_key(settings.push_key())).sign(claims))


def contact(settings: NotifySettings) -> str:
    """Return whom a push service may write to about us; some refuse what is no real address."""
    if settings.mail_from or settings.smtp_url:
        return f"mailto:{settings.mail_from or sender_of(settings, mail_server(settings.smtp_url))}"
    return settings.public_url if settings.public_url.startswith("https://") else NO_CONTACT


def private_key(kept: bytes) -> ec.EllipticCurvePrivateKey:
    """Return the key of the curve that 32 random bytes stand for."""
    return ec.derive_private_key(int.from_bytes(kept, "big") % (ORDER - 1) + 1, ec.SECP256R1())


def public_key(kept: bytes) -> str:
    """Return what a browser must know of our key, as base64 without padding."""
    point = private_key(kept).public_key()
    raw = point.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unpadded(text: str) -> bytes:
    """Return the bytes of base64 for addresses; ValueError for anything else."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _told(session: Session, row_id: int, now: datetime) -> None:
    row = session.get(PushSubscription, row_id)
    if row is not None:
        row.told_at = now


def _forget(session: Session, row_id: int) -> None:
    row = session.get(PushSubscription, row_id)
    if row is not None:
        session.delete(row)


def _targets(session: Session, person: User) -> list[dict[str, Any]]:
    return [{"subscription": row.id} for row in subscriptions_of(session, person.id)]


WAY = Way(
    name="push",
    label=N_("In this browser, also while the page is closed"),
    is_personal=True,
    obstacle=lambda _settings: "",
    targets=_targets,
    deliver=deliver,
)

"""Web Push: only the browser reads it, the push service knows who sends it, a browser that is gone is forgotten."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from core.clock import SystemClock
from core.delivery.attempts import GivenUp, TryLater
from jobs.ground import Ground
from notify.message import Item, message_of
from notify.ways import push
from settings import load_settings
from store.delivery.notices import PushSubscription
from tests.notify.conftest import ANA
from tests.notify.receivers import http_receiver
from tests.store.makers import MOMENT

MESSAGE = message_of([Item("hand_waits", 1.0, "r1", "Algèbre")], "en", "https://exam.example").payload()


class BrowserKeys:
    """What a browser makes for a subscription."""

    def __init__(self) -> None:
        self._private, self._auth = ec.generate_private_key(ec.SECP256R1()), bytes(range(16))
        encoding, form = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        self.p256dh = unpadded(self._private.public_key().public_bytes(encoding, form))
        self.auth = unpadded(self._auth)

    def read(self, body: bytes) -> Any:
        """Open what was sealed for this browser."""
        return json.loads(http_ece.decrypt(body, private_key=self._private, auth_secret=self._auth))


def unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def subscribe(ground: Ground, endpoint: str, keys: BrowserKeys) -> dict[str, int]:
    with ground.database.session() as session:
        row = PushSubscription(user_id=ANA, endpoint=endpoint, p256dh=keys.p256dh, auth=keys.auth, created_at=MOMENT)
        session.add(row)
        session.flush()
        return {"subscription": row.id}


def test_the_browser_reads_it_and_the_push_service_learns_who_sends(ground: Ground) -> None:
    ground, keys = replace(ground, clock=SystemClock()), BrowserKeys()
    with http_receiver(201) as receiver:
        keep = push.deliver(ground, subscribe(ground, receiver.url("/push/abc"), keys), MESSAGE)
    ((path, headers, body),) = receiver.taken
    assert path == "/push/abc" and headers["content-encoding"] == "aes128gcm"
    assert b"hand" not in body and int(headers["ttl"]) > 0 and headers["urgency"] == "high"
    read = keys.read(body)
    assert read["title"] == "Examonitor – Algèbre: A raised hand that nobody has seen"
    assert read["link"] == "https://exam.example/rooms/r1"
    scheme, _, fields = headers["authorization"].partition(" ")
    values = dict(part.strip().split("=", 1) for part in fields.split(","))
    assert scheme == "vapid" and values["k"] == push.public_key(ground.settings.push_key())
    assert Vapid02.verify(headers["authorization"])
    claims = json.loads(push.unpadded(values["t"].split(".")[1]))
    assert claims["aud"] == receiver.url("").rstrip("/")
    with ground.database.session() as session:
        keep(session)
    with ground.database.read() as session:
        assert session.get_one(PushSubscription, 1).told_at is not None


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(ground: Ground, status: int) -> None:
    with http_receiver(status) as receiver:
        target = subscribe(ground, receiver.url(), BrowserKeys())
        with pytest.raises(GivenUp) as error:
            push.deliver(ground, target, MESSAGE)
    with ground.database.session() as session:
        assert error.value.keep is not None
        error.value.keep(session)
    with ground.database.read() as session:
        assert session.get(PushSubscription, 1) is None
    with pytest.raises(GivenUp, match="no messages any more"):
        push.deliver(ground, target, MESSAGE)


def test_a_push_service_that_is_busy_is_asked_again(ground: Ground) -> None:
    with http_receiver(429) as receiver, pytest.raises(TryLater, match="429"):
        push.deliver(ground, subscribe(ground, receiver.url(), BrowserKeys()), MESSAGE)


def test_an_address_inside_the_network_is_refused(ground: Ground) -> None:
    closed = replace(ground, settings=replace(ground.settings, private_targets=False))  # type: ignore[type-var]  # a protocol to mypy
    with http_receiver() as receiver, pytest.raises(GivenUp, match="inside the network"):
        push.deliver(closed, subscribe(ground, receiver.url(), BrowserKeys()), MESSAGE)
    assert receiver.taken == []


def test_keys_that_are_none_are_given_up(ground: Ground) -> None:
    keys = BrowserKeys()
    keys.p256dh = unpadded(b"\x04" + bytes(64))
    with http_receiver() as receiver, pytest.raises(GivenUp, match="keys that cannot be used"):
        push.deliver(ground, subscribe(ground, receiver.url(), keys), MESSAGE)


def test_a_long_message_is_cut_to_what_push_services_take() -> None:
    items = [Item("server_trouble", 1.0, None, "", {"what": f"é{number} " * 40}) for number in range(60)]
    content = push.shown(message_of(items, "en", ""))
    assert 2000 < len(content) <= push.MOST_BYTES and json.loads(content)["body"].startswith("é0")


def test_the_key_is_made_once_and_stays(tmp_path: Path) -> None:
    first = load_settings({}, data_dir=tmp_path).push_key()
    assert load_settings({}, data_dir=tmp_path).push_key() == first
    assert len(push.unpadded(push.public_key(first))) == 65

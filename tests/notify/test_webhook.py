"""Webhooks: signed as the standard says, pinned to a vetted address, no redirects, off when the receiver is gone."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from core.clock import SystemClock
from core.delivery.attempts import GivenUp, Keep, TryLater
from jobs.ground import Ground
from notify.outgoing import Place, Unfit, is_public, place_of, vetted
from notify.ways import webhook
from notify.webhook_secrets import SecretBox, secret_of
from store.delivery.notices import Webhook
from tests.notify.receivers import http_receiver
from tests.store.makers import MOMENT

SECRET = secret_of(bytes(range(32)))
TOLD = {"id": "msg_1", "type": "hand_waits", "timestamp": "2026-03-02T09:00:00+00:00", "data": {"text": "Zoë · main"}}


@pytest.fixture
def now_ground(ground: Ground) -> Ground:
    """By the machine's clock: a receiver refuses what was signed long ago."""
    return replace(ground, clock=SystemClock())


def hook_at(ground: Ground, address: str, **changed: Any) -> dict[str, int]:
    box = SecretBox(ground.settings.secret())
    with ground.database.session() as session:
        row = Webhook(
            address=address, sealed_secret=box.seal(SECRET), events=["hand_waits"], created_at=MOMENT, **changed
        )
        session.add(row)
        session.flush()
        return {"webhook": row.id}


def keep(ground: Ground, what: Keep | None) -> Webhook:
    """Write what is to be remembered, and return the webhook."""
    with ground.database.session() as session:
        if what is not None:
            what(session)
        return session.get_one(Webhook, 1)


def test_a_receiver_can_verify_who_sent_it_and_notices_a_changed_byte(now_ground: Ground) -> None:
    with http_receiver() as receiver:
        target = hook_at(now_ground, receiver.url("/hook?a=1"))
        row = keep(now_ground, webhook.deliver(now_ground, target, TOLD))
    ((path, headers, body),) = receiver.taken
    assert path == "/hook?a=1" and headers["webhook-id"] == "msg_1"
    assert Verifier(SECRET).verify(body, headers) == {key: TOLD[key] for key in ("type", "timestamp", "data")}
    with pytest.raises(WebhookVerificationError):
        Verifier(SECRET).verify(body.replace(b"main", b"mian"), headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(secret_of(bytes(32))).verify(body, headers)
    assert row.told_at is not None and row.error == ""


@pytest.mark.parametrize("status", [302, 307, 404, 429, 500, 503])
def test_whatever_is_no_success_is_tried_again_and_a_redirect_is_not_followed(ground: Ground, status: int) -> None:
    with http_receiver(status) as receiver:
        target = hook_at(ground, receiver.url())
        with pytest.raises(TryLater, match=f"it answered {status}") as error:
            webhook.deliver(ground, target, TOLD)
    assert len(receiver.taken) == 1
    row = keep(ground, error.value.keep)
    assert f"{status}" in row.error and row.state == "on"


def test_a_receiver_that_is_gone_hears_nothing_more(ground: Ground) -> None:
    with http_receiver(410) as receiver:
        target = hook_at(ground, receiver.url())
        with pytest.raises(GivenUp, match="410") as error:
            webhook.deliver(ground, target, TOLD)
        assert keep(ground, error.value.keep).state == "gone"
        with pytest.raises(GivenUp, match="switched off"):
            webhook.deliver(ground, target, TOLD)
    assert len(receiver.taken) == 1


def test_an_address_inside_the_network_is_refused_unless_that_is_allowed(ground: Ground) -> None:
    closed = replace(ground, settings=replace(ground.settings, private_targets=False))  # type: ignore[type-var]  # a protocol to mypy
    with http_receiver() as receiver:
        target = hook_at(ground, receiver.url())
        with pytest.raises(GivenUp, match="inside the network"):
            webhook.deliver(closed, target, TOLD)
    assert receiver.taken == []


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.0.0.8",
            "172.16.3.4",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "224.0.0.1",
        ),
        *("::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::", "2002:7f00:1::1"),
    ],
)
def test_what_is_no_address_of_the_internet_is_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_addresses_of_the_internet_are_known(address: str) -> None:
    assert is_public(address)


def test_the_address_that_was_vetted_is_the_one_that_is_used() -> None:
    assert vetted(place_of("http://localhost:8080/x"), private_too=True).address in ("127.0.0.1", "::1")
    with pytest.raises(Unfit, match="inside the network"):
        vetted(Place("http", "localhost", 80, "/"), private_too=False)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ftp://a.example",
        "file:///etc/passwd",
        "https://",
        "http://a.example:x",
        "https://u:p@a.example",
        "http://a b",
    ],
)
def test_what_is_no_address_of_a_webhook_is_said(address: str) -> None:
    with pytest.raises(Unfit):
        place_of(address)


def test_a_secret_of_another_server_is_said_and_nothing_sent(ground: Ground) -> None:
    with http_receiver() as receiver:
        target = hook_at(ground, receiver.url())
        with ground.database.session() as session:
            session.get_one(Webhook, 1).sealed_secret = SecretBox("another secret").seal(SECRET)
        with pytest.raises(GivenUp, match="sealed with another key"):
            webhook.deliver(ground, target, TOLD)
    assert receiver.taken == []


def test_the_secret_does_not_lie_open_in_the_database(ground: Ground) -> None:
    hook_at(ground, "https://a.example")
    with ground.database.read() as session:
        sealed = session.get_one(Webhook, 1).sealed_secret
    assert SECRET.encode() not in sealed and SecretBox(ground.settings.secret()).open(sealed) == SECRET


def test_the_body_is_the_json_that_was_signed(ground: Ground) -> None:
    headers, body = webhook.signed(TOLD, SECRET, 1_700_000_000.7)
    assert json.loads(body)["data"] == TOLD["data"] and headers["webhook-timestamp"] == "1700000000"

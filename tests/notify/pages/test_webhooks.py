"""The administrator's page of webhooks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from notify.webhook_secrets import SecretBox
from store.delivery.notices import Webhook
from tests.notify.pages.test_notifications import jobs, site
from tests.site import Site, text_of

__all__ = ["site"]
PAGE = "/webhooks"
NEW: dict[str, Any] = {"url": "https://alarm.example/hook", "events": ["incident_waits", "server_trouble"]}


def rows(site: Site) -> list[Webhook]:
    with site.services.database.read() as db:
        return list(db.scalars(select(Webhook).order_by(Webhook.id)))


def test_a_webhook_is_added_and_its_secret_shown_once(site: Site) -> None:
    admin = site.teacher()
    page = text_of(admin.post(PAGE, **NEW))
    secret = re.findall(r'value="(whsec_[^"]+)"', page)[0]
    (row,) = rows(site)
    assert (row.address, row.events, row.state) == (NEW["url"], NEW["events"], "on")
    assert SecretBox(site.services.settings.secret()).open(row.sealed_secret) == secret
    assert secret not in text_of(admin.get(PAGE)) and "alarm.example" in text_of(admin.get(PAGE))


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("", "Please fill this in."),
        ("alarm.example", "This is no address that messages can go to"),
        ("https://u:p@alarm.example", "This is no address that messages can go to"),
        ("http://127.0.0.1:8080/hook", "This address lies inside the network"),
        ("http://localhost/hook", "This address lies inside the network"),
        ("http://[::1]/hook", "This address lies inside the network"),
        ("http://169.254.169.254/latest", "This address lies inside the network"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_in_words(site: Site, address: str, told: str) -> None:
    answer = site.teacher().post(PAGE, **{**NEW, "url": address})
    assert answer.status_code == 422 and told in text_of(answer)
    assert rows(site) == []


def test_it_is_switched_off_and_on_tried_and_removed(site: Site) -> None:
    admin = site.teacher()
    admin.post(PAGE, **NEW)
    assert admin.post(f"{PAGE}/1/off").status_code == 302 and rows(site)[0].state == "off"
    assert admin.post(f"{PAGE}/1/on").status_code == 302 and rows(site)[0].state == "on"
    admin.post(f"{PAGE}/1/test")
    (job,) = jobs(site)
    assert job.payload["target"] == {"webhook": 1} and job.payload["message"]["type"] == "test"
    assert admin.post(f"{PAGE}/1/remove").status_code == 302 and rows(site) == []
    for what in ("on", "test", "remove"):
        assert admin.post(f"{PAGE}/1/{what}").status_code == 404


def test_what_went_wrong_stands_beside_it(site: Site) -> None:
    admin = site.teacher()
    admin.post(PAGE, **NEW)
    with site.services.database.session() as db:
        row = db.get_one(Webhook, 1)
        row.state, row.error = "gone", "it answered 410 Gone"
    page = text_of(admin.get(PAGE))
    assert "it answered 410 Gone" in page and "its receiver wants no more" in page


def test_teachers_who_are_no_administrators_see_nothing_of_it(site: Site) -> None:
    site.teacher()
    ben = site.teacher("Ben")
    assert ben.get(PAGE).status_code == ben.post(PAGE, **NEW).status_code == 403
    assert rows(site) == []


def test_there_is_an_end_to_how_many_there_are(site: Site) -> None:
    admin = site.teacher()
    answers = [admin.post(PAGE, **{**NEW, "url": f"https://a{number}.example"}) for number in range(21)]
    assert {answer.status_code for answer in answers[:-1]} == {200} and answers[-1].status_code == 422
    assert len(rows(site)) == 20

"""A person's page of notifications."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from notify.fan_out import DELIVER_JOB
from store.delivery.notices import NotificationRules, PushSubscription
from store.delivery.outbox import JobRow
from tests.notify.test_push import BrowserKeys
from tests.site import Browser, Site, text_of

PAGE = "/account/notifications"
WISHES: dict[str, Any] = {"ways": ["incident_waits/mail", "report_ready/push"], "digest": "60", "zone": "Europe/Paris"}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A server without anybody."""
    made = Site(tmp_path)
    yield made
    made.close()


def rules(site: Site, person: int = 1) -> NotificationRules | None:
    with site.services.database.read() as db:
        return db.get(NotificationRules, person)


def subscription(endpoint: str = "https://push.example/a", **changed: str) -> dict[str, Any]:
    keys = BrowserKeys()
    return {"endpoint": endpoint, "expirationTime": None, "keys": {"p256dh": keys.p256dh, "auth": keys.auth, **changed}}


def allow(browser: Browser, told: Any) -> int:
    headers = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    answer = browser._client.post(
        f"{PAGE}/browsers", data=json.dumps(told), content_type="application/json", headers=headers
    )
    return answer.status_code


def test_wishes_are_kept_and_shown_again(site: Site) -> None:
    ana = site.teacher()
    assert ana.post(PAGE, **WISHES, quiet="1", quiet_from="22:30", quiet_until="06:45").status_code == 302
    row = rules(site)
    assert row is not None and row.ways == {"incident_waits": ["mail"], "report_ready": ["push"]}
    assert (row.digest_minutes, row.quiet_from, row.quiet_until, row.zone) == (
        60,
        22 * 60 + 30,
        6 * 60 + 45,
        "Europe/Paris",
    )
    assert (row.locale, row.site) == ("en", "http://localhost")
    page = text_of(ana.get(PAGE))
    ticked = re.findall(r'name="ways" value="([^"]+)"[^>]*checked', page)
    assert ticked == WISHES["ways"] and 'value="22:30"' in page and "Your notifications were saved." in page


def test_the_language_is_the_one_in_which_the_page_was_saved(site: Site) -> None:
    assert site.teacher().log_in() is not None
    french = site.browser("fr")
    french.log_in()
    french.post(PAGE, **WISHES)
    row = rules(site)
    assert row is not None and row.locale == "fr"


@pytest.mark.parametrize(
    "wrong",
    [
        {"ways": ["incident_waits/pigeon"]},
        {"digest": "7"},
        {"zone": "Atlantis/Capital"},
        {"quiet": "1", "quiet_from": "22:00", "quiet_until": ""},
        {"quiet": "1", "quiet_from": "soon", "quiet_until": "07:00"},
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_kept(site: Site, wrong: dict[str, Any]) -> None:
    ana = site.teacher()
    assert ana.post(PAGE, **{**WISHES, **wrong}).status_code == 422
    assert rules(site) is None


def test_trouble_of_the_server_is_offered_to_administrators_alone(site: Site) -> None:
    ana, ben = site.teacher(), site.teacher("Ben")
    assert "Trouble of the server" in text_of(ana.get(PAGE)) and "Trouble of the server" not in text_of(ben.get(PAGE))
    assert ben.post(PAGE, **{**WISHES, "ways": ["server_trouble/mail"]}).status_code == 422


def test_without_a_mail_server_the_page_says_so_and_sends_no_test(site: Site) -> None:
    ana = site.teacher()
    assert "its administrator has set no mail server" in text_of(ana.get(PAGE))
    ana.post(f"{PAGE}/test/mail")
    assert jobs(site) == []


def test_a_test_mail_is_put_into_the_outbox(site: Site) -> None:
    ana = site.teacher()
    object.__setattr__(site.services, "settings", replace(site.services.settings, smtp_url="smtp://mail.example"))
    assert ana.post(f"{PAGE}/test/mail").status_code == 302
    (job,) = jobs(site)
    assert (job.kind, job.payload["way"], job.payload["target"]) == (
        DELIVER_JOB,
        "mail",
        {"address": "ana@school.example"},
    )
    assert "test message" in job.payload["message"]["lines"][0]
    ana.post(f"{PAGE}/test/mail")
    assert len(jobs(site)) == 1 and "went out a moment ago" in text_of(ana.get(PAGE))
    site.clock.advance(10)
    ana.post(f"{PAGE}/test/mail")
    assert len(jobs(site)) == 2
    assert ana.post(f"{PAGE}/test/webhook").status_code == ana.post(f"{PAGE}/test/pigeon").status_code == 404


def test_a_browser_is_added_shown_and_removed_by_its_own_person_alone(site: Site) -> None:
    ana, ben = site.teacher(), site.teacher("Ben")
    assert allow(ana, subscription()) == 201
    assert "Firefox · Linux" in text_of(ana.get(PAGE)) and "Firefox · Linux" not in text_of(ben.get(PAGE))
    assert ben.post(f"{PAGE}/browsers/1/remove").status_code == 404
    assert len(browsers(site)) == 1
    assert ana.post(f"{PAGE}/browsers/1/remove").status_code == 302
    assert browsers(site) == []


def test_a_browser_that_somebody_else_uses_now_is_theirs(site: Site) -> None:
    ana, ben = site.teacher(), site.teacher("Ben")
    allow(ana, subscription())
    allow(ben, subscription())
    assert [row.user_id for row in browsers(site)] == [2]


def test_the_oldest_of_too_many_browsers_gives_way(site: Site) -> None:
    ana = site.teacher()
    for number in range(12):
        allow(ana, subscription(f"https://push.example/{number}"))
    assert [row.endpoint[-2:].lstrip("/") for row in browsers(site)] == [str(number) for number in range(2, 12)]


@pytest.mark.parametrize(
    "told",
    [
        *(None, [], "x", {}, {"endpoint": "https://push.example"}, subscription("ftp://a.example")),
        *(subscription(p256dh="AA"), subscription(auth="not base64!"), subscription("https://" + "a" * 2000)),
    ],
)
def test_what_is_no_subscription_is_refused(site: Site, told: Any) -> None:
    ana = site.teacher()
    assert allow(ana, told) in (415, 422)
    assert browsers(site) == []


def test_who_is_not_logged_in_is_led_to_the_log_in(site: Site) -> None:
    site.teacher()
    stranger = site.browser()
    assert stranger.get(PAGE).status_code == 302 and allow(stranger, subscription()) in (302, 401)
    assert browsers(site) == []


def browsers(site: Site) -> list[PushSubscription]:
    with site.services.database.read() as db:
        return list(db.scalars(select(PushSubscription).order_by(PushSubscription.id)))


def jobs(site: Site) -> list[JobRow]:
    with site.services.database.read() as db:
        return list(db.scalars(select(JobRow)))

"""The pages of notifications and webhooks, and the worker that shows push messages, in a real browser."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.axe import findings
from tests.browser.people import Teacher
from tests.flows.live_server import LiveServer, wait_until

PHONE, LAPTOP = ViewportSize(width=390, height=844), ViewportSize(width=1366, height=768)
WORKER = "/static/js/push/worker.js"
NOTICES = """async () => {
  const registration = await navigator.serviceWorker.getRegistration("/static/js/push/");
  return (await registration.getNotifications()).map(({ title, body, data }) => ({ title, body, link: data.link }));
}"""
REGISTER = """async (worker) => {
  const { installing } = await navigator.serviceWorker.register(worker);
  await new Promise((resolve) => {
    if (!installing) return resolve();
    installing.addEventListener("statechange", () => installing.state === "activated" && resolve());
  });
}"""
REFUSE = "() => { Notification.requestPermission = async () => { window.asked = true; return 'denied'; }; }"


@pytest.fixture
def server(blind_server: LiveServer) -> LiveServer:
    """One that looks at nothing."""
    return blind_server


@pytest.fixture
def page(new_teacher: Callable[..., Teacher], server: LiveServer) -> Page:
    """The page of a teacher's notifications."""
    opened = new_teacher().page
    opened.goto(f"{server.url}/account/notifications")
    return opened


def test_wishes_are_ticked_saved_and_there_again(page: Page) -> None:
    label = "A critical incident that nobody looks after: Mail"
    page.get_by_label(label).focus()
    page.keyboard.press("Space")
    page.locator("#quiet").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your notifications were saved.")).to_be_visible()
    expect(page.get_by_label(label)).to_be_checked()
    expect(page.locator("#quiet")).to_be_checked()
    assert page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone") == page.locator("#zone").input_value()
    found = []
    for size in (PHONE, LAPTOP):
        page.set_viewport_size(size)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        found += findings(page, f"notifications, {size['width']} wide")
    assert not found, "\n".join(found)


def test_nothing_asks_for_permission_before_the_click_and_a_refusal_is_said(page: Page) -> None:
    page.evaluate(REFUSE)
    assert page.evaluate("window.asked") is None
    page.get_by_role("button", name="Show messages in this browser").click()
    expect(page.locator("#push-said")).to_contain_text("The browser does not allow messages of this page.")
    assert page.evaluate("window.asked") is True


def test_the_worker_shows_what_it_is_sent(page: Page, server: LiveServer) -> None:
    page.context.grant_permissions(["notifications"], origin=server.url)
    session = page.context.new_cdp_session(page)
    registrations: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registrations.extend(one["registrationId"] for one in told["registrations"]),
    )
    session.send("ServiceWorker.enable")
    page.evaluate(REGISTER, WORKER)
    told = {"title": "Examonitor – Algebra", "body": "A hand is up.", "link": f"{server.url}/rooms", "tag": "t1"}
    wait_until(lambda: page.evaluate("1") and registrations, "the browser knows the worker")

    def is_shown() -> bool:
        # the driver drops what it delivers while the worker starts; the same tag replaces what is shown already
        message = {"origin": server.url, "registrationId": registrations[-1], "data": json.dumps(told)}
        session.send("ServiceWorker.deliverPushMessage", message)
        return bool(page.evaluate(NOTICES))

    wait_until(is_shown, "it is shown")
    assert page.evaluate(NOTICES) == [{name: told[name] for name in ("title", "body", "link")}]

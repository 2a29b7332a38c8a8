"""No form works from another site."""

from __future__ import annotations

import re

from tests.site import PASSWORD, Site, text_of


def test_a_form_without_its_token_is_refused(site: Site) -> None:
    site.app.config["WTF_CSRF_ENABLED"] = True
    browser = site.browser()
    assert browser.register().status_code == 400


def test_a_form_with_its_token_works(site: Site) -> None:
    site.app.config["WTF_CSRF_ENABLED"] = True
    browser = site.browser()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text_of(browser.get("/register")))
    assert token
    assert browser.register(csrf_token=token[1], password=PASSWORD).status_code == 302

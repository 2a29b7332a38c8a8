"""Each page in the person's language."""

from __future__ import annotations

import pytest

from tests.site import Site, text_of


@pytest.mark.parametrize(("wish", "language"), [("fr-CH, en;q=0.5", "fr"), ("de", "en"), ("en-GB, fr;q=0.9", "en")])
def test_the_browsers_wish_is_followed(site: Site, wish: str, language: str) -> None:
    assert f'<html lang="{language}"' in text_of(site.browser(wish).get("/register"))


def test_a_choice_wins_over_the_browsers_wish_and_leads_back(site: Site) -> None:
    browser = site.browser("en")
    assert browser.post("/language", locale="fr", next="/register").location == "/register"
    assert '<html lang="fr"' in text_of(browser.get("/register"))


def test_an_unknown_language_is_not_kept_and_nobody_is_led_away(site: Site) -> None:
    browser = site.browser("en")
    assert browser.post("/language", locale="xx", next="https://evil.example").location == "/"
    assert '<html lang="en"' in text_of(browser.get("/register"))


def test_scripts_get_their_texts(site: Site) -> None:
    browser = site.browser()
    assert browser.get("/i18n/en.json").get_json() == {}
    french = browser.get("/i18n/fr.json").get_json()
    assert all(isinstance(text, str) and english for english, text in french.items())
    assert browser.get("/i18n/..json").status_code == 404
    assert browser.get("/i18n/de.json").status_code == 404

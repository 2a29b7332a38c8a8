"""Every form says of itself what is so, and nothing else: screen readers read attributes as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site import Site, text_of

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("path", ["/register", "/login", "/account", "/people", "/rooms/new", "/rooms", "/"])
def test_no_attribute_says_none(site: Site, path: str) -> None:
    browser = site.browser() if path == "/register" else site.teacher()
    page = text_of((site.browser() if path == "/login" else browser).get(path))
    assert "<form" in page or path == "/rooms"
    assert '="None"' not in page and "aria-invalid" not in page


def test_fields_are_declared_in_python_and_never_written_by_hand() -> None:
    drawn = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "templates/rooms").glob("form*.html")}
    assert {"form.html", "form_advanced.html", "form_alerts.html"} <= set(drawn)
    by_hand = re.compile(r"<(select|textarea)\b|<input (?!type=\"hidden\" name=\"csrf_token\")[^>]*name=\"\w")
    found = [f"{name}: {match[0]}" for name, text in drawn.items() for match in by_hand.finditer(text)]
    assert found == []


def test_a_field_with_an_error_is_marked_and_tied_to_its_words(site: Site) -> None:
    page = text_of(site.browser().register(email="nonsense"))
    assert page.count('aria-invalid="true"') == 1
    assert 'aria-describedby="email-error email-help"' in page
    assert '="None"' not in page

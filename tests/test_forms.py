"""Every form says of itself what is so, and nothing else: screen readers read attributes as they stand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site import Site, text_of


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


def test_a_field_with_an_error_is_marked_and_tied_to_its_words(site: Site) -> None:
    page = text_of(site.browser().register(email="nonsense"))
    assert page.count('aria-invalid="true"') == 1
    assert 'aria-describedby="email-error email-help"' in page
    assert '="None"' not in page

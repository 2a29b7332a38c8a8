"""Every error is a page in the person's language, of one shape."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import Busy, ExamError, NotAllowed, ProtocolError, UserError
from store.errors import FULL, StoreUnavailable
from tests.site import Site, text_of


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A server whose /broken raises what a test put there."""
    made = Site(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UserError("a", "Say %(name)s."), 409),
        (NotAllowed("b", "Say %(name)s."), 404),
        (ProtocolError("c", "Say %(name)s."), 400),
        (Busy("d", "Say %(name)s.", retry_after=7.2), 429),
    ],
)
def test_our_own_errors_say_their_text(site: Site, error: ExamError, status: int) -> None:
    error.params = {"name": "<b>"}

    def fail() -> str:
        raise error

    site.app.add_url_rule("/broken", view_func=fail)
    answer = site.browser().get("/broken")
    assert answer.status_code == status
    assert "Say &lt;b&gt;." in text_of(answer)
    assert answer.headers.get("Retry-After") == ("7" if isinstance(error, Busy) else None)


def test_a_page_that_is_not_there_says_so_with_a_way_on(site: Site) -> None:
    answer = site.browser().get("/nowhere")
    assert (answer.status_code, 'href="/"' in text_of(answer)) == (404, True)
    assert "Content-Security-Policy" in answer.headers


def test_what_is_too_large_is_said_to_be(site: Site) -> None:
    browser = site.teacher()
    answer = browser.post("/rooms/new", title="x" * (22 * 1024**2))
    assert (answer.status_code, "at most 20 MB" in text_of(answer)) == (413, True)


def test_a_form_without_its_token_says_what_to_do(site: Site) -> None:
    site.app.config["WTF_CSRF_ENABLED"] = True
    answer = site.browser().register()
    assert (answer.status_code, "load the page again" in text_of(answer)) == (400, True)


def test_a_database_that_cannot_be_read_is_told_in_words_to_whoever_is_logged_in(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    teacher = site.teacher()

    def fail() -> None:
        raise StoreUnavailable(FULL, "disk I/O error")

    monkeypatch.setattr(site.services.database, "read", fail)
    answer = teacher.get("/rooms")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "disk is full" in text_of(answer)
    assert "I/O" not in text_of(answer)

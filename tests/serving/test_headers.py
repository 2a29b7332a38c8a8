"""What browsers are told with every answer, and when a cookie may travel over HTTPS alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from core.clock import FakeClock
from detection.runtime.null_monitor import NullMonitor
from serving.headers import POLICY
from settings import load_settings

PROXIED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
HSTS = "Strict-Transport-Security"


MakeClient = Callable[..., FlaskClient]


@pytest.fixture
def make_client(tmp_path: Path) -> Iterator[MakeClient]:
    """Gives a browser of a server with these settings."""
    made = []

    def make(**changed: Any) -> FlaskClient:
        settings = load_settings({}, data_dir=tmp_path, async_mode="threading", detection=False, **changed)
        made.append(create_app(settings, FakeClock(), NullMonitor()))
        return made[-1].test_client()

    yield make
    for app in made:
        app.extensions["exam"].database.close()


def cookie_of(answer: TestResponse) -> str:
    """The session's cookie: a form keeps the token against forged requests in it."""
    return next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("session="))


@pytest.mark.parametrize("proxies", [1, 0])
def test_behind_an_https_proxy_the_cookie_is_secure_and_stays_so(make_client: MakeClient, proxies: int) -> None:
    answer = make_client(proxies=proxies).get("/register", headers=PROXIED)
    assert "; Secure" in cookie_of(answer)
    assert answer.headers[HSTS] == "max-age=31536000"


def test_over_plain_http_the_cookie_still_arrives(make_client: MakeClient) -> None:
    for headers in ({}, {"X-Forwarded-Proto": "http"}, {"X-Forwarded-Proto": "https, http"}):
        answer = make_client().get("/register", headers=headers)
        assert "; Secure" not in cookie_of(answer)
        assert HSTS not in answer.headers


def test_with_a_certificate_of_our_own_the_warning_can_be_passed(make_client: MakeClient) -> None:
    answer = make_client(tls=True).get("/register", base_url="https://localhost")
    assert "; Secure" in cookie_of(answer)
    assert HSTS not in answer.headers


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(make_client: MakeClient) -> None:
    assert "HttpOnly" in cookie_of(make_client().get("/register"))
    assert "SameSite=Lax" in cookie_of(make_client().get("/register"))


@pytest.mark.parametrize(
    "linked", ["https://a.example;script-src *", "https://a.example *", "x", "https://a.example\n"]
)
def test_what_is_no_origin_never_reaches_the_policy(make_client: MakeClient, linked: str) -> None:
    app = make_client().application
    with app.test_request_context("/login"):
        g.frame_source = linked
        assert app.process_response(app.response_class()).headers["Content-Security-Policy"] == POLICY


def test_a_plain_origin_is_let_into_a_frame(make_client: MakeClient) -> None:
    app = make_client().application
    with app.test_request_context("/login"):
        g.frame_source = "https://quiz.example:8443"
        policy = app.process_response(app.response_class()).headers["Content-Security-Policy"]
    assert policy.endswith("frame-src 'self' https://quiz.example:8443")


def test_browsers_keep_our_files_and_nothing_else(make_client: MakeClient) -> None:
    client = make_client()
    for path in ("/register", "/", "/nowhere", "/account"):
        assert client.get(path).headers["Cache-Control"] == "no-store", path
    with client.get("/static/css/student.css") as own:
        assert own.headers["Cache-Control"] != "no-store"

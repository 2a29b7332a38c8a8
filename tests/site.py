"""The whole application with browsers to visit it: a fake clock, cheap passwords, no detection, no network."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from accounts.login_guard import LoginGuard
from accounts.passwords import Passwords
from accounts.sessions import AccountService
from app import create_app
from core.blocking import call_directly
from core.clock import FakeClock
from core.ports import Monitor
from detection.rules import RULES
from detection.runtime.null_monitor import NullMonitor
from settings import load_settings
from store.database.opening import sqlite_file
from tests.store import template

PASSWORD = "quiet river stones"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Site:
    """One server; every browser has its own cookies."""

    def __init__(self, folder: Path, registration: str = "open", monitor: Monitor | None = None) -> None:
        self.clock = FakeClock()
        settings = load_settings(
            {}, data_dir=folder, registration=registration, async_mode="threading", detection=False
        )
        kept_in = sqlite_file(settings.database())
        assert kept_in is not None
        template.copy_to(kept_in)
        self.app = create_app(settings, self.clock, monitor or NullMonitor())
        # Each site would read and compile every template anew, which takes a fifth of these tests' time.
        self.app.jinja_env.bytecode_cache = FileSystemBytecodeCache()
        # Forms are sent without their token here; test_csrf.py sends them with and without.
        self.app.config["WTF_CSRF_ENABLED"] = False
        self.app.extensions["accounts"] = AccountService(Passwords(CHEAP), LoginGuard(), call_directly)
        self.services: Any = self.app.extensions["exam"]

    def browser(self, language: str = "en") -> Browser:
        """A browser that nobody has used yet."""
        return Browser(self.app.test_client(), language)

    def teacher(self, name: str = "Ana") -> Browser:
        """A browser in which a new teacher is logged in; the site's first one is its administrator."""
        browser = self.browser()
        assert browser.register(name).status_code == 302
        assert browser.is_logged_in() or browser.log_in(name).status_code == 302
        return browser

    def close(self) -> None:
        """Give the database back."""
        self.services.database.close()


class Browser:
    """What a person does with a browser."""

    def __init__(self, client: FlaskClient, language: str) -> None:
        self._client = client
        self._headers = {"Accept-Language": language}

    def get(self, path: str, headers: Mapping[str, str] | None = None, **options: Any) -> TestResponse:
        """Open a page."""
        return self._client.get(path, headers={**self._headers, **(headers or {})}, **options)

    def post(self, path: str, address: str = "127.0.0.1", **fields: Any) -> TestResponse:
        """Send a form."""
        environ = {"REMOTE_ADDR": address}
        return self._client.post(path, data=fields, headers=self._headers, environ_base=environ)

    def register(
        self, who: str = "Ana", path: str = "/register", address: str = "127.0.0.1", **changed: str
    ) -> TestResponse:
        """Make an account named like the person; the site's first one is logged in by it."""
        fields = {"name": who, "email": f"{who.lower()}@school.example", "password": PASSWORD, **changed}
        return self.post(path, address, **fields)

    def log_in(self, name: str = "Ana", password: str = PASSWORD, path: str = "/login", **options: str) -> TestResponse:
        """Log in to the account of that name."""
        return self.post(path, email=f"{name.lower()}@school.example", password=password, **options)

    def is_logged_in(self) -> bool:
        """Whether the list of own rooms opens."""
        return self.get("/rooms").status_code == 200

    def new_room(self, title: str = "Algebra", **changed: Any) -> str:
        """Create a room with every rule at its default and return its id."""
        answer = self.post("/rooms/new", **room_fields(title, **changed))
        assert answer.status_code == 302, text_of(answer)
        found = re.findall(r"/rooms/([0-9a-f]{32})/settings", text_of(self.get("/rooms")))
        return str(found[0])


def room_fields(title: str = "Algebra", **changed: Any) -> dict[str, Any]:
    """What the form of a room sends when nothing but the title was touched."""
    rules = {f"{kind}.{part}": value for kind in RULES for part, value in (("hold", "5"), ("cooldown", "30"))}
    enabled = {f"{kind}.enabled": "1" for kind in RULES}
    return {"title": title, "exam_kind": "none", "max_students": "40", "hints": "1", **rules, **enabled, **changed}


def text_of(answer: TestResponse) -> str:
    """The page of an answer."""
    return answer.get_data(as_text=True)

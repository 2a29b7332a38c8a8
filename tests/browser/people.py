"""Teachers and students as people who use a real browser against a real server."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Sequence
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.flows.people import InOrderClient

PASSWORD = "quiet river stones"
WAIT_S = 30.0


class Line:
    """A teacher's connection to one room: what arrived on it, and a way to ask."""

    def __init__(self, address: str, ticket: str) -> None:
        self._arrived: list[tuple[str, Any]] = []
        self._news = threading.Condition()
        self._client = InOrderClient(reconnection=False)
        self._client.on("*", self._take, namespace="/teacher")
        self._client.connect(address, auth={"ticket": ticket}, namespaces=["/teacher"], transports=["websocket"])

    def ask(self, event: str, **payload: Any) -> dict[str, Any]:
        """Send an event and return its acknowledgement, which must not be an error."""
        answer: dict[str, Any] = self._client.call(event, payload, namespace="/teacher", timeout=WAIT_S)
        assert "error" not in answer, answer
        return answer

    def wait_for(self, event: str, fits: Callable[[Any], bool]) -> Any:
        """Return the first such event that fits, waiting for it."""
        with self._news:
            found = self._news.wait_for(lambda: [d for name, d in self._arrived if name == event and fits(d)], WAIT_S)
            assert found, f"no such {event} among {[(n, d) for n, d in self._arrived if n == event]}"
            return found[0]

    def student(self, name: str) -> dict[str, Any]:
        """Return the newest that is known of a student."""
        with self._news:
            welcome = next(data for event, data in self._arrived if event == "welcome")
            changes = [data for event, data in self._arrived if event == "participant"]
        return next(one for one in reversed([*welcome["participants"], *changes]) if one["name"] == name)

    def wait_for_student(self, name: str, **state: Any) -> dict[str, Any]:
        """Return a student once these fields have these values."""
        with self._news:
            self._news.wait_for(lambda: any(event == "welcome" for event, _ in self._arrived), WAIT_S)
        known = self.student_if_known(name)
        if known and all(known[field] == value for field, value in state.items()):
            return known
        fits = lambda one: one["name"] == name and all(one[f] == v for f, v in state.items())  # noqa: E731
        return dict(self.wait_for("participant", fits))

    def student_if_known(self, name: str) -> dict[str, Any] | None:
        """Return the newest that is known of a student, None before there is one."""
        try:
            return self.student(name)
        except StopIteration:
            return None

    def close(self) -> None:
        """Hang up."""
        self._client.disconnect()

    def _take(self, event: str, *data: Any) -> None:
        with self._news:
            self._arrived.append((event, data[0] if data else None))
            self._news.notify_all()


class Teacher:
    """Somebody with an account, in a browser of their own without a camera."""

    def __init__(self, context: BrowserContext, address: str, name: str) -> None:
        self.context, self.address, self.name = context, address, name
        self.page: Page = context.new_page()
        self._lines: list[Line] = []

    def register(self) -> Teacher:
        """Make the account and be logged in."""
        mail = re.sub(r"\W+", ".", self.name.lower())
        self.page.goto(f"{self.address}/register")
        self.page.fill("[name=name]", self.name)
        self.page.fill("[name=email]", f"{mail}@school.example")
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main button:not([type=button])")
        expect(self.page).to_have_url(re.compile("/rooms|/login"))
        if "/login" in self.page.url:  # only the very first account is logged in by being made
            self.page.fill("[name=email]", f"{mail}@school.example")
            self.page.fill("[name=password]", PASSWORD)
            self.page.click("main button:not([type=button])")
        expect(self.page).to_have_url(re.compile("/rooms"))
        return self

    def open_room(
        self, title: str, exam: str = "", admit_by_hand: bool = False, link: str = "", sensors: Sequence[str] = ()
    ) -> Room:
        """Open a room by the form and return its id and code; `sensors` as `phone.arm=required` or `sound`."""
        page = self.page
        page.goto(f"{self.address}/rooms/new")
        page.fill("#title", title)
        if exam or link:
            page.select_option("#exam_kind", "text" if exam else "link")
            page.fill("[name=exam_text]" if exam else "[name=exam_link]", exam or link)
        self.open_advanced()
        page.set_checked("#admit_by_hand", admit_by_hand)
        if any(wish.startswith("phone.") for wish in sensors):
            page.check("#with_phones")
            page.select_option("#phone-room", "")
        for name, _, choice in (wish.partition("=") for wish in sensors):
            fill_in(page.locator(f'[name="{name}"]'), choice)
        return self.finish_room(title)

    def open_advanced(self) -> None:
        """Unfold what few exams need to change."""
        self.page.click("#advanced > summary")

    def finish_room(self, title: str) -> Room:
        """Send the form of a new room as it is filled in now."""
        page = self.page
        page.click("form.room-form button[type=submit], form.room-form button:not([type])")
        card = page.locator("article.room-card", has_text=title).first
        room_id = str(card.get_attribute("aria-labelledby")).removeprefix("room-")
        return Room(self, room_id, re.sub(r"\D", "", card.locator(".join-code").inner_text()))

    def line(self, room_id: str) -> Line:
        """Connect to the live room with the ticket that the live page carries."""
        answer = self.context.request.get(f"{self.address}/rooms/{room_id}")
        found = re.search(r'id="page-data">(.*?)</script>', answer.text(), re.DOTALL)
        assert found, answer.text()
        self._lines.append(Line(self.address, json.loads(found[1])["ticket"]))
        return self._lines[-1]

    def close(self) -> None:
        """Hang up and close the browser window."""
        for line in self._lines:
            line.close()
        self.context.close()


def fill_in(field: Locator, choice: str) -> None:
    """Choose, tick or write, as it is done with a field of this kind."""
    kind = field.first.evaluate("(field) => field.type")
    if kind == "radio":
        field.and_(field.page.locator(f'[value="{choice}"]')).check()
    elif kind == "checkbox":
        field.check()
    elif kind == "select-one":
        field.select_option(choice)
    else:
        field.fill(choice)


class Room:
    """A room as its teacher handles it."""

    def __init__(self, teacher: Teacher, room_id: str, code: str) -> None:
        self.teacher, self.id, self.code = teacher, room_id, code

    def line(self) -> Line:
        """Connect to the live room."""
        return self.teacher.line(self.id)

    def become(self, state: str) -> None:
        """Start, pause or end it with the button on the list of rooms."""
        page = self.teacher.page
        page.goto(f"{self.teacher.address}/rooms")
        page.once("dialog", lambda dialog: dialog.accept())
        page.click(f'form[action$="/rooms/{self.id}/state"] button[value="{state}"]')
        expect(page.locator(".note-good")).to_be_visible()


class Student:
    """Somebody at a computer with a (fake) camera."""

    def __init__(self, context: BrowserContext, address: str, name: str) -> None:
        self.context, self.address, self.name = context, address, name
        self.page: Page = context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))

    def join(self, code: str) -> Student:
        """Type code and name, and come to the notice."""
        self.page.goto(self.address)
        self.page.fill("#code", code)
        self.page.fill("#name", self.name)
        self.page.click("#join-form button[type=submit]")
        return self

    def agree(self) -> Student:
        """Agree to the notice and come to the participant."""
        self.page.check("#agree")
        self.page.click(".agree-form button[type=submit]")
        expect(self.page).to_have_url(re.compile("/participant$"))
        return self

    def go_in(self) -> Student:
        """Wait for the system check and go on, without the steps that may be left out."""
        self.pass_check()
        for step in self.extra_steps():
            self.page.click(f"div[data-part={step}] [data-skip]")
        return self

    def pass_check(self) -> None:
        """Wait for the four checks and go on to what follows."""
        self.page.click("#go", timeout=WAIT_S * 1000)

    def extra_steps(self) -> list[str]:
        """The steps that may be left out, as this page was given them."""
        read = "JSON.parse(document.getElementById('page-data').textContent).steps"
        return [str(step) for step in self.page.evaluate(read)]

    def create_participant(self, code: str) -> Student:
        """All of it: join, agree, check, go in."""
        return self.join(code).agree().go_in()

    def expect_step(self, step: str) -> None:
        """Wait until the page shows this step."""
        expect(self.page.locator("main")).to_have_attribute("data-step", step, timeout=WAIT_S * 1000)

    def say(self, text: str) -> None:
        """Write to the teachers."""
        self.page.fill(".chat-root textarea", text)
        self.page.press(".chat-root textarea", "Enter")

    def close(self) -> None:
        """Close the browser window; nothing may have gone wrong in it unseen."""
        self.context.close()
        assert self.problems == []

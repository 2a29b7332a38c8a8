"""One exam with phones and sound, everything real: a teacher, two students, and the phones that they wear or set up."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from playwright.sync_api import Browser, BrowserContext, Geolocation, Locator, ViewportSize, expect

from core.types import Role
from tests.browser.incidents import alerts, is_listed
from tests.browser.people import Room, Student, Teacher
from tests.browser.phones import ANDROID, EYES, PHONE_GRANTS, Phone, come_to_phones, go_on, line_of, scan
from tests.flows.live_server import LiveServer, wait_until

LONG_MS = 90_000
MOVES_S = 20.0
"""A phone that is moved before its first place is known is taken to belong there; then it must be moved once more."""
GLANCE_S = 0.7
"""Between two glances of the phone on the head."""
WIDE: ViewportSize = {"width": 1366, "height": 768}
HERE: Geolocation = {"latitude": 48.8566, "longitude": 2.3522, "accuracy": 20.0}
ELSEWHERE: Geolocation = {"latitude": 48.8049, "longitude": 2.1204, "accuracy": 20.0}
SENSORS = (
    *("preset=strict", "phone.arm=required", "phone.head=allowed", "phone.room=allowed"),
    *("sound", "transcribe", "listening", "keep_sound", "phrases=danger trail\nwhat is the answer"),
    *("place=circle", "place_latitude=48.8566", "place_longitude=2.3522", "place_radius=300"),
)
CALM = [[0.05 * np.sin(beat / 5), 0.7, 9.78 + 0.03 * np.cos(beat / 3)] for beat in range(160)]
"""A phone at rest: on an arm that lies on the desk, the hand a little higher than the elbow; m/s2."""
TILTED = [[0.0, 6.9, 6.9]]
AT_THE_EAR = "arm_p001.txt", 12 * 32, 23 * 32
"""A recording of a telephone call and its readings between lifting the receiver and hanging up."""
TYPE = """() => {
  setInterval(() => window.dispatchEvent(new KeyboardEvent("keydown", { key: "x" })), 500);
}"""
G = 9.80665
FILMED = 1280, 720

NewBrowser = Callable[..., Browser]


class PhoneExam:
    """Zoé Martin has a phone on the arm, one on the head and one in the room; Bo Chen only the one that is needed."""

    def __init__(self, server: LiveServer, browser: NewBrowser, media: Path) -> None:
        self.media = media
        quiet, speech = media / "audio" / "audio_p012.wav", media / "audio" / "audio_p009.wav"
        self._at_keys, self._at_words = browser("one_face", quiet), browser("another_face", speech)
        self._url = server.url
        self._glanced_at = float("-inf")
        self._looks_at_screen = False
        self._is_room_phone_away, self._moved_at = False, float("-inf")
        self.blocked = ""
        """What Zoé's page said while her phone was missing."""
        self.missing = ""
        """What the teacher's tile said of her then."""
        self.teacher = Teacher(self._context(self._at_keys), self._url, "Ana Lind")
        self.zoe = Student(self._context(self._at_keys, HERE), self._url, "Zoé Martin")
        self.bo = Student(self._context(self._at_words, ELSEWHERE), self._url, "Bo Chen")
        self.phones = {role: self._phone() for role in Role}
        self.bos_arm = self._phone()
        self.page = self.teacher.page

    def begin(self) -> PhoneExam:
        """Open the room, start the exam while nobody can be in it, and let both students come in with their phones."""
        room = self.teacher.register().open_room("Geometry", exam="# Question 1\n\nDraw a circle.", sensors=SENSORS)
        self.page.goto(f"{self._url}/rooms/{room.id}")
        self._come(self.zoe, room)
        self.page.click("#room-start")
        self._note_what_is_missing()
        for role in (Role.ARM, Role.HEAD, Role.ROOM):
            self.pair(self.zoe, self.phones[role], role)
        self.look_at_the_screen()
        self.put_room_phone(away=False)
        go_on(self.zoe)
        self._come(self.bo, room)
        self.pair(self.bo, self.bos_arm, Role.ARM)
        go_on(self.bo)
        for student in (self.zoe, self.bo):
            student.expect_step("exam")
        return self

    def pair(self, student: Student, phone: Phone, role: Role) -> None:
        """Scan the code on the student's page and wait until the phone is well."""
        code = student.page.locator(".phone-lines .qr")
        if role != Role.ARM:
            line_of(student, role).get_by_role("button").click()
        expect(code).to_be_visible()
        phone.open(scan(code))
        expect(phone.page.locator("#start")).to_be_visible()
        if role != Role.HEAD:
            phone.move(CALM)
        phone.start(moves=False)
        phone.expect_verdict("good")
        expect(line_of(student, role)).to_have_attribute("data-mark", "good", timeout=LONG_MS)

    def look_at_the_screen(self, looks: bool = True) -> None:
        """Let the phone on Zoé's head look at her screen from now on, or at a desk with a phone on it."""
        self._looks_at_screen = looks
        if looks:
            self.phones[Role.HEAD].look_at(self.zoe.page)
        else:
            self.phones[Role.HEAD].see(self.picture("phone/phone_p003.jpg"))

    def put_room_phone(self, away: bool) -> None:
        """Let the phone in the room stand where it began, or tilted and before three people."""
        phone = self.phones[Role.ROOM]
        phone.see(self.picture("faces/faces_p051.jpg" if away else "phone/phone_p046.jpg"))
        phone.move(TILTED if away else CALM)
        self._is_room_phone_away, self._moved_at = away, time.monotonic()

    def move_room_phone_until(self, condition: Callable[[], object]) -> None:
        """Take the phone in the room away, and back and away again if that is not noticed; leave it away."""
        self.put_room_phone(away=True)

        def is_noticed() -> object:
            if time.monotonic() - self._moved_at > MOVES_S:
                self.put_room_phone(not self._is_room_phone_away)
            return condition()

        self.wait(is_noticed, "the phone in the room was moved")
        self.put_room_phone(away=True)

    def let_bo_type(self) -> None:
        """Two keys a second from now on, however slowly the test itself goes on."""
        self.bo.page.evaluate(TYPE)

    def wait(self, condition: Callable[[], object], what: str) -> None:
        """Wait for something; the phone on the head looks on meanwhile."""

        def look() -> object:
            self._glance()
            return condition()

        wait_until(look, what, LONG_MS / 1000)

    def tile(self, student: Student) -> Locator:
        """A student's tile on the teacher's page."""
        return self.page.locator("#grid button.tile", has_text=student.name)

    def alert(self, student: Student, kind: str, words: str = "") -> Locator:
        """Alerts in the teacher's list: of this student, of this kind, with these words in their explanation."""
        return alerts(self.page, student.name, kind, words)

    def sees(self, student: Student, kind: str, words: str = "") -> bool:
        """Say whether any list of the teacher has such an alert, and show that list."""
        return is_listed(self.page, self.alert(student, kind, words))

    def picture(self, name: str) -> bytes:
        """One of the shared pictures as a rear camera has it, with black at its sides."""
        with Image.open(self.media / name) as opened:
            return _jpeg(ImageOps.pad(opened.convert("RGB"), FILMED))

    def dark(self) -> bytes:
        """A picture of a rear camera without any light."""
        return _jpeg(Image.new("RGB", FILMED))

    def at_the_ear(self) -> Sequence[Sequence[float]]:
        """A real hand at a real ear, there and back, as the sensor of a phone on the forearm would give it."""
        file, begin, end = AT_THE_EAR
        along, aside, up = ((-1.5 + 3 * np.loadtxt(self.media / "arm" / file)[begin:end] / 63) * G).T
        rows = np.stack([-aside, along, up], axis=1)
        return [[round(float(one), 3) for one in row] for row in (*rows, *rows[::-1])]

    def close(self) -> None:
        """Let everybody go; nothing may have gone wrong in any page unseen."""
        for phone in (*self.phones.values(), self.bos_arm):
            phone.close()
        for student in (self.zoe, self.bo):
            student.close()
        self.teacher.close()

    def _come(self, student: Student, room: Room) -> None:
        come_to_phones(student, room)
        expect(student.page.locator("div[data-part=phones] [data-next]")).to_be_disabled()

    def _note_what_is_missing(self) -> None:
        note = self.zoe.page.locator(".phones-note")
        expect(note).to_contain_text("Still missing")
        self.blocked = note.inner_text()
        sign = self.tile(self.zoe).locator('.tile-phone[data-required="true"]')
        expect(sign).to_have_attribute("data-tone", "missing")
        self.missing = sign.get_attribute("title") or ""
        expect(self.zoe.page.locator("main")).not_to_have_attribute("data-step", re.compile("wait|exam"))

    def _glance(self) -> None:
        if self._looks_at_screen and time.monotonic() - self._glanced_at >= GLANCE_S:
            self.phones[Role.HEAD].look_at(self.zoe.page)
            self._glanced_at = time.monotonic()

    def _context(self, browser: Browser, place: Geolocation | None = None) -> BrowserContext:
        context = browser.new_context(viewport=WIDE, locale="en-GB", geolocation=place)
        if place:
            context.grant_permissions(["camera", "microphone", "geolocation"], origin=self._url)
        return context

    def _phone(self) -> Phone:
        context = self._at_keys.new_context(**ANDROID, geolocation=HERE)
        context.grant_permissions([*PHONE_GRANTS, "geolocation"], origin=self._url)
        phone = Phone(context, self._url)
        phone.page.add_init_script(EYES)
        return phone


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()

"""Phones in a real browser: a screen of their size, a rear camera, and movement that the test makes up."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.people import Room, Student

ANDROID: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "locale": "en-GB",
    "user_agent": "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36",
}
SLOW_MS = 30_000
PHONE_GRANTS = ["camera", "microphone", "accelerometer", "gyroscope", "screen-wake-lock"]

# Events as a real sensor gives them, sixty a second; there is no other way to move a phone that is not there.
MOVE = """() => {
  let beat = 0;
  setInterval(() => {
    beat += 1;
    const a = { x: 1.5 * Math.sin(beat / 9), y: 0.4, z: 9.7 + Math.cos(beat / 7) };
    window.dispatchEvent(new DeviceMotionEvent("devicemotion", { accelerationIncludingGravity: a, interval: 16 }));
  }, 16);
}"""

# What a sensor gave once, again and again: rows of x, y, z in m/s2, so many a second.
PLAY = """([rows, hz]) => {
  globalThis.rows = rows;
  let beat = 0;
  setInterval(() => {
    const [x, y, z] = globalThis.rows[(beat += 1) % globalThis.rows.length];
    const a = { x, y, z };
    window.dispatchEvent(new DeviceMotionEvent("devicemotion", { accelerationIncludingGravity: a, interval: 31 }));
  }, 1000 / hz);
}"""

# A rear camera that shows what the test lays before it: the browser's own fake plays a file and cannot look around.
# Like a real one it never gives the same picture twice.
EYES = """(() => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [1280, 720];
  const pen = canvas.getContext("2d");
  const seen = new Image();
  let [beat, share] = [0, 1];
  const draw = () => {
    beat += 1;
    pen.fillStyle = "#5b4c40";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    const [width, height] = [share * canvas.width, share * canvas.height];
    pen.drawImage(seen, (canvas.width - width) / 2 + (beat % 2), (canvas.height - height) / 2, width, height);
    for (let dot = 0; dot < 40; dot += 1) {
      pen.fillStyle = `hsl(0 0% ${100 * Math.random()}% / 20%)`;
      pen.fillRect(Math.random() * canvas.width, Math.random() * canvas.height, 4, 4);
    }
  };
  setInterval(draw, 200);
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => (wanted.video ? canvas.captureStream(10) : ask(wanted));
  globalThis.show = ([picture, part]) => new Promise((resolve) => {
    seen.onload = () => { share = part; draw(); resolve(); };
    seen.src = picture;
  });
})()"""


class Phone:
    """Somebody's phone with this server's page."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context, self.address = context, address
        self.page: Page = context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))

    def open(self, link: str) -> Phone:
        """Open the link of a picture code; the page pairs the phone by itself."""
        self.page.goto(link)
        return self

    def type_code(self, code: str) -> Phone:
        """Type the short code instead."""
        self.page.goto(f"{self.address}/phone")
        self.page.fill("#phone-code", code)
        self.page.click("main button[type=submit]")
        return self

    def start(self, moves: bool = True) -> Phone:
        """Touch the one large button; `moves`: the phone has a motion sensor."""
        expect(self.page.locator("#start")).to_be_visible()
        if moves:
            self.page.evaluate(MOVE)
        self.page.tap("#start")
        return self

    def move(self, rows: Sequence[Sequence[float]], hz: float = 32.0) -> None:
        """Let the motion sensor give these readings (x, y, z in m/s2) round and round, from now on."""
        if self.page.evaluate("'rows' in globalThis"):
            self.page.evaluate("(rows) => { globalThis.rows = rows; }", rows)
        else:
            self.page.evaluate(PLAY, [rows, hz])

    def look_at(self, page: Page) -> None:
        """Let the camera see what this page shows now; for phones that were given EYES before they were opened."""
        self.see(page.screenshot(type="jpeg", quality=80), share=0.85)

    def see(self, jpeg: bytes, share: float = 1.0) -> None:
        """Let the camera see this picture, as `look_at` does; it fills this share of the height, the desk the rest."""
        picture = f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"
        self.page.evaluate("(shown) => globalThis.show(shown)", [picture, share])

    def expect_verdict(self, mark: str) -> None:
        """Wait until the page says that all is well, or that it is not."""
        expect(self.page.locator("#verdict")).to_have_attribute("data-mark", mark, timeout=20_000)

    def close(self) -> None:
        """Put it away; nothing may have gone wrong in it unseen."""
        self.context.close()
        assert self.problems == []


def scan(picture: Locator) -> str:
    """Read the picture code as the camera of a phone would: from its pixels, from more than one distance.

    Each code is another one, and either reader alone misses one of some hundred.
    """
    pixels = cv2.imdecode(np.frombuffer(picture.screenshot(), dtype=np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    wide = cv2.copyMakeBorder(pixels, *(40,) * 4, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    for nearer in (1.0, 1.5, 2.0, 0.75, 3.0):
        seen = cv2.resize(wide, None, fx=nearer, fy=nearer, interpolation=cv2.INTER_LINEAR)
        for reader in (cv2.QRCodeDetector(), cv2.QRCodeDetectorAruco()):
            text = str(reader.detectAndDecode(seen)[0])
            if text:
                return text
    raise AssertionError("the picture code cannot be read")


def come_to_phones(student: Student, room: Room) -> Student:
    """Join, agree, pass the four checks, and be where the phones are."""
    student.join(room.code).agree().pass_check()
    expect(student.page.locator("div[data-part=phones]")).to_be_visible()
    return student


def go_on(student: Student) -> None:
    """Leave the step of the phones and those that may be left out."""
    student.page.click("div[data-part=phones] [data-next]", timeout=SLOW_MS)
    arm = student.page.locator("div[data-part=arm] [data-skip]")
    if arm.is_visible():
        arm.click()
    for step in student.extra_steps():
        student.page.click(f"div[data-part={step}] [data-skip]")


def line_of(student: Student, role: str) -> Locator:
    """The line of a phone in the student's step of the phones."""
    return student.page.locator(f'.phone-lines [data-role="{role}"]')

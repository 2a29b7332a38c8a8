"""Phones in a real browser: a screen of their size, a rear camera, and movement that the test makes up."""

from __future__ import annotations

import base64
from typing import Any

import cv2
import numpy as np
from playwright.sync_api import BrowserContext, Locator, Page, expect

ANDROID: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "locale": "en-GB",
    "user_agent": "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36",
}
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

# A rear camera that shows what the test lays before it: the browser's own fake plays a file and cannot look around.
EYES = """(() => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [1280, 720];
  const pen = canvas.getContext("2d");
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => (wanted.video ? canvas.captureStream(10) : ask(wanted));
  globalThis.show = (picture) => new Promise((resolve) => {
    const image = new Image();
    image.onload = () => { pen.drawImage(image, 0, 0, canvas.width, canvas.height); resolve(); };
    image.src = picture;
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

    def look_at(self, page: Page) -> None:
        """Let the camera see what this page shows now; for phones that were given EYES before they were opened."""
        picture = base64.b64encode(page.screenshot(type="jpeg", quality=80)).decode()
        self.page.evaluate("(picture) => globalThis.show(picture)", f"data:image/jpeg;base64,{picture}")

    def expect_verdict(self, mark: str) -> None:
        """Wait until the page says that all is well, or that it is not."""
        expect(self.page.locator("#verdict")).to_have_attribute("data-mark", mark, timeout=20_000)

    def close(self) -> None:
        """Put it away; nothing may have gone wrong in it unseen."""
        self.context.close()
        assert self.problems == []


def scan(picture: Locator) -> str:
    """Read the picture code as the camera of a phone would: from its pixels."""
    pixels = cv2.imdecode(np.frombuffer(picture.screenshot(), dtype=np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    text, _corners, _straight = cv2.QRCodeDetector().detectAndDecode(pixels)
    return text

"""verify.html as a file on somebody's disk, in a real browser: a good export, a changed byte, a kept checkpoint."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Playwright, ViewportSize, expect

from tests.browser.axe import findings
from tests.evidence.samples.capsules import a_window
from tests.evidence.samples.exports import SIGNER, Exam
from tests.evidence.samples.verify_page import PAGE

LAPTOP = ViewportSize(width=1366, height=768)
KEY = SIGNER.verifier.line


@pytest.fixture
def page(playwright: Playwright, chromium: str) -> Iterator[Page]:
    """The page, opened from the disk by a browser without a network."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    started = playwright.chromium.launch(executable_path=chromium, args=["--disable-gpu", *sandbox])
    page = started.new_context(viewport=LAPTOP, offline=True, locale="en-GB").new_page()
    page.goto(PAGE.as_uri())
    yield page
    started.close()


@pytest.fixture
def exam() -> Exam:
    """A room with one capsule, whose two pictures can be looked at."""
    exam, window = Exam(), a_window(2)
    frames = (replace(one, jpeg=jpeg(colour)) for one, colour in zip(window.frames, ("teal", "navy"), strict=True))
    exam.keep(replace(window, frames=tuple(frames)))
    return exam


def jpeg(colour: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(made, "jpeg")
    return made.getvalue()


def verdict(page: Page, data: bytes, folder: Path, key: str = "", witness: str = "") -> str:
    """Ask the page about an export as a person would, and return the heading of its answer."""
    (folder / "export.zip").write_bytes(data)
    page.get_by_label("Export (ZIP)").set_input_files(folder / "export.zip")
    page.get_by_label("Key of the school").fill(key)
    page.get_by_label("Checkpoints that you kept").fill(witness)
    page.get_by_role("button", name="Verify").click()
    expect(page.locator("#verdict[aria-busy=false] h2")).to_be_visible()
    return page.locator("#verdict h2").inner_text()


def test_a_good_export_is_shown_with_its_pictures(page: Page, exam: Exam, tmp_path: Path) -> None:
    assert verdict(page, exam.export(), tmp_path, KEY, exam.sign()) == "Nothing was changed"
    answer = page.locator("#verdict")
    expect(answer).to_contain_text("Entries of the room: 1 (shown here: 1, erased: 0, not in this export: 0).")
    expect(answer).to_contain_text(KEY)
    page.get_by_text("PHONE_DETECTED, 2 pictures").click()
    pictures = answer.get_by_role("img")
    expect(pictures).to_have_count(2)
    for picture in pictures.all():
        expect(picture).to_have_js_property("naturalWidth", 320)
    expect(answer).to_contain_text('"from": "room"')
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert findings(page, f"verify.html ({scheme})") == []


def test_one_changed_byte_is_refused(page: Page, exam: Exam, tmp_path: Path) -> None:
    data = exam.export()
    at = data.index(b"JFIF") + 200
    changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
    assert verdict(page, changed, tmp_path) == "Refused: this is not what was signed"
    assert verdict(page, data, tmp_path) == "Nothing was changed"


def test_a_kept_checkpoint_and_the_schools_key_are_compared(page: Page, exam: Exam, tmp_path: Path) -> None:
    shorter = exam.export()
    exam.alert()
    refused = "Refused: this is not what was signed"
    assert verdict(page, shorter, tmp_path, witness=exam.sign()) == refused
    expect(page.locator("#verdict")).to_contain_text("there were 2 entries, and 1 are left.")
    assert verdict(page, shorter, tmp_path, key=KEY.replace("exam.", "other.")) == refused
    expect(page.locator("#verdict")).to_contain_text("another key")

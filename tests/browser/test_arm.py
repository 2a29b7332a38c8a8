"""The arm in real browsers: desk work is learnt, a hand at the ear is told to the teacher, keys explain movement."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.browser.people import Line, Student, Teacher
from tests.browser.phones import Phone, come_to_phones, go_on, scan
from tests.browser.test_phones import open_room

SLOW_MS = 40_000

# A forearm: how far it is raised, and how strongly it shakes; the phone's upper edge points to the hand.
ARM = """() => {
  globalThis.arm = { elevation: 4, shake: 0.05 };
  let [beat, elevation] = [0, 4];
  setInterval(() => {
    beat += 1;
    const way = globalThis.arm.elevation - elevation;
    elevation += Math.sign(way) * Math.min(1, Math.abs(way));
    const up = (elevation * Math.PI) / 180;
    const swing = globalThis.arm.shake * Math.sin(beat / 2);
    const a = { x: swing, y: 9.81 * Math.sin(up) + swing, z: 9.81 * Math.cos(up) - swing };
    window.dispatchEvent(new DeviceMotionEvent("devicemotion", { accelerationIncludingGravity: a, interval: 16 }));
  }, 16);
}"""


def hold(phone: Phone, elevation: float, shake: float = 0.05) -> None:
    """Bring the arm with the phone somewhere."""
    phone.page.evaluate(
        "([elevation, shake]) => Object.assign(globalThis.arm, { elevation, shake })", [elevation, shake]
    )


def strap_on(student: Student, phone: Phone) -> None:
    """Pair the phone by the code on the student's page, and let it rest."""
    phone.open(scan(student.page.locator(".phone-lines .qr")))
    expect(phone.page.locator("#start")).to_be_visible()
    phone.page.evaluate(ARM)
    phone.page.tap("#start")
    phone.expect_verdict("good")


def learn(student: Student, phone: Phone) -> None:
    """Rest, type and write as the page asks."""
    step = student.page.locator("div[data-part=arm]")
    student.page.click("div[data-part=phones] [data-next]", timeout=SLOW_MS)
    step.locator("[data-begin]").click()
    expect(step.locator(".arm-typing")).to_be_visible(timeout=SLOW_MS)
    hold(phone, 6, 0.6)
    student.page.keyboard.type("The quick brown fox", delay=60)
    expect(step.locator("[data-next]")).to_be_visible(timeout=SLOW_MS)
    step.locator("[data-next]").click()
    for name in student.extra_steps():
        student.page.click(f"div[data-part={name}] [data-skip]")


def alerts(line: Line, **wanted: Any) -> dict[str, Any]:
    fits = lambda one: one["kind"] == "ARM_MOTION" and all(one[f] == v for f, v in wanted.items())  # noqa: E731
    return dict(line.wait_for("alert", fits))


def test_desk_work_is_learnt_and_a_hand_at_the_ear_is_alerted_until_it_is_down(
    new_teacher: Callable[..., Teacher], new_student: Callable[..., Student], new_phone: Callable[..., Phone]
) -> None:
    room = open_room(new_teacher(), "phone.arm=required")
    line = room.line()
    line.ask("room", state="running")
    ana, phone = come_to_phones(new_student(), room), new_phone()
    strap_on(ana, phone)
    learn(ana, phone)
    ana.expect_step("exam")

    hold(phone, 55)
    raised = alerts(line, name=ana.name, ended_at=None)
    assert raised["severity"] == "warning"
    assert raised["numbers"]["family"] == "hand_to_face"
    assert raised["numbers"]["explained"] is False
    level = line.wait_for("sensors", lambda told: any(arm[1] > 10 and arm[2] == "hand_to_face" for arm in told["arms"]))
    assert len(level["arms"][0]) == 5
    expect(ana.page.locator("#hints")).to_contain_text("keep the arm with the phone on the desk", timeout=SLOW_MS)

    hold(phone, 4)
    line.wait_for("alert", lambda one: one["id"] == raised["id"] and one["ended_at"] is not None)
    expect(ana.page.locator("#hints")).not_to_contain_text("keep the arm", timeout=SLOW_MS)


def test_a_raised_arm_while_the_student_types_raises_no_warning(
    new_teacher: Callable[..., Teacher], new_student: Callable[..., Student], new_phone: Callable[..., Phone]
) -> None:
    room = open_room(new_teacher(), "phone.arm=required")
    line = room.line()
    line.ask("room", state="running")
    ana, phone = come_to_phones(new_student("Ben Typer"), room), new_phone()
    strap_on(ana, phone)
    go_on(ana)
    ana.expect_step("exam")

    hold(phone, 55)
    explained = lambda told: any(arm[2] == "hand_to_face" and arm[3] for arm in told["arms"])  # noqa: E731
    for _ in range(30):
        ana.page.keyboard.type("fox ", delay=80)
        ana.page.wait_for_timeout(120)
    rested = time.time() * 1000
    line.wait_for("sensors", explained)
    # the keys rest: now, and only now, it is a warning
    warned = alerts(line, name=ana.name, severity="warning")
    assert warned["numbers"]["explained"] is False
    assert warned["started_at"] > rested

import logging

import pytest

from core.event_log import EventLog


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Zoé", "name=Zoé"),
        ("Ana Lind", 'name="Ana Lind"'),
        ("a\nERROR forged line", 'name="a?ERROR forged line"'),
        ('say "hi"', "name=\"say 'hi'\""),
        ("\u202etxet", 'name="?txet"'),
        ("x" * 500, "name=" + "x" * 200),
    ],
)
def test_a_name_cannot_forge_or_hide_a_line(name: str, shown: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    EventLog(logging.getLogger("tests.event_log")).note("join", name=name, nothing=None)
    assert caplog.messages == [f"join {shown}"]

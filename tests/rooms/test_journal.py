import logging

import pytest

from rooms.journal import Journal


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
    Journal(logging.getLogger("tests.journal")).note("join", name=name, nothing=None)
    assert caplog.messages == [f"join {shown}"]

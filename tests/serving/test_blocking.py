"""Slow work is done where it holds nobody up."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from serving.blocking import run_blocking_for

ROOT = Path(__file__).resolve().parent.parent.parent
UNDER_EVENTLET = """
import warnings
warnings.simplefilter("ignore")
import eventlet
eventlet.monkey_patch()
from eventlet import patcher
from serving.blocking import run_blocking_for
get_ident = patcher.original("threading").get_ident
run = run_blocking_for("eventlet")
assert run(get_ident) != get_ident()
try:
    run(int, "x")
except ValueError:
    print("told")
"""


@pytest.mark.parametrize("mode", ["threading", "eventlet"])
def test_without_green_threads_it_is_called_directly(mode: str) -> None:
    run = run_blocking_for(mode)
    assert run(threading.get_ident) == threading.get_ident()
    assert run(max, 1, 2) == 2


def test_under_eventlet_it_runs_in_another_thread_and_tells_its_errors() -> None:
    command = [sys.executable, "-c", UNDER_EVENTLET]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "told"), done.stderr

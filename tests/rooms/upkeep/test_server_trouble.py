"""Trouble of the server is told once, after it has lasted, and again when it comes back."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from rooms.upkeep import server_trouble
from rooms.upkeep.server_trouble import EVERY_S, LASTS_S, LOW_SPACE, NO_ANALYSIS, ServerTrouble
from tests.rooms.desk.test_unanswered import notices
from tests.rooms.stage import Stage

READY, DOWN = {"workers": [{"state": "ready"}]}, {"workers": [{"state": "down"}]}


class Usage(NamedTuple):
    """What shutil.disk_usage returns, as far as it is asked."""

    free: int


@pytest.fixture
def watcher(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> ServerTrouble:
    """One on a server that is well."""
    monkeypatch.setattr(server_trouble.shutil, "disk_usage", lambda _folder: Usage(1 << 40))
    stage.monitor.state = READY
    return ServerTrouble(stage.context, stage.monitor, stage.services.storage, stage.settings.data_dir)


def wait(stage: Stage, watcher: ServerTrouble, seconds: float) -> None:
    end = stage.clock.now() + seconds
    while stage.clock.now() < end:
        stage.clock.advance(EVERY_S)
        watcher.look_around()


def told(stage: Stage) -> list[str]:
    found = notices(stage)
    assert all(one["kind"] == "server_trouble" and one["room"] is None for one in found)
    return [one["facts"]["what"] for one in found]


def test_what_lasts_is_told_once_and_again_when_it_comes_back(stage: Stage, watcher: ServerTrouble) -> None:
    stage.monitor.state = DOWN
    wait(stage, watcher, LASTS_S)
    assert told(stage) == []
    wait(stage, watcher, 10 * LASTS_S)
    assert told(stage) == [NO_ANALYSIS]
    stage.monitor.state = READY
    wait(stage, watcher, LASTS_S)
    stage.monitor.state = DOWN
    wait(stage, watcher, 2 * LASTS_S)
    assert told(stage) == [NO_ANALYSIS, NO_ANALYSIS]


def test_a_moment_without_analysis_wakes_nobody(stage: Stage, watcher: ServerTrouble) -> None:
    for state in (DOWN, READY) * 5:
        stage.monitor.state = state
        wait(stage, watcher, LASTS_S - EVERY_S)
    assert told(stage) == []


def test_analysis_that_was_switched_off_is_no_trouble(stage: Stage, watcher: ServerTrouble) -> None:
    stage.monitor.state = {"off": True}
    wait(stage, watcher, 10 * LASTS_S)
    assert told(stage) == []


def test_little_space_is_told(stage: Stage, watcher: ServerTrouble, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_trouble.shutil, "disk_usage", lambda _folder: Usage(1 << 20))
    wait(stage, watcher, 2 * LASTS_S)
    assert told(stage) == [LOW_SPACE]

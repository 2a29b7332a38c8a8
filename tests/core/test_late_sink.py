"""The way back from detection: bound once, silent about nothing."""

from __future__ import annotations

import pytest

from core.late_sink import LateSink
from tests.rooms.stage import Stage


def test_what_comes_goes_to_whom_the_sink_is_bound(stage_of_sink: tuple[LateSink, Stage]) -> None:
    sink, stage = stage_of_sink
    participant = stage.admitted()
    stage.teacher("t1")
    sink.alert_raised(stage.alert(participant))
    assert [alert["id"] for alert in stage.told("t1", "alert")] == ["a1"]


@pytest.fixture
def stage_of_sink(tmp_path_factory: pytest.TempPathFactory) -> tuple[LateSink, Stage]:
    """A sink that is bound to a stage's alert service."""
    stage, sink = Stage(tmp_path_factory.mktemp("sink")), LateSink()
    sink.bind(stage.alert_service)
    return sink, stage


def test_a_second_binding_is_refused(stage_of_sink: tuple[LateSink, Stage]) -> None:
    sink, stage = stage_of_sink
    with pytest.raises(ValueError, match="bound already"):
        sink.bind(stage.alert_service)


def test_nothing_is_lost_in_silence_before_it_is_bound() -> None:
    with pytest.raises(RuntimeError):
        LateSink().sensed([], judged=True)

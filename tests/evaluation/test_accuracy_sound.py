"""The figures of sound: the goals are kept, loudness is beaten, and the arithmetic of the benchmark is right."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detection.sensing.sound.speech import RATE
from evaluation import goals
from evaluation.figures.section import Section
from evaluation.subjects import sound
from evaluation.systems import hearers


@pytest.fixture(scope="module")
def sections(media_dir: Path) -> list[Section]:
    # four seconds of each: all of it is for the benchmark
    known = [one._replace(sound=one.sound[: 4 * RATE]) for one in hearers.recordings(media_dir / "audio")]
    return [sound._segments(known), sound._noise(known, 0.01)]


@pytest.mark.timeout(600)
def test_goals_are_kept(sections: list[Section]) -> None:
    figures = {name: figure for section in sections for name, figure in section.figures.items()}
    wanted = [goal for goal in goals.GOALS if goal.figure.startswith("speech ")]
    assert len(wanted) == 3
    assert [goal.what for goal in wanted if not goal.is_reached(figures[goal.figure].value)] == []


def test_loudness_is_beaten_with_room_to_spare(sections: list[Section]) -> None:
    ours = sections[0].figures["speech f1"].value
    assert {"loudness over 300", "loudness that adjusts"} <= set(sections[0].peers)
    assert all(ours > told["speech f1"] + 0.2 for told in sections[0].peers.values())


def test_without_recordings_nothing_is_measured(tmp_path: Path) -> None:
    assert sound.measure(tmp_path) == []


def test_levels_and_mixtures_are_what_they_say() -> None:
    tone = np.asarray(0.1 * np.sin(np.arange(16_000)), dtype=np.float32)
    assert np.abs(hearers.louder(tone, 6.02)).max() == pytest.approx(0.2, rel=1e-3)
    assert np.abs(hearers.louder(tone, 60.0)).max() == 1.0
    both = hearers.mixed(tone, np.ones(3, dtype=np.float32), 20.0)
    assert len(both) == len(tone) and float(np.mean(both)) == pytest.approx(0.00707, rel=0.05)
    data = b"".join(batch.data for batch in hearers.batches(tone))
    assert np.abs(np.frombuffer(data, "<i2") / 32767 - tone).max() < 1e-4


def test_loudness_counts_what_is_loud() -> None:
    silent, loud = np.zeros(16_000, dtype=np.float32), np.full(16_000, 0.5, dtype=np.float32)
    assert hearers.loudness(silent) == 0.0 and hearers.loudness(loud) == pytest.approx(0.96)
    assert hearers.loudness_that_adjusts(silent) == 0.0

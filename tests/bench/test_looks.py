"""What an analysis process spends on a class: counted, shared out, told."""

from __future__ import annotations

import pytest

from bench.looks import SPARE, Bill, Seat, report_of, text_of
from detection.analysis.messages import Seen
from simulation.cameras import Album
from simulation.pictures import Camera, Scene


def seen(**spent: float) -> Seen:
    return Seen(1, {}, 9.0, spent=spent)


def test_a_bill_is_shared_out_among_students_and_seconds() -> None:
    bill = Bill()
    for _ in range(10):
        bill.add(["face", "objects"], seen(decoding=1.0, face=3.0, objects=20.0), 30.0)
        bill.add(["face", "objects"], seen(decoding=1.0, face=3.0), 6.0)
    report = report_of(bill, students=5, seconds=4)
    assert report.metrics["ms_per_student_second"] == 18.0
    assert report.metrics["students_per_core"] == pytest.approx(SPARE * 1000 / 18)
    assert report.metrics["objects"] == {
        "ms_per_student_second": 10.0,
        "looks_per_student_second": 1.0,
        "full_share": 0.5,
        "ms_per_full_look": 20.0,
    }
    said = text_of(report, bill, 5, 4)
    assert "| messages and gate |" in said and "50 students at full pace" in said


def test_a_seat_shows_one_picture_a_second_of_five() -> None:
    camera = Camera(1, "Ana")
    jpegs = [camera.jpeg(Scene.PRESENT, float(moment)) for moment in range(10)]
    seat = Seat(1, Album(jpegs), [0.1] * 128)
    frames = [seat.frame(100.0 + second) for second in range(2)]
    assert [frame.sequence for frame in frames] == [1, 2]
    assert frames[0].jpeg.endswith(jpegs[5][-200:]) and frames[1].jpeg.endswith(jpegs[0][-200:])

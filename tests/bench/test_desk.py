"""The made-up hour of the desk's benchmark, the ring's load, what is told of both, and alerts told to a server."""

from __future__ import annotations

import json
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from bench.desk import told_alerts
from bench.desk.__main__ import GOALS, report_of, text_of
from bench.desk.hour import ALERTS, CUT_SHARE, CUTS, NETWORK, STUDENTS, grouped, hour
from bench.desk.ring import RATE, frames
from bench.desk.ring import STUDENTS as IN_RING
from core.types import Severity
from rooms.alerts.incidents import Noticed


@pytest.mark.parametrize("together", [1.0, 3.0])
def test_an_hour_is_the_same_for_a_seed_and_has_its_alerts_in_order(together: float) -> None:
    alerts = hour(3, together)
    assert alerts == hour(3, together) != hour(4, together)
    assert len(alerts) == len({one.id for one in alerts}) == ALERTS
    assert [one.at for one in alerts] == sorted(one.at for one in alerts)
    assert Counter(one.kind for one in alerts)[NETWORK] == 3 * round(CUT_SHARE * STUDENTS)


def test_a_few_students_raise_most_alerts() -> None:
    counts = Counter(one.participant for one in hour(1) if one.kind != NETWORK)
    assert sum(count for _, count in counts.most_common(STUDENTS // 5)) > 0.6 * sum(counts.values())


def test_a_cut_of_the_network_is_one_incident_and_charges_nobody() -> None:
    outcome = grouped(hour(1))
    assert (outcome.alerts, outcome.cuts_as_one, outcome.in_cuts) == (ALERTS, len(CUTS), 0)


def test_a_cut_that_few_notice_is_not_counted_as_one() -> None:
    few = [Noticed(f"{number}", f"s{number}", NETWORK, CUTS[0] + number) for number in range(3)]
    outcome = grouped(few)
    assert (outcome.incidents, outcome.cuts_as_one, outcome.in_cuts) == (3, 0, 3)


def test_everybody_sends_pictures_at_the_same_rate() -> None:
    sent = list(islice(frames([b"a", b"b"], 10.0), IN_RING * 5))
    assert set(Counter(one.participant for one in sent).values()) == {5}
    assert sent[-1].received_at == pytest.approx(10.0 + (IN_RING * 5 - 1) / (IN_RING * RATE))


def test_goals_that_were_not_reached_are_named() -> None:
    report = report_of({name: most for name, most in GOALS.items() if name != "verdict_p95_ms"})
    assert json.loads(report.as_json())["missed"] == []
    late = report_of({"capsule_late_ms": 2500.0, "incidents_an_hour": 10})
    assert late.missed == ["capsule_late_ms: 2500 of at most 2000"]
    assert "| capsule_late_ms   |    2,500 | 2000 |" in text_of(late)


def test_an_alert_is_told_by_a_line(tmp_path: Path) -> None:
    told_alerts.tell(tmp_path, "r1", "s1", "PHONE_DETECTED", Severity.CRITICAL)
    told_alerts.tell(tmp_path, "r1", "s2", "TALKING", Severity.WARNING)
    lines = (tmp_path / told_alerts.FILE).read_text().splitlines()
    assert [json.loads(line)["participant"] for line in lines] == ["s1", "s2"]
    assert told_alerts.raised(tmp_path) == []

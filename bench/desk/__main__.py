"""`python -m bench.desk [--json] [--no-browser]`: figures of the teacher's desk against its goals."""

import argparse
from collections.abc import Mapping, Sequence
from statistics import median

from bench.desk.hour import grouped, hour
from bench.desk.paper import paper_seconds
from bench.desk.ring import ring_share
from bench.load import percentile
from evaluation.figures.report import Report, show, table

SEEDS = range(8)
GOALS: Mapping[str, float] = {
    "incidents_an_hour": 300,
    "cuts_not_one_incident": 0,
    "ring_core_percent": 2,
    "report_of_40_s": 30,
    "critical_first_ms": 1000,
    "verdict_p95_ms": 100,
    "capsule_late_ms": 2000,
}
"""The most that each may be."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.desk", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--no-browser", action="store_true", help="leave out what needs Chromium")
    options = parser.parse_args(arguments)
    metrics = of_hours() | {"ring_core_percent": median(ring_share()), "report_of_40_s": median(paper_seconds())}
    if not options.no_browser:
        metrics |= of_page()
    report = report_of(metrics)
    show(report, text_of(report), options.json)
    return 0


def of_hours() -> dict[str, float]:
    """Return what hours of a class of 200 come to, the worst of them, and of hours whose alerts are all scattered."""
    outcomes = [grouped(hour(seed)) for seed in SEEDS]
    return {
        "incidents_an_hour": max(one.incidents for one in outcomes),
        "cuts_not_one_incident": max(3 - one.cuts_as_one for one in outcomes),
        "incidents_an_hour_scattered": max(grouped(hour(seed, together=1.0)).incidents for seed in SEEDS),
    }


def of_page() -> dict[str, float]:
    """Return what a teacher's page with 200 students shows how soon."""
    from bench.desk import page  # noqa: PLC0415 - needs Playwright, which only contributors have

    seen = page.look()
    return {
        "critical_first_ms": seen.first_ms,
        "verdict_median_ms": median(seen.verdicts_ms),
        "verdict_p95_ms": percentile(seen.verdicts_ms, 0.95),
        "capsule_late_ms": max(seen.capsules_ms),
        "capsule_late_among_120_ms": seen.crowded_ms,
    }


def report_of(metrics: Mapping[str, float]) -> Report:
    """Return the figures and which of the goals were missed."""
    missed = [
        f"{name}: {metrics[name]:.4g} of at most {most:g}"
        for name, most in GOALS.items()
        if name in metrics and metrics[name] > most
    ]
    return Report("desk", dict(metrics), missed=missed)


def text_of(report: Report) -> str:
    """Return the table."""
    rows = [[name, value, GOALS.get(name)] for name, value in report.metrics.items()]
    return table(["figure", "measured", "goal"], rows) + "\n\nMissed: " + (", ".join(report.missed or ()) or "none")


if __name__ == "__main__":
    raise SystemExit(main())

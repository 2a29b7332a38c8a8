"""What every benchmark prints: a readable table, and with --json one line that programs read."""

import json
import math
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


@dataclass
class Report:
    """One benchmark's outcome; ratios are ours divided by the peer's, below 1 when ours is better."""

    name: str
    metrics: dict[str, Any] = field(default_factory=dict)
    """Numbers, some of them in groups with names."""
    peers: dict[str, dict[str, float]] = field(default_factory=dict)
    ratios: dict[str, float] = field(default_factory=dict)
    missed: list[str] | None = None
    """Goals that were not reached; None for a benchmark that says so in its text alone."""

    def as_json(self) -> str:
        """Return the one line for programs."""
        content: dict[str, Any] = {
            "name": self.name,
            "metrics": rounded(self.metrics),
            "peers": {peer: rounded(values) for peer, values in self.peers.items()},
            "ratios": rounded(self.ratios),
        }
        if self.missed is not None:
            content["missed"] = self.missed
        return json.dumps(content)


def rounded(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with four figures that mean something, in their groups; null for what is no number."""
    return {key: rounded(value) if isinstance(value, Mapping) else figure(value) for key, value in values.items()}


def figure(value: Any) -> Any:
    """Return a number with four figures that mean something, None for one that JSON does not know."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return float(f"{value:.4g}") if math.isfinite(value) else None


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table: the first column to the left, numbers to the right."""
    lines = [list(head), *([cell(value) for value in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    ruler = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(
        "| " + " | ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]) + " |"
        for line in [lines[0], ruler, *lines[1:]]
    )


def cell(value: object) -> str:
    """Return a table cell: three figures for a measured number, nothing for a missing one."""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return "" if value is None else str(value)


def machine() -> str:
    """Return one line about the machine and the day, for the results file."""
    model = next(
        (line.split(":")[1].strip() for line in cpu_lines() if line.startswith("model name")),
        platform.processor() or platform.machine(),
    )
    day = datetime.now(UTC).date().isoformat()
    return f"{model}, {processor_count()} cores, Python {platform.python_version()}, {day}"


def cpu_lines() -> list[str]:
    """Return what the kernel says about the processor, nothing where it does not say."""
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def processor_count() -> int:
    """Return how many processors the machine shows."""
    return sum(line.startswith("processor") for line in cpu_lines()) or 1


def interleaved(calls: Mapping[str, Callable[[], object]], repeats: int = 7, seconds: float = 0.02) -> dict[str, float]:
    """Return each call's median time in microseconds; the calls take turns, so that noise meets all alike."""
    counts = {name: loops_for(call, seconds) for name, call in calls.items()}
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(repeats):
        for name, call in calls.items():
            times[name].append(timed(call, counts[name]))
    return {name: statistics.median(values) for name, values in times.items()}


def loops_for(call: Callable[[], object], seconds: float) -> int:
    """Return how often a call fits into so many seconds."""
    call()
    return max(1, int(seconds * 1e6 / max(timed(call, 1), 0.05)))


def timed(call: Callable[[], object], count: int) -> float:
    """Return the microseconds one call takes, over count calls."""
    start = time.perf_counter()
    for _ in range(count):
        call()
    return (time.perf_counter() - start) / count * 1e6


def show(report: Report, text: str, as_json: bool) -> None:
    """Print a benchmark's text, and its JSON as the last line if asked for."""
    print(f"{report.name} on {machine()}\n\n{text}")
    if as_json:
        print(report.as_json())
    sys.stdout.flush()

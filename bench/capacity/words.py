"""What a capacity measurement says: a table, the limits of each step, both figures in words, and its report."""

from collections.abc import Iterator, Sequence
from typing import Any

from bench.capacity.steps import FULL, HALF, Step, best_of
from evaluation.figures.report import Report, table

GOALS = {"students": 80, "students_half_pace": 150}
"""On two cores."""
BUSY_PERCENT = 20.0
"""From so much of one core on, other programs are worth a word."""


def text_of(steps: Sequence[Step]) -> str:
    """Return all that is printed."""
    head = ["students", "picture age p95 ms", "alert p95 ms", *(f"{name} every s" for name in steps[0].paces)]
    head += ["stretch", "web CPU %", "analysis CPU %", "other programs CPU %"]
    return "\n".join([table(head, map(_row, steps)), "", *_limits(steps), "", *verdict(steps)])


def verdict(steps: Sequence[Step]) -> Iterator[str]:
    """Say in plain words what was found."""
    best, slow, last = best_of(steps), best_of(steps, HALF), steps[-1]
    yield from _found(best, steps, FULL, "This machine carries {} students at the same time at full pace.")
    yield from _found(slow, steps, HALF, "With heavy looks at half pace it carries {}.")
    if best is None:
        yield "Analysis needs processor cores; please close other programs or take a stronger machine."
    if (shown := best or slow) is not None:
        yield (
            f"With {shown.students} students the server used {shown.cpu['web']:.0f} % of one core for connections "
            f"and {shown.cpu['workers']:.0f} % for analysis, and "
            f"{shown.rss['web'] + shown.rss['workers']:.0f} MB of memory."
        )
        yield (
            f"The simulated students ran on this machine too ({shown.cpu['load']:.0f} % of one core): with real ones "
            "it has a little more room."
        )
    if last.others > BUSY_PERCENT:
        yield f"Other programs used {last.others:.0f} % of one core meanwhile: without them it would carry more."


def _found(best: Step | None, steps: Sequence[Step], pace: float, words: str) -> Iterator[str]:
    broken = next((step for step in steps if step.problem(pace)), None)
    yield words.format(best.students if best else f"fewer than {steps[0].students}")
    if broken is not None:
        yield f"With {broken.students} students, {broken.problem(pace)}."
    else:
        yield "More were not tried in the time: the limit is higher."


def report_of(steps: Sequence[Step]) -> Report:
    """Return both figures, the limits of the first step that broke one (else of the last), and the goals missed."""
    best, slow = best_of(steps), best_of(steps, HALF)
    carried = {"students": best.students if best else 0, "students_half_pace": slow.students if slow else 0}
    broken = next((step for step in steps if step.problem()), steps[-1])
    shown = best or broken
    metrics: dict[str, Any] = {
        **carried,
        "limits": {limit.name: limit.figures() for limit in broken.limits()},
        "limits_at_students": broken.students,
        "looks": {name: pace._asdict() for name, pace in shown.paces.items()},
        "looks_per_student_second": shown.looks,
        **{f"cpu_{name}_percent": value for name, value in shown.cpu.items()},
        **{f"rss_{name}_mb": value for name, value in shown.rss.items()},
        "cpu_other_programs_percent": shown.others,
    }
    missed = [f"{name}: {carried[name]} of {goal}" for name, goal in GOALS.items() if carried[name] < goal]
    return Report("capacity", metrics, missed=missed)


def line_of(step: Step) -> str:
    state = "all well" if step.problem() is None else "half pace" if step.problem(HALF) is None else "too many"
    return f"{step.students:4d} students: {state}; " + ", ".join(map(str, step.limits()))


def _row(step: Step) -> list[object]:
    paces = [pace.seconds for pace in step.paces.values()]
    delays = [1000 * step.tile_age_p95, 1000 * step.alert_p95]
    return [step.students, *delays, *paces, step.stretch, step.cpu["web"], step.cpu["workers"], step.others]


def _limits(steps: Sequence[Step]) -> Iterator[str]:
    """Yield the limits of each step, one a line, and which gave way."""
    for step in steps:
        yield f"{step.students} students"
        yield from (f"  {limit}" for limit in step.limits())

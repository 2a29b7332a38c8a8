"""What was aimed at, beside what was reached."""

from collections.abc import Mapping
from typing import NamedTuple

from evaluation.figures.intervals import Figure


class Goal(NamedTuple):
    """A limit for one figure; `most` for errors, which should stay below it."""

    what: str
    figure: str
    limit: float
    most: bool = False
    why: str = ""
    """What is known of the cause, said only where the goal is missed."""

    def is_reached(self, value: float) -> bool:
        """Say whether the value keeps the limit."""
        return value <= self.limit if self.most else value >= self.limit


PHONES = (
    "A small model trained on COCO takes a hand that holds something else as one holds a phone for a hand with a phone,"
    " and does not see a phone of a few pixels in the hands of somebody far away; a lower threshold trades one for the"
    " other. `python -m bench.phones` shows what else was tried."
)
GOALS = (
    Goal("no face, confirmed: precision", "no_face confirmed precision", 0.97),
    Goal("no face, confirmed: recall", "no_face confirmed recall", 0.97),
    Goal("several faces, confirmed: precision", "several confirmed precision", 0.97),
    Goal("several faces, confirmed: recall", "several confirmed recall", 0.90),
    Goal("phone, single pictures: F1", "phone f1", 0.92, why=PHONES),
    Goal("yaw, mean error within 60 degrees", "yaw error within 60 degrees", 6.0, most=True),
    Goal("looking away, position learnt quietly: F1", "away f1 position learnt quietly, head", 0.85),
    Goal(
        "identity, confirmed: false accepts where 1 of 100 is rejected",
        "identity far confirmed, not chosen on",
        0.01,
        most=True,
    ),
    Goal("identity: ROC-AUC", "identity auc", 0.99),
    Goal("arm, hand to face or not: balanced accuracy", "arm hand to face", 0.90),
    Goal("arm, calm or not: balanced accuracy", "arm calm", 0.90),
    Goal("speech, segments of 3 s: F1", "speech f1", 0.95),
    Goal("speech, alerts by recording: F1", "speech alerts f1", 0.95),
    Goal("noise: wrong alerts of speech in an hour", "speech wrongly alerted in an hour", 1.0, most=True),
)


def rows(figures: Mapping[str, Figure]) -> list[list[object]]:
    """Return a line for each goal that was measured; "by the interval too" where even its worse end keeps the limit."""
    told: list[list[object]] = []
    for goal in GOALS:
        figure = figures.get(goal.figure)
        if figure is None:
            told.append([goal.what, limit(goal), "not measured", ""])
            continue
        worse_end = figure.high if goal.most else figure.low
        verdict = "yes" if goal.is_reached(figure.value) else "no"
        if goal.is_reached(worse_end):
            verdict = "yes, by the interval too"
        told.append([goal.what, limit(goal), str(figure), verdict])
    return told


def missed(figures: Mapping[str, Figure]) -> list[str]:
    """Return a sentence for each goal that was measured and not reached."""
    return [
        f"{goal.what}: {figures[goal.figure].value:.3f} instead of {goal.limit:g}. {goal.why}".strip()
        for goal in GOALS
        if goal.figure in figures and not goal.is_reached(figures[goal.figure].value)
    ]


def limit(goal: Goal) -> str:
    """Return the limit as people read it."""
    return f"at most {goal.limit:g}" if goal.most else f"at least {goal.limit:g}"

"""The figures of an earlier run, kept beside the code, and which of later ones fell below their intervals."""

import json
import math
from collections.abc import Mapping
from pathlib import Path

from evaluation.figures.intervals import Figure

KEPT = Path(__file__).with_name("baseline.json")
LESS_IS_BETTER = ("error", "wrongly", "far")


def keep(figures: Mapping[str, Figure], path: Path = KEPT) -> None:
    """Keep the figures."""
    told = {
        name: {key: round(value, 4) for key, value in vars(figure).items()}
        for name, figure in sorted(figures.items())
        if not math.isnan(figure.value)
    }
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def read(path: Path = KEPT) -> dict[str, Figure]:
    """Return the kept figures."""
    told = json.loads(path.read_text(encoding="utf-8"))
    return {name: Figure(**values) for name, values in told.items()}


def fallen(figures: Mapping[str, Figure], before: Mapping[str, Figure]) -> list[str]:
    """Return what fell by more than the interval of the kept figure, each as a sentence."""
    told = []
    for name in sorted(figures.keys() & before.keys()):
        now, then = figures[name].value, before[name]
        is_worse = now > then.high if any(word in name for word in LESS_IS_BETTER) else now < then.low
        if is_worse or math.isnan(now):
            told.append(f"{name}: {now:.3f}, kept {then}")
    return told

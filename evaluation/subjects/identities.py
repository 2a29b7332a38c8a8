"""The same person or another: all pairs of labelled pictures."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.types import ObservationKind
from detection.detectors.identity import OTHER_FROM, SAME_UNTIL
from detection.frames.decode import decode
from evaluation.figures.intervals import Figure, accepted_at, drawn, separation, share
from evaluation.figures.labelled_data import Row, rows
from evaluation.figures.section import Section
from evaluation.subjects.faces import band, lightness
from evaluation.systems.ours import NOTHING, Watcher, largest_face

Floats = NDArray[np.float64]
MOST_REJECTED = 0.01


def measure(watcher: Watcher, media: Path) -> Section:
    """Measure how well distances tell people apart, and what the two limits make of them."""
    section = Section("Identity: all pairs of pictures", ("", "value", "measured on"))
    told = rows(media, "identity")
    if not told or "identity" in watcher.missing:
        return section
    people, bands, numbers, refused = described(watcher, told)
    same, distances = pairs(people, numbers)
    section.note = (
        f"{len(told)} pictures of {len({row.label for row in told})} people; {len(refused)} were refused before any"
        f" comparison ({', '.join(sorted(set(refused))) or 'none'}). The intervals come from drawing people, not pairs."
    )
    add_curve(section, people, same, distances)
    of_same, of_other = distances[same], distances[~same]
    for name, chosen, said in (
        ("same person: yes", of_same, of_same <= SAME_UNTIL),
        ("same person: wrongly no", of_same, of_same >= OTHER_FROM),
        ("another person: no", of_other, of_other >= OTHER_FROM),
        ("another person: wrongly yes", of_other, of_other <= SAME_UNTIL),
    ):
        figure = share(int(said.sum()), len(chosen))
        section.rows.append([name, str(figure), f"{len(chosen)} pairs"])
        section.figures[f"identity {name}"] = figure
    add_bands(section, people, bands, numbers)
    return section


def described(watcher: Watcher, told: Sequence[Row]) -> tuple[list[str], list[str], Floats, list[str]]:
    """Return people, bands of the face's lightness and 128 numbers of usable pictures, and why others were refused."""
    people, bands, numbers, refused = list[str](), list[str](), list[Any](), list[str]()
    for row in told:
        still = row.still()
        seen = watcher.look(still, ("face", "picture", "landmarks", "identity"), identity={"enrol": True})
        values = seen.get(ObservationKind.IDENTITY, NOTHING)
        if "embedding" not in values:
            refused.append(str(values.get("reason")))
            continue
        light = lightness(decode(still.jpeg).bgr, largest_face(seen) or (0, 0, still.width, still.height))
        people.append(row.label)
        bands.append(band("lightness of the face", light, ((40, "dark"), (60, "medium"), (101, "light"))))
        numbers.append(values["embedding"])
    return people, bands, np.array(numbers, dtype=float), refused


def pairs(people: Sequence[str], numbers: Floats) -> tuple[NDArray[np.bool_], Floats]:
    """Return, for every pair, whether it is one person, and the distance."""
    first, second = np.triu_indices(len(people), 1)
    names = np.array(people)
    return names[first] == names[second], np.linalg.norm(numbers[first] - numbers[second], axis=1)


def add_curve(section: Section, people: Sequence[str], same: NDArray[np.bool_], distances: Floats) -> None:
    """Add what holds at every limit: the area under the curve, and false accepts where 1 of 100 is rejected."""
    first, second = np.triu_indices(len(people), 1)
    names, owners = np.unique(np.array(people), return_inverse=True)

    def of_people(measured: Any) -> Any:
        def of_drawn(chosen: Floats) -> float:
            weight = np.bincount(chosen[:, 0].astype(int), minlength=len(names))
            often = weight[owners[first]] * np.where(same, 1, weight[owners[second]])
            return float(measured(np.repeat(distances[same], often[same]), np.repeat(distances[~same], often[~same])))

        return of_drawn

    rows_of_people = np.arange(len(names), dtype=float).reshape(-1, 1)
    wanted = {
        "ROC-AUC": separation,
        "false accepts where 1 of 100 is falsely rejected": lambda a, b: accepted_at(MOST_REJECTED, a, b),
    }
    for name, measured in wanted.items():
        figure = drawn(rows_of_people, of_people(measured))
        section.rows.append([name, str(figure), f"{len(distances)} pairs, {len(names)} people"])
        section.figures["identity auc" if name == "ROC-AUC" else "identity far"] = Figure(
            figure.value, figure.low, figure.high, len(distances)
        )


def add_bands(section: Section, people: Sequence[str], bands: Sequence[str], numbers: Floats) -> None:
    """Add how often people are known again, and taken for each other, by the lightness of the face."""
    first, second = np.triu_indices(len(people), 1)
    same, distances = pairs(people, numbers)
    told = np.array(bands)
    for name in sorted(set(bands)):
        inside = same & ((told[first] == name) | (told[second] == name))
        figure = share(int((distances[inside] <= SAME_UNTIL).sum()), int(inside.sum()))
        section.rows.append([f"same person: yes, {name}", str(figure), f"{int(inside.sum())} pairs"])
        within = ~same & (told[first] == name) & (told[second] == name)
        figure = share(int((distances[within] <= SAME_UNTIL).sum()), int(within.sum()))
        section.rows.append([f"another person: wrongly yes, {name}", str(figure), f"{int(within.sum())} pairs"])

"""The same person or another: all pairs of labelled pictures."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.types import ObservationKind
from detection.detectors.identity import OTHER_FROM, SAME_UNTIL, distance_to
from detection.frames.decode import decode
from detection.rules.wrong_person import MEAN_OTHER_FROM
from detection.tools.recordings import Still
from evaluation.figures.intervals import Figure, accepted_at, drawn, separation, share
from evaluation.figures.labelled_data import Row, rows, shaken, shrunk
from evaluation.figures.section import Section
from evaluation.subjects.faces import band, lightness
from evaluation.systems.ours import NOTHING, Watcher, largest_face

Floats = NDArray[np.float64]
MOST_REJECTED = 0.01
REFERENCES, LOOKS = 3, 3
FAR = 56  # pixels: a student who sits far from the camera


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


def described(
    watcher: Watcher, told: Sequence[Row], taken: Callable[[Watcher, Row], Still] | None = None
) -> tuple[list[str], list[str], Floats, list[str]]:
    """Return people, bands of the face's lightness and 128 numbers of usable pictures, and why others were refused."""
    people, bands, numbers, refused = list[str](), list[str](), list[Any](), list[str]()
    for row in told:
        still = taken(watcher, row) if taken else row.still()
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


def confirmed(watcher: Watcher, media: Path) -> Section:
    """Measure what several pictures of the check and several looks come to, as a room has them."""
    section = Section("Identity: after confirmation", ("", "value", "measured on"))
    told = rows(media, "identity")
    if not told or "identity" in watcher.missing:
        return section
    section.note = (
        f"{REFERENCES} pictures of a person are what the system check took, in every choice of them; up to {LOOKS}"
        " others of the same person, or of another one, are the looks, and their mean decides. Far: the looks are"
        f" shrunk to faces of {FAR} pixels, with a webcam's noise. People with too few pictures are left out. The"
        f" rule's limit of {MEAN_OTHER_FROM:g} was chosen on every other person, by the alphabet; those it was not"
        " chosen on stand apart. The way to compare was chosen with all of them in sight. Where nobody is wrong"
        " the interval is that of as many people, not comparisons."
    )
    near = by_person(watcher, told)
    for looks, faces in (("", near), (", far", by_person(watcher, told, far_off))):
        names = sorted(name for name in near if len(near[name]) > REFERENCES and len(faces.get(name, ())) > REFERENCES)
        for group, chosen in (("everybody", names), ("not chosen on", names[1::2])):
            scored = {name: against_all(name, near, faces, chosen) for name in chosen}
            add_confirmed(section, group + looks, scored)
    return section


def by_person(
    watcher: Watcher, told: Sequence[Row], taken: Callable[[Watcher, Row], Still] | None = None
) -> dict[str, Floats]:
    """Return the numbers of each person's usable pictures, as they are or as they are `taken`."""
    people, _bands, numbers, _refused = described(watcher, told, taken)
    return {name: numbers[[person == name for person in people]] for name in dict.fromkeys(people)}


def far_off(watcher: Watcher, row: Row) -> Still:
    """Return a picture as a camera sends it whose face is FAR pixels wide, or as it is without a face so large."""
    still = row.still()
    box = largest_face(watcher.look(still, ("face",)))
    if box is None or box[2] <= FAR:
        return still
    small = shrunk(decode(still.jpeg).bgr, round(still.width * FAR / box[2]))
    return next(shaken(small, 1, 0.0, seed=still.width))


Scored = Mapping[str, tuple[Floats, Floats]]
"""By person the means of looks of the same person, and of others."""


def against_all(
    name: str, near: Mapping[str, Floats], faces: Mapping[str, Floats], chosen: Sequence[str]
) -> tuple[Floats, Floats]:
    """Return the mean differences of a person's own looks and of everybody else's, for every choice of references."""
    same, other = list[float](), list[float]()
    for taken in combinations(range(len(near[name])), REFERENCES):
        references = near[name][list(taken)].tolist()
        looks = [face for number, face in enumerate(faces[name]) if number not in taken][:LOOKS]
        same.append(mean(distance_to(look, references) for look in looks))
        for stranger in chosen:
            if stranger != name:
                other.append(mean(distance_to(look, references) for look in faces[stranger][:LOOKS]))
    return np.array(same), np.array(other)


def add_confirmed(section: Section, group: str, scored: Scored) -> None:
    """Add false accepts where 1 of 100 is rejected, and what the rule's limit makes of the means."""
    names = list(scored)

    def of_drawn(measured: Any) -> Any:
        def of(chosen: Floats) -> float:
            drawn_names = [names[int(number)] for number in chosen[:, 0]]
            both = [np.concatenate([scored[name][side] for name in drawn_names]) for side in (0, 1)]
            return float(measured(*both))

        return of

    wanted = {
        "false accepts where 1 of 100 is falsely rejected": lambda a, b: accepted_at(MOST_REJECTED, a, b),
        "same person: called another": lambda a, _: (a >= MEAN_OTHER_FROM).mean(),
        "another person: not noticed": lambda _, b: (b < MEAN_OTHER_FROM).mean(),
    }
    count = sum(len(other) for _, other in scored.values())
    for name, measured in wanted.items():
        figure = drawn(np.arange(len(names), dtype=float).reshape(-1, 1), of_drawn(measured))
        if figure.low == figure.high:  # people drawn again hold no mistake that none of them made
            figure = share(round(figure.value * len(names)), len(names))
        section.rows.append([f"{name}, {group}", str(figure), f"{count} comparisons, {len(names)} people"])
        if name.startswith("false accepts"):
            section.figures[f"identity far confirmed, {group}"] = Figure(figure.value, figure.low, figure.high, count)


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

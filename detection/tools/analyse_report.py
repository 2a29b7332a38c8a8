"""What `analyse` says of one picture: a line of JSON for programs, a line of words for people."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.types import ObservationKind
from detection.tools.recordings import Still

NOTHING: Mapping[str, Any] = {}
Facts = Mapping[ObservationKind, Mapping[str, Any]]


def as_line(path: Path, still: Still, facts: Facts, attention: float | None) -> dict[str, Any]:
    """Return one line of `--json`: pixels of the original file, degrees, null for what was not seen."""
    faces, head = facts.get(ObservationKind.FACES, NOTHING), facts.get(ObservationKind.LANDMARKS, NOTHING)
    picture, identity = facts.get(ObservationKind.PICTURE, NOTHING), facts.get(ObservationKind.IDENTITY, NOTHING)
    things = facts.get(ObservationKind.OBJECTS, NOTHING).get("objects", ())
    compared = identity.get("reason") != "not enrolled" and bool(identity)
    return {
        "file": str(path),
        "at": still.at,
        "picture": {name: picture.get(name) for name in ("state", "luminance", "blur")},
        "faces": [
            {"box": _original(box, still), "score": score}
            for box, score in zip(faces.get("boxes", ()), faces.get("scores", ()), strict=True)
        ],
        "head": {name: head[name] for name in ("yaw", "pitch", "roll")} if head.get("yaw") is not None else None,
        "gaze": head.get("gaze"),
        "identity": {name: identity.get(name) for name in ("distance", "match")} if compared else None,
        "objects": [
            {"label": one["label"], "box": _original(one["box"], still), "score": one["score"]} for one in things
        ],
        "attention": None if attention is None else round(attention, 1),
    }


def as_words(line: Mapping[str, Any]) -> str:
    """Return one line for people."""
    head = line["head"] and "head {yaw:+.0f}/{pitch:+.0f}/{roll:+.0f}".format(**line["head"])
    things = ", ".join(f"{thing['label']} {thing['score']:.2f}" for thing in line["objects"])
    identity = line["identity"] and f"identity {line['identity']['match']}"
    attention = None if line["attention"] is None else f"attention {line['attention']:.0f}"
    count = len(line["faces"])
    told = [f"{count} face{'' if count == 1 else 's'}", line["picture"]["state"], head, identity, things, attention]
    return f"{line['file']}  {line['at']:7.1f} s  " + "; ".join(str(part) for part in told if part)


def _original(box: Sequence[float], still: Still) -> list[int]:
    return [round(value / still.scale) for value in box]

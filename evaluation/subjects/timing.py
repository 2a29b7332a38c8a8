"""How long each stage takes, and each peer, in turns on the same pictures."""

from collections.abc import Callable, Iterable
from pathlib import Path

from core.types import ObservationKind
from detection.frames.decode import Picture, decode
from evaluation.figures.labelled_data import rows
from evaluation.figures.section import Section
from evaluation.systems.ours import Clock, Watcher

WIDTH = 640


def measure(watcher: Watcher, media: Path, peers: Iterable[Callable[[Picture], object]], theirs: Clock) -> Section:
    """Time every stage on the pictures of faces, and forget the times of all that was looked at before."""
    section = Section("Time per stage", ("", "median ms per look", "looks"))
    section.note = (
        f"Pictures of faces, at most {WIDTH} wide, everybody in turns on the same picture. In a room identity is"
        " looked at about every 45 s (22 to 67, at random), objects every 2 s, landmarks every second; the others at"
        " every look."
    )
    watcher.clock.times.clear()
    theirs.times.clear()
    told, asked = rows(media, "faces"), list(peers)
    for row in told:
        still = row.still(WIDTH)
        seen = watcher.look(still, identity={"enrol": True})
        if "embedding" not in seen.get(ObservationKind.IDENTITY, {}) and watcher.clock.times.get("identity"):
            watcher.clock.times["identity"].pop()  # a face that is refused costs nothing
        for peer in asked:
            peer(decode(still.jpeg))
        asked = asked[1:] + asked[:1]
    for clock, whose in ((watcher.clock, "Examonitor: "), (theirs, "")):
        for name, value in clock.medians().items():
            section.rows.append([f"{whose}{name}", value, len(clock.times[name])])
    return section

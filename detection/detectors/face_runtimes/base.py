"""What everything promises that runs a BlazeFace model; the contract test runs over all that are registered."""

from typing import NamedTuple, Protocol

from detection.frames.decode import Picture
from detection.frames.frameops import Area

FULL_RANGE, SHORT_RANGE = "face_full_range", "face_short_range"
OVERLAP = 0.3  # boxes that share more than this are one face; MediaPipe's own default


class Face(NamedTuple):
    """Score 0 to 1, [x, y, width, height] and BlazeFace's six points [[x, y]...], both in pixels of the picture."""

    score: float
    box: list[int]
    points: list[list[float]]


class FaceModel(Protocol):
    """One model that is loaded; it is used by one thread and keeps no memory from picture to picture."""

    def look(self, picture: Picture, region: Area) -> list[Face]:
        """Return the faces in a region (left, top, width, height) of a picture, surest first."""
        ...

    def close(self) -> None:
        """Give back the model; it is not used again."""
        ...

"""What every detector promises; the contract test runs over all that are registered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

from core.types import ObservationKind
from detection.models.shelf import ModelShelf

if TYPE_CHECKING:  # the registry is read by the web process too, which must not load an image library
    from detection.frames.decode import Picture

Values = Mapping[str, Any]
Findings = Mapping[ObservationKind, Values]
"""What the detectors before this one found in the same picture; only of those that were due."""
Context = Mapping[str, Any]
"""What the server knows of the participant for this detector (JSON-able, small); {} where it knows nothing."""


class Detector(Protocol):
    """Analyses one picture and returns one kind of fact about it; keeps no memory from picture to picture."""

    name: ClassVar[str]
    kind: ClassVar[ObservationKind]
    every: ClassVar[float]
    """Seconds between two analyses of one webcam; 0: at every frame that is analysed, about once a second.

    Phones' cameras are analysed as detection.measures.channels says.
    """

    def __init__(self, models: ModelShelf) -> None:
        """Remember where models are; cheap, loads nothing."""
        ...

    def available(self) -> str | None:
        """Return None when it can be loaded, else why not, as a sentence for the administrator."""
        ...

    def load(self) -> None:
        """Load models and libraries; called once, before the first look."""
        ...

    def close(self) -> None:
        """Give back what `load` took; it is not used again."""
        ...

    def look(self, picture: Picture, found: Findings, context: Context) -> Values:
        """Return JSON-able values as ObservationKind documents them; pixels of this picture for places in it."""
        ...


class WithoutModel:
    """What a detector inherits that needs no model: always there, with nothing to load or to give back."""

    def __init__(self, models: ModelShelf | None = None) -> None:
        pass

    def available(self) -> str | None:
        """Return None."""
        return None

    def load(self) -> None:
        """Load nothing."""

    def close(self) -> None:
        """Give back nothing."""


@runtime_checkable
class Reducible(Protocol):
    """A detector that works without one of its models, but less well."""

    def reduced(self) -> str | None:
        """Return what is missing and what that costs, None when everything is there; cheap, like `available`."""
        ...

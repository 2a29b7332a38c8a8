"""What a download is: a name, a type, and how its bytes are made of a report."""

from collections.abc import Callable
from dataclasses import dataclass

from reports.model import RoomReport
from reports.words import Words


@dataclass(frozen=True)
class Export:
    """One kind of file; `label` and `sign` are what its link shows, `label` a translation key."""

    name: str
    """The end of its address."""
    label: str
    sign: str
    mimetype: str
    make: Callable[[RoomReport, Words], bytes]

    @property
    def suffix(self) -> str:
        """Return how the file's name ends."""
        return self.name.rpartition(".")[2]

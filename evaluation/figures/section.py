"""One part of the accuracy report: a table, the figures behind it, and what has to be said of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import fill

from evaluation.figures.intervals import Figure
from evaluation.figures.report import table

WIDTH = 120  # of a line of text


@dataclass
class Section:
    """A title, a table, a sentence or two; `figures` are ours, `peers` those of others on the same pictures."""

    title: str
    head: Sequence[str] = ()
    rows: list[list[object]] = field(default_factory=list)
    note: str = ""
    figures: dict[str, Figure] = field(default_factory=dict)
    peers: dict[str, dict[str, float]] = field(default_factory=dict)

    def text(self) -> str:
        """Return it as Markdown."""
        note = "\n\n".join(fill(part, WIDTH, break_on_hyphens=False) for part in self.note.split("\n\n"))
        parts = [f"## {self.title}", note, table(self.head, self.rows) if self.rows else ""]
        return "\n\n".join(part for part in parts if part) + "\n"

    def peer(self, name: str, figures: Mapping[str, float]) -> None:
        """Note figures of a peer."""
        self.peers.setdefault(name, {}).update(figures)

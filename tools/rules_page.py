"""Writes docs/rules.md, the table of all rules, from what each rule says of itself.

`python -m tools.rules_page` writes the page; `--check` says with exit status 1 that it is not up to date.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from core.rule_catalogue import RuleCatalogue, RuleEntry
from detection.runtime.catalogue import rule_catalogue
from tools.node import ROOT

PAGE = ROOT / "docs" / "rules.md"
HEAD = """# Rules

Every kind of alert, in the order of the room's form. `python -m tools.rules_page` writes this page from the files in
`detection/rules/`; [extending.md](extending.md) shows how to add one.

- **Weight** is what an alert adds to the suspicion level ([attention.md](attention.md)).
- **After** is how many seconds the condition must last under the presets relaxed / normal / strict.
- **Kept** is what an alert can show. Sound is kept only in rooms that say so.

| Kind | Name | Weight | Severity | After | Kept | What it watches for |
|---|---|---|---|---|---|---|
"""


def page_of(catalogue: RuleCatalogue) -> str:
    """Return the page for these rules."""
    return HEAD + "".join(line_of(entry) for entry in catalogue.values())


def line_of(entry: RuleEntry) -> str:
    """Return one line of the table."""
    after = " / ".join(f"{settings.hold:g}" for settings in entry.presets.values())
    kept = ", ".join(sorted(entry.evidence)) or "–"
    choices = " / ".join(f"`{name}`" for name in entry.choices)
    meaning = f"{entry.meaning} To choose: {choices}." if choices else entry.meaning
    cells = (entry.kind, entry.label, f"{entry.weight:g}", entry.defaults.severity, after, kept, meaning)
    return f"| {' | '.join(cells)} |\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the page."""
    parser = argparse.ArgumentParser(prog="python -m tools.rules_page", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    wanted = page_of(rule_catalogue())
    if parser.parse_args(arguments).check:
        return int(not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != wanted)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

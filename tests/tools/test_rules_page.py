"""docs/rules.md is what the rules say of themselves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.types import AlertKind, Evidence
from detection.runtime.catalogue import rule_catalogue
from tools import rules_page


def test_the_page_is_up_to_date() -> None:
    wanted = rules_page.page_of(rule_catalogue())
    assert rules_page.PAGE.read_text(encoding="utf-8") == wanted, "python -m tools.rules_page writes it"


def test_a_page_that_is_not_is_noticed_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules_page, "PAGE", tmp_path / "rules.md")
    assert rules_page.main(["--check"]) == 1
    assert rules_page.main([]) == 0
    assert rules_page.main(["--check"]) == 0
    rules_page.PAGE.write_text("# Rules\n", encoding="utf-8")
    assert rules_page.main(["--check"]) == 1


def test_a_line_has_what_a_teacher_asks_for() -> None:
    entry = replace(rule_catalogue()[AlertKind.LOOKING_AWAY], evidence=frozenset[Evidence]())
    line = rules_page.line_of(entry)
    assert line.startswith("| LOOKING_AWAY | Looking away | 10 | warning | 8 / 5 / 3 | – | ")
    assert line.endswith("To choose: `left` / `right` / `up` / `down`. |\n")

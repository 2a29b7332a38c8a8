"""What documents, comments and texts point to exists."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\]\(([^)#\s:]+)(?:#[^)]*)?\)")
PAGE = re.compile(r"(?<![\w./-])docs/[\w./-]+\.md\b")
TEST = re.compile(r"`(?:(tests/[\w/]+\.py|test_\w+\.py)(?:::(test_\w+))?|(test_\w+))`")
INVENTED = {"tests/test_house.py"}
"""Names files that do not exist, to show that its rules notice."""


def tracked(*endings: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    found = (
        listed.stdout.split("\0") if listed.returncode == 0 else [str(p.relative_to(ROOT)) for p in ROOT.glob("*/**/*")]
    )
    return [
        ROOT / name for name in found if name.endswith(endings) and name not in INVENTED and (ROOT / name).is_file()
    ]


@pytest.mark.parametrize("page", tracked(".md"), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_page_that_is_named_in_code_exists() -> None:
    named = {
        (str(source.relative_to(ROOT)), page)
        for source in tracked(".py", ".pyx", ".js", ".html", ".md", ".toml")
        for page in PAGE.findall(source.read_text(encoding="utf-8"))
    }
    assert ("serving/green.py", "docs/decisions/0008-eventlet-by-default.md") in named
    assert sorted((source, page) for source, page in named if not (ROOT / page).is_file()) == []


def test_every_test_that_the_page_of_faults_names_exists() -> None:
    """A name alone is of the file named last; a file without folder is one of tests/flows."""
    missing, file = [], ""
    for named, test, alone in TEST.findall((ROOT / "docs" / "faults.md").read_text(encoding="utf-8")):
        if named:
            file = named if "/" in named else f"tests/flows/{named}"
        wanted = test or alone
        path = ROOT / file
        if not path.is_file() or (wanted and f"def {wanted}(" not in path.read_text(encoding="utf-8")):
            missing.append((file, wanted))
    assert missing == []

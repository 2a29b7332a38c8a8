"""Runs alone: reads {"facts", "pictures": {alert: file}} from its input and writes the PDF to its output."""

import json
import shutil
import sys
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import typst

TEMPLATE = Path(__file__).with_name("report.typ")


def set_paper(facts: Mapping[str, Any], pictures: Mapping[str, str]) -> bytes:
    """Return the PDF; Typst sees a folder with these facts and pictures, and nothing else of the machine."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copy(TEMPLATE, root / "report.typ")
        for alert, file in pictures.items():
            shutil.copyfile(file, root / f"{alert}.jpg")
        try:
            return _set(root, facts, {f"{alert}.jpg" for alert in pictures})
        except typst.TypstError:
            # a picture is what somebody's browser sent: one that cannot be read must not cost the others
            return _set(root, facts, {f"{alert}.jpg" for alert in pictures if _is_readable(root, f"{alert}.jpg")})


def _set(root: Path, facts: Mapping[str, Any], names: Collection[str]) -> bytes:
    (root / "facts.json").write_text(json.dumps({**facts, "readable": sorted(names)}), encoding="utf-8")
    made: Any = typst.compile(str(root / "report.typ"), root=str(root))
    return bytes(made)


def _is_readable(root: Path, name: str) -> bool:
    alone = root / "alone.typ"
    alone.write_text(f"#image({json.dumps(name)})", encoding="utf-8")
    try:
        typst.compile(str(alone), root=str(root))
    except typst.TypstError:
        return False
    return True


if __name__ == "__main__":
    given = json.load(sys.stdin)
    sys.stdout.buffer.write(set_paper(given["facts"], given["pictures"]))

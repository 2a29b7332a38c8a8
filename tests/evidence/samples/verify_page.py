"""Runs the script of verify.html in Node.js, which has the WebCrypto of browsers."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable
from typing import Any

from tests.house.project_files import ROOT
from tools.node import system_node, wheel_node

PAGE = ROOT / "evidence" / "verify.html"
RUNNER = """
const exports = JSON.parse(require('fs').readFileSync(0, 'utf8'));
(async () => {
  for (const [data, key, witnessed] of exports) {
    let said;
    try {
      const found = await verify(new Uint8Array(Buffer.from(data, 'base64')), key, witnessed);
      said = { shown: [...found.payloads.keys()], erased: [...found.erased], key: found.key, origin: found.origin,
        entries: found.entries.length, checkpoints: found.checkpoints };
    } catch (error) {
      said = { error: error.constructor.name, why: error.message };
    }
    console.log(JSON.stringify(said));
  }
})();
"""


def script() -> str:
    """The script of the page."""
    (found,) = re.findall(r"<script>(.*?)</script>", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return found


def page_says(asked: Iterable[tuple[str, str, list[str]]], before: str = "") -> list[dict[str, Any]]:
    """What the page says of exports (base64, key, witnessed notes); `before` is run before its script."""
    node = (system_node() or wheel_node())["node"]
    code = f"{before}\n{script()}\n{RUNNER}"
    given = json.dumps(list(asked))
    done = subprocess.run([*node, "-e", code], input=given, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]

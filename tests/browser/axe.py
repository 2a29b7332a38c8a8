"""axe-core, which finds what keeps people with disabilities out of a page, run in the page itself."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# also of WCAG A, which axe leaves out of its usual run: what is spoken must hold the words that are seen
FURTHER = ["label-content-name-mismatch"]
RUN = """async ([tags, further, rules]) => {
  const runOnly = rules ? { type: "rule", values: rules } : { type: "tag", values: tags };
  const more = rules ? {} : Object.fromEntries(further.map((name) => [name, { enabled: true }]));
  const { violations } = await axe.run(document, { runOnly, rules: more, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, any, all, none }) =>
    [id, html.slice(0, 200), [...any, ...all, ...none].map(({ message }) => message)[0] ?? ""].join(" | ")));
}"""
# colours change softly; contrast is measured once they rest
THEME = """async (theme) => {
  document.documentElement.dataset.bsTheme = theme;
  await new Promise((resolve) => requestAnimationFrame(resolve));
  for (const one of document.getAnimations()) if (one.transitionProperty) one.finish();
}"""


def findings(page: Page, place: str) -> list[str]:
    """What axe finds on the page as it is now, and which colours fail in the dark; each with the place."""
    if not PROGRAM.is_file():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("no axe-core; `make types` fetches it")
    # through the driver: the page's own policy lets no foreign script in
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(f"{PROGRAM.read_text(encoding='utf-8')}; undefined")
    found: list[str] = []
    for theme, rules in (("dark", ["color-contrast"]), ("light", None)):
        page.evaluate(THEME, theme)
        found += [f"{place} ({theme}): {one}" for one in page.evaluate(RUN, [TAGS, FURTHER, rules])]
    return found

"""The lists of incidents on the teacher's page, as tests read them."""

from playwright.sync_api import Locator, Page

LISTS = ("now", "later", "noted")
UNFOLD = "(button) => { for (let at = button.closest('details'); at; at = null) at.open = true; }"


def card(page: Page, *words: str) -> Locator:
    """Incidents with all these words on their card, in the list that is shown."""
    found = page.locator("#alerts .incident")
    for one in words:
        found = found.filter(has_text=one)
    return found


def alerts(page: Page, name: str, kind: str, words: str = "") -> Locator:
    """What opens each alert of a student, of this kind, with these words in its explanation."""
    buttons = card(page, name).locator("button[data-alert]")
    found = buttons.filter(has=page.get_by_text(kind, exact=True))
    return found.and_(page.locator(f'[title*="{words}"]')) if words else found


def is_listed(page: Page, found: Locator) -> bool:
    """Say whether any list has it, and show that list."""
    return any(_is_in(page, name, found) for name in LISTS)


def open_alert(found: Locator) -> None:
    """Open the first of these alerts, which may be folded inside its incident."""
    found.first.evaluate(UNFOLD)
    found.first.click()


def unfold(page: Page) -> None:
    """Open the side panel, which is folded on a small screen."""
    if page.locator("body").get_attribute("data-folded") == "yes":
        page.click("#panel-fold")


def _is_in(page: Page, name: str, found: Locator) -> bool:
    unfold(page)
    page.click(f"#alerts-{name}")
    return found.count() > 0

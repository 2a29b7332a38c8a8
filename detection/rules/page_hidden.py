"""PAGE_HIDDEN: the exam page cannot be seen: another tab, or a minimised window."""

from core.text_keys import N_
from core.types import AlertKind, Evidence, Observation, ObservationKind, RuleSettings
from detection.rules.base import GOOD, Memory, Rule, Verdict

HIDDEN = N_("The exam page has been hidden for %(seconds)s s (limit %(limit)s s): another tab or a minimised window.")


class PageHidden(Rule):
    """Counts hidden pages only.

    A visible page without the focus is shown on the student's tile and raises nothing: focus is lost to a
    notification, a permission question or a click on the second screen.
    """

    kind = AlertKind.PAGE_HIDDEN
    label = N_("Left the page")
    meaning = N_("Another tab or program is in front of the exam.")
    advice = N_(
        "The exam page was not in front. Another tab, another program or a system message can cause this: ask the"
        " student before you decide."
    )
    sign = "window-dash"
    weight = 15.0
    common_cause = N_("a window that opened over the exam")
    evidence = frozenset[Evidence]()
    reads = ObservationKind.PAGE
    needs = ObservationKind.CONNECTION
    lasts = True
    defaults = RuleSettings(hold=3.0, confirm=1, window=1, release=1.0, cooldown=10.0)
    hint = N_("You left the exam page. Please stay on it until you have finished.")

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return bad for a page that is not visible."""
        visible = observation.values.get("visible")
        if visible is None:
            return None
        return GOOD if visible else Verdict(True, HIDDEN)

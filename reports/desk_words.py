"""What a report says of the desk: decisions, actions, problem reports, and how well two people agreed."""

from collections.abc import Mapping
from types import MappingProxyType

from babel.numbers import format_decimal

from core.text_keys import N_
from reports.agreement import Agreement
from reports.model import ActionEntry, DecisionEntry
from reports.words import Words

VERBS: Mapping[str, str] = MappingProxyType(
    {
        "flag": N_("Flagged"),
        "pause": N_("Paused"),
        "resume": N_("Let go on"),
        "extra_time": N_("%(minutes)d minutes more"),
        "lock": N_("Locked"),
        "unlock": N_("Unlocked"),
        "terminate": N_("End asked for"),
    }
)
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "technical": N_("Something technical"),
        "talk": N_("A word with the student"),
        "identity": N_("Who it is must be made sure"),
        "rules": N_("Against the rules"),
        "interruption": N_("An interruption"),
        "agreed": N_("As agreed before"),
        "wish": N_("The student's own wish"),
        "other": N_("Something else"),
    }
)
DECISIONS: Mapping[str, str] = MappingProxyType(
    {
        "decided": N_("Decided by %(by)s: %(verdict)s"),
        "first": N_("First decision by %(by)s: %(verdict)s"),
        "second": N_("Second decision by %(by)s: %(verdict)s"),
        "final": N_("Last word by %(by)s: %(verdict)s"),
        "back": N_("Taken back by %(by)s"),
    }
)
UNTOLD = N_("not shown until a second person has decided")
BECAME: Mapping[str, str] = MappingProxyType(
    {
        "undone": N_("undone"),
        "confirmed": N_("confirmed by %(name)s"),
        "refused": N_("refused by %(name)s"),
        "acknowledged": N_("read by the student"),
        "delivered": N_("shown to the student"),
    }
)
"""What became of an action; the first of these that did is what counts."""
CATEGORIES: Mapping[str, str] = MappingProxyType(
    {
        "camera": N_("Camera"),
        "sound": N_("Sound"),
        "network": N_("Connection"),
        "paper": N_("The exam itself"),
        "other": N_("Something else"),
    }
)


def decision_words(entry: DecisionEntry, words: Words) -> str:
    """Say who decided what about an incident."""
    verdict = words.verdict(entry.verdict) if entry.verdict else words.translate(UNTOLD)
    return words.say(DECISIONS[entry.step], {"by": entry.by, "verdict": verdict})


def action_words(entry: ActionEntry, words: Words) -> str:
    """Say what a teacher did about a student, why, and what became of it."""
    became = next((BECAME[name] for name in BECAME if name in entry.became), "")
    parts = [
        words.say(VERBS[entry.verb], {"minutes": entry.minutes or 0}),
        words.translate(REASONS[entry.reason]) if entry.reason else "",
        words.say(N_("by %(name)s"), {"name": entry.by}),
        words.say(became, {"name": entry.decided_by}) if became else "",
    ]
    return " · ".join(part for part in parts if part)


def category_words(category: str, words: Words) -> str:
    """Say what a problem report is about."""
    return words.translate(CATEGORIES[category])


def kappa_words(agreement: Agreement, words: Words) -> str:
    """Return Cohen's kappa with two digits, or that there is too little to say."""
    if agreement.kappa is None:
        return words.translate(N_("too few to say"))
    return str(format_decimal(agreement.kappa, "0.00", locale=words.locale))

"""Every rule, by the kind of alert it raises. A new rule is one file and one line here (docs/extending.md)."""

import importlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from core.types import Alert, RuleSettings
from detection.rules.base import Rule

NAMES = (
    "no_face:NoFace",
    "second_face:SecondFace",
    "second_person:SecondPerson",
    "phone_seen:PhoneSeen",
    "forbidden_object:ForbiddenObject",
    "looking_away:LookingAway",
    "eyes_closed:EyesClosed",
    "talking:Talking",
    "wrong_person:WrongPerson",
    "cannot_see:CannotSee",
    "camera_replaced:CameraReplaced",
    "connection_lost:ConnectionLost",
    "camera_lost:CameraLost",
    "page_hidden:PageHidden",
    "location_outside:LocationOutside",
    "phone_channel_lost:PhoneChannelLost",
    "screen_not_in_view:ScreenNotInView",
    "camera_moved:CameraMoved",
    "arm_motion:ArmMotion",
    "speech_detected:SpeechDetected",
    "keyword_heard:KeywordHeard",
)
"""Module and class of each rule, in the order of the form and the filter."""


def rule_named(name: str) -> Rule:
    """Import and build one rule of NAMES."""
    module, _, attribute = name.partition(":")
    rule: Rule = getattr(importlib.import_module(f"detection.rules.{module}"), attribute)()
    return rule


def registry(rules: Iterable[Rule]) -> Mapping[str, Rule]:
    """Return the rules by kind; ValueError when two raise the same kind."""
    found: dict[str, Rule] = {}
    for rule in rules:
        if rule.kind in found:
            raise ValueError(f"two rules for {rule.kind}")
        found[rule.kind] = rule
    return MappingProxyType(found)


RULES = registry(rule_named(name) for name in NAMES)

DEFAULTS: Mapping[str, RuleSettings] = MappingProxyType({k: r.defaults for k, r in RULES.items()})

WEIGHTS: Mapping[str, float] = MappingProxyType({k: r.weight for k, r in RULES.items()})

HINTS: Mapping[str, str] = MappingProxyType({k: r.hint for k, r in RULES.items()})


def hint_for(alert: Alert) -> str:
    """Return the gentle word for the student about this alert, a translation key: the best that the rule has.

    A rule's hints are looked for by channel and state ("head.covered"), then the channel, then the state.
    """
    rule, state = RULES[alert.kind], str(alert.numbers.get("state"))
    names = (f"{alert.channel}.{state}", alert.channel, state)
    return next((rule.hints[name] for name in names if name in rule.hints), rule.hint)

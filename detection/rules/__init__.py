"""Every rule, by the kind of alert it raises. A new rule is one file and one line here."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from core.types import Alert, AlertKind, RuleSettings
from detection.rules.arm_motion import ArmMotion
from detection.rules.base import Rule
from detection.rules.camera_lost import CameraLost
from detection.rules.camera_moved import CameraMoved
from detection.rules.camera_replaced import CameraReplaced
from detection.rules.cannot_see import CannotSee
from detection.rules.connection_lost import ConnectionLost
from detection.rules.eyes_closed import EyesClosed
from detection.rules.forbidden_object import ForbiddenObject
from detection.rules.keyword_heard import KeywordHeard
from detection.rules.location_outside import LocationOutside
from detection.rules.looking_away import LookingAway
from detection.rules.no_face import NoFace
from detection.rules.page_hidden import PageHidden
from detection.rules.phone_channel_lost import PhoneChannelLost
from detection.rules.phone_seen import PhoneSeen
from detection.rules.screen_not_in_view import ScreenNotInView
from detection.rules.second_face import SecondFace
from detection.rules.second_person import SecondPerson
from detection.rules.speech_detected import SpeechDetected
from detection.rules.talking import Talking
from detection.rules.wrong_person import WrongPerson


def registry(rules: Iterable[Rule]) -> Mapping[AlertKind, Rule]:
    """Return the rules by kind; ValueError when two raise the same kind."""
    found: dict[AlertKind, Rule] = {}
    for rule in rules:
        if rule.kind in found:
            raise ValueError(f"two rules for {rule.kind}")
        found[rule.kind] = rule
    return MappingProxyType(found)


RULES = registry(
    (
        NoFace(),
        SecondFace(),
        SecondPerson(),
        PhoneSeen(),
        ForbiddenObject(),
        LookingAway(),
        EyesClosed(),
        Talking(),
        WrongPerson(),
        CannotSee(),
        CameraReplaced(),
        ConnectionLost(),
        CameraLost(),
        PageHidden(),
        LocationOutside(),
        PhoneChannelLost(),
        ScreenNotInView(),
        CameraMoved(),
        ArmMotion(),
        SpeechDetected(),
        KeywordHeard(),
    )
)

DEFAULTS: Mapping[AlertKind, RuleSettings] = MappingProxyType({k: r.defaults for k, r in RULES.items()})

HINTS: Mapping[AlertKind, str] = MappingProxyType({k: r.hint for k, r in RULES.items()})


def hint_for(alert: Alert) -> str:
    """Return the gentle word for the student about this alert, a translation key: the best that the rule has.

    A rule's hints are looked for by channel and state ("head.covered"), then the channel, then the state.
    """
    rule, state = RULES[alert.kind], str(alert.numbers.get("state"))
    names = (f"{alert.channel}.{state}", alert.channel, state)
    return next((rule.hints[name] for name in names if name in rule.hints), rule.hint)

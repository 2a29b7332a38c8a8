"""The contract of every rule, and one table of behaviour for each."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.types import Alert, AlertKind, Evidence, Observation, ObservationKind, RuleSettings, Severity
from detection.detectors.picture import PictureDetector
from detection.frames.decode import decode
from detection.models.shelf import ModelShelf
from detection.rules import DEFAULTS, HINTS, RULES, WEIGHTS, hint_for, registry
from detection.rules.base import Rule, Verdict
from detection.rules.cannot_see import FROZEN_LOOKS, FROZEN_SECONDS
from detection.rules.no_face import NoFace
from detection.runtime.presets import PRESETS
from tests.detection import pictures
from tests.detection.courtroom import START, Courtroom, camera, connection, faces, observe, page, picture
from tests.detection.exhibits import BAD, BEFORE, GOOD, SILENT

EVERY_RULE = pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
FORMATTED = re.compile(r"%\((\w+)\)s")
GIVEN_BY_JUDGE = {"seconds": 1, "limit": 1, "hits": 1, "looks": 1, "confirm": 1, "window": 1}


# ------------------------------------------------------------------------------------------- the contract


def test_every_kind_of_alert_has_a_rule() -> None:
    assert set(RULES) == set(DEFAULTS) == set(HINTS) == set(WEIGHTS) == set(BAD) == set(GOOD) == set(SILENT)
    assert set(AlertKind) <= set(RULES)


@EVERY_RULE
def test_rule_says_of_itself_what_teachers_are_shown(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z][A-Z0-9_]{0,31}", rule.kind)
    assert re.fullmatch(r"[A-Z].*[^.]", rule.label)
    assert rule.meaning.endswith(".")
    assert rule.advice == "" or rule.advice.endswith(".")
    assert re.fullmatch(r"[a-z0-9-]+", rule.sign)
    assert 0.0 <= rule.weight <= 100.0
    assert rule.evidence <= set(Evidence)
    assert set(rule.severities) <= set(PRESETS)


@EVERY_RULE
def test_rule_watches_its_usual_choices_where_nothing_was_chosen(rule: Rule) -> None:
    assert rule.defaults.watch is None
    assert all(choice.text for choice in rule.choices.values())
    assert not rule.choices or any(choice.usual for choice in rule.choices.values())


def test_no_two_rules_have_one_name_or_one_sign() -> None:
    assert len({rule.label for rule in RULES.values()}) == len({rule.sign for rule in RULES.values()}) == len(RULES)


def test_what_may_be_kept_is_what_can_be_seen_or_heard() -> None:
    unseen = {kind for kind, rule in RULES.items() if Evidence.PICTURE not in rule.evidence}
    heard = {kind for kind, rule in RULES.items() if Evidence.SOUND in rule.evidence}
    assert unseen == {
        AlertKind.CONNECTION_LOST,
        AlertKind.CAMERA_LOST,
        AlertKind.PAGE_HIDDEN,
        AlertKind.LOCATION_OUTSIDE,
        AlertKind.PHONE_CHANNEL_LOST,
    }
    assert heard == {AlertKind.SPEECH_DETECTED, AlertKind.KEYWORD_HEARD}
    assert {kind for kind, rule in RULES.items() if rule.is_absence} == {
        AlertKind.CONNECTION_LOST,
        AlertKind.PHONE_CHANNEL_LOST,
    }


def test_two_rules_for_one_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="FACE_NOT_FOUND"):
        registry((NoFace(), NoFace()))


def read(rule: Rule, observation: Observation, *before: Observation) -> Verdict | None:
    """Read an observation with a fresh memory that was told what came before."""
    memory = rule.memory()
    for earlier in before:
        if earlier.kind in rule.hears:
            rule.hear(earlier, memory)
        else:
            rule.read(earlier, memory, rule.defaults)
    return rule.read(observation, memory, rule.defaults)


@EVERY_RULE
def test_rule_reads_bad_good_and_nothing(rule: Rule) -> None:
    for observation in BAD[rule.kind]:
        verdict = read(rule, observation, *BEFORE.get(rule.kind, ()))
        assert verdict is not None
        assert verdict.bad
    told = [one for one in BEFORE.get(rule.kind, ()) if one.kind not in rule.hears]
    for observation in GOOD[rule.kind]:
        verdict = read(rule, observation, *told)
        assert verdict is not None
        assert not verdict.bad
    for values in SILENT[rule.kind]:
        assert read(rule, observe(rule.reads, 0, **values)) is None


@EVERY_RULE
def test_rule_explains_itself_with_numbers_any_language_can_place(rule: Rule) -> None:
    for observation in BAD[rule.kind]:
        verdict = read(rule, observation, *BEFORE.get(rule.kind, ()))
        assert verdict is not None
        # %(name)s alone: the browser fills the places too, and knows no other format
        assert "%" not in FORMATTED.sub("", verdict.text)
        assert "%(limit" in verdict.text or "_limit)" in verdict.text
        assert verdict.text % {**verdict.numbers, **GIVEN_BY_JUDGE}


@EVERY_RULE
def test_rule_never_fires_on_one_look(rule: Rule) -> None:
    assert rule.weighs or rule.defaults.hold >= 1.5
    assert rule.defaults.release >= 1.0
    assert rule.defaults.cooldown >= 10.0
    assert rule.lasts or rule.weighs or 2 <= rule.defaults.confirm <= rule.defaults.window


@EVERY_RULE
def test_rule_has_gentle_words_for_the_student(rule: Rule) -> None:
    for hint in (rule.hint, *rule.hints.values()):
        assert hint.endswith(".")
        assert "%" not in hint


@EVERY_RULE
def test_rule_keeps_its_memory_to_itself(rule: Rule) -> None:
    assert rule.memory() is not rule.memory()


@EVERY_RULE
def test_rule_ignores_other_channels(rule: Rule) -> None:
    court = Courtroom()
    for second in range(30):
        for bad in BAD[rule.kind]:
            filmed = Observation(bad.room, bad.participant, bad.kind, START + second, bad.values, channel="desk")
            court.feed(filmed)
        court.tick(second)
    assert court.raised == []


def test_what_is_nobodys_fault_is_a_notice() -> None:
    notices = {kind for kind, settings in DEFAULTS.items() if settings.severity is Severity.NOTICE}
    assert notices == {
        AlertKind.CAMERA_BLOCKED,
        AlertKind.CONNECTION_LOST,
        AlertKind.PHONE_CHANNEL_LOST,
        AlertKind.SCREEN_NOT_IN_VIEW,
        AlertKind.EYES_CLOSED,
        AlertKind.TALKING,
    }


def test_hint_is_that_of_the_state() -> None:
    rule = RULES[AlertKind.CAMERA_BLOCKED]
    dark = Alert("a", "r", "p", rule.kind, Severity.NOTICE, 0, 0, "", {"state": "dark"})
    assert hint_for(dark) == rule.hints["dark"] != rule.hint
    assert hint_for(Alert("a", "r", "p", rule.kind, Severity.NOTICE, 0, 0, "")) == rule.hint


# ------------------------------------------------------------------------------------------- looks, one a second


def look_at(kind: AlertKind, marks: str, step: float = 1.0) -> list[tuple[float, str]]:
    """Feed a look for each mark (d: two faces or none in the dark) and return when alerts began (+) and ended (-)."""
    in_the_dark = 0 if kind is AlertKind.FACE_NOT_FOUND else 2
    court = Courtroom()
    for number, mark in enumerate(marks):
        at = number * step
        # faces first, as the pipeline gives them
        count = in_the_dark if mark == "d" else int(mark)
        court.feed(faces(count, at), picture("dark" if mark == "d" else "ok", at))
        court.tick(at + 0.1)
    begun = [(alert.raised_at - START, "+") for alert in court.raised if alert.kind is kind]
    over = [(alert.ended_at - START, "-") for alert in court.ended if alert.kind is kind and alert.ended_at]
    return sorted(begun + over)


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ("1111111111", []),
        ("0000000000", [(5, "+")]),
        ("0000011111", []),  # five looks make four seconds
        ("000000111111", [(5, "+"), (6, "-")]),
        ("0000001011111", [(5, "+"), (8, "-")]),  # one false face does not end it
        ("0101010101010101", []),  # half of the looks: a bad detector, not an absent student
        ("0010010010010010", []),
        ("0001000100010001", []),
        ("0010000000000000", [(7, "+")]),  # one false face delays it
        ("dddddddddddddddd", []),  # too dark to tell
        ("0000dddddddddddd", []),
        ("000d000d000", [(9, "+")]),  # what cannot be judged is not counted
        ("0000002222222", [(5, "+"), (6, "-")]),
    ],
)
def test_no_face(marks: str, expected: Sequence[tuple[float, str]]) -> None:
    assert look_at(AlertKind.FACE_NOT_FOUND, marks) == list(expected)


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ("11111111", []),
        ("22222222", [(2, "+")]),
        ("12211111", []),  # somebody walks past
        ("12221111", [(3, "+"), (4, "-")]),
        ("12121212", []),
        ("12212211", []),
        ("22122111", [(4, "+"), (5, "-")]),  # one missed look, and time held on both sides of it
        ("dddddddd", []),
        ("22ddddddd2", []),
    ],
)
def test_second_face(marks: str, expected: Sequence[tuple[float, str]]) -> None:
    assert look_at(AlertKind.MULTIPLE_FACES, marks) == list(expected)


@pytest.mark.parametrize("step", [0.1, 0.5, 1.0, 2.0])
def test_no_face_waits_its_time_at_any_rate_of_looks(step: float) -> None:
    found = look_at(AlertKind.FACE_NOT_FOUND, "0" * int(12 / step), step)
    assert len(found) == 1
    assert 5.0 <= found[0][0] <= 5.0 + step + 1.0


def test_second_face_says_how_sure_the_second_is() -> None:
    court = Courtroom()
    for second in range(4):
        court.feed(observe(ObservationKind.FACES, second, count=2, scores=[0.97, 0.71]))
    assert court.raised[0].numbers["sure"] == 71
    assert "confidence in the second face: 71 of 100" in court.raised[0].text % court.raised[0].numbers


# ------------------------------------------------------------------------------------------- the picture


def look_at_pictures(states: Sequence[str], prints: Sequence[str], step: float = 1.0) -> Courtroom:
    court = Courtroom()
    for number, (state, fingerprint) in enumerate(zip(states, prints, strict=True)):
        court.feed(picture(state, number * step, fingerprint=fingerprint))
    return court


@pytest.mark.parametrize("state", ["dark", "overexposed", "blurred", "covered"])
def test_cannot_see_says_which(state: str) -> None:
    court = look_at_pictures([state] * 8 + ["ok"] * 4, [str(n) for n in range(12)])
    assert [(alert.raised_at - START, alert.numbers["state"]) for alert in court.raised] == [(5, state)]
    assert [alert.ended_at for alert in court.ended] == [START + 8]
    assert court.raised[0].severity is Severity.NOTICE


def test_cannot_see_forgives_a_moment() -> None:
    assert look_at_pictures(["dark", "ok"] * 10, [str(n) for n in range(20)]).raised == []
    assert look_at_pictures(["ok"] * 9, [str(n) for n in range(9)]).raised == []


def test_a_still_stream_is_frozen() -> None:
    court = look_at_pictures(["ok"] * 40, ["same"] * 40)
    assert [alert.numbers["state"] for alert in court.raised] == ["frozen"]
    # it stands still for long before the state is called frozen, and then for the hold time
    assert court.raised[0].raised_at - START == FROZEN_SECONDS + 5
    assert court.raised[0].numbers["still"] == FROZEN_SECONDS + 5


def test_a_dark_picture_is_dark_even_when_it_stands_still() -> None:
    court = look_at_pictures(["dark"] * 60, ["same"] * 60)
    assert [alert.numbers["state"] for alert in court.raised] == ["dark"]
    court = look_at_pictures(["ok"] * 25 + ["dark"] * 4, ["same"] * 29)
    assert [alert.numbers["state"] for alert in court.raised] == ["dark"]


def test_a_person_who_sits_still_is_not_frozen() -> None:
    # the coarse half of the fingerprint stays, the checksum of the pixels changes
    assert look_at_pictures(["ok"] * 60, [f"ffff0000ffff0000-{number}" for number in range(60)]).raised == []


def test_the_detector_and_the_rule_agree_on_what_a_still_picture_is() -> None:
    detector = PictureDetector(ModelShelf(Path()))
    still = decode(pictures.jpeg(pictures.one_face(), 320))
    court = Courtroom()
    for second in range(40):
        court.feed(observe(ObservationKind.PICTURE, second, **detector.look(still, {}, {})))
    assert [alert.numbers["state"] for alert in court.raised] == ["frozen"]


def test_a_camera_that_stops_for_a_moment_is_not_frozen() -> None:
    stops = [str(number // 10) for number in range(60)]
    assert look_at_pictures(["ok"] * 60, stops).raised == []


def test_few_equal_looks_far_apart_are_not_frozen() -> None:
    count = FROZEN_LOOKS * 4
    assert look_at_pictures(["ok"] * count, ["same"] * count, step=11.0).raised == []
    assert look_at_pictures(["ok"] * (FROZEN_LOOKS - 1), ["same"] * (FROZEN_LOOKS - 1), step=9.0).raised == []


def test_without_a_fingerprint_nothing_is_frozen() -> None:
    court = Courtroom()
    for second in range(60):
        court.feed(observe(ObservationKind.PICTURE, second, state="ok", luminance=1, blur=1))
    assert court.raised == []


# ------------------------------------------------------------------------------------------- facts


@pytest.mark.parametrize(
    ("bad", "good", "kind", "hold"),
    [
        (connection(False, 0), connection(True, 0), AlertKind.CONNECTION_LOST, 10),
        (camera("denied", 0), camera("on", 0), AlertKind.CAMERA_LOST, 5),
        (camera("unplugged", 0), camera("on", 0), AlertKind.CAMERA_LOST, 5),
        (camera("muted", 0), camera("on", 0), AlertKind.CAMERA_LOST, 5),
        (page("hidden", 0), page("visible", 0), AlertKind.PAGE_HIDDEN, 3),
        (page("hidden", 0), page("blurred", 0), AlertKind.PAGE_HIDDEN, 3),
    ],
)
def test_a_fact_counts_from_its_message_until_the_next(
    bad: Observation, good: Observation, kind: AlertKind, hold: int
) -> None:
    court = Courtroom()
    court.feed(bad)
    court.tick(*range(hold))
    assert court.raised == []
    court.tick(hold)
    assert [(alert.kind, alert.started_at - START, alert.raised_at - START) for alert in court.open] == [
        (kind, 0, hold)
    ]
    back = Observation(good.room, good.participant, good.kind, START + 20, good.values)
    court.feed(back)
    court.tick(20.5)
    assert court.ended == []
    court.tick(24)
    assert [alert.ended_at for alert in court.ended] == [START + 20]


def test_a_short_fact_raises_nothing() -> None:
    court = Courtroom()
    for start in range(0, 100, 10):
        court.feed(page("hidden", start))
        court.tick(start, start + 1, start + 2)
        court.feed(page("visible", start + 2.5))
        court.tick(start + 4)
    assert court.raised == []


def test_another_window_with_the_focus_is_no_alert() -> None:
    court = Courtroom()
    court.feed(page("blurred", 0))
    court.tick(*range(100))
    assert court.raised == []


def test_camera_says_which() -> None:
    texts = set()
    for number, state in enumerate(("denied", "unplugged", "muted", "none")):
        court = Courtroom({AlertKind.CAMERA_LOST: RuleSettings(hold=0.0)})
        court.feed(camera(state, number))
        texts.add(court.raised[0].text)
        assert court.raised[0].numbers["state"] == state
    assert len(texts) == 4

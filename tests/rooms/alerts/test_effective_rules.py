"""Which rules apply to one student and why; and that the judge does what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import UserError
from core.types import AlertKind, RuleSettings, Severity
from detection.runtime.catalogue import rule_catalogue
from detection.runtime.presets import PRESETS, preset_rules
from rooms.alerts.effective_rules import EffectiveRule, Source, effective_rules, effective_view, judge_rules
from rooms.live.components import Accommodated, AdmissionStatus, Hand
from rooms.live.directory import LiveRoom
from rooms.live.participant import Student
from rooms.protocol.accommodation_kinds import EXEMPTIONS, all_of
from rooms.setup.room_settings import RoomSettings
from tests.detection.courtroom import ROOM, STUDENT, Courtroom, camera, faces, page, picture, pose
from tests.rooms.stage import Stage

CATALOGUE = rule_catalogue()
ANA, BEN = 1, 2
AWAY, TALKING = AlertKind.LOOKING_AWAY, AlertKind.TALKING
SEEN = (AlertKind.PAGE_HIDDEN, AlertKind.CAMERA_LOST, AlertKind.MULTIPLE_FACES, AWAY)
"""Kinds that `everything_at_once` shows the judge."""


def room_with(settings: RoomSettings | None = None, muted: tuple[str, ...] = ()) -> LiveRoom:
    quiet = {kind: {"quiet": True, "by": "rule", "right": 0, "wrong": 5} for kind in muted}
    return LiveRoom(ROOM, "004217", "Algebra", "running", settings or RoomSettings(), muted=quiet)


def student(room: LiveRoom, *accommodations: str, by: int | None = ANA, name: str = STUDENT) -> Student:
    joined = datetime(2026, 3, 2, 9, tzinfo=UTC)
    participant = Student(
        id=name,
        room=room.id,
        name=name,
        kind="student",
        joined_at=joined,
        admission=AdmissionStatus("admitted"),
        accommodations=Accommodated(accommodations, by if accommodations else None),
    )
    room.students[name] = participant
    return participant


def rule_of(room: LiveRoom, participant: Student | None, kind: str) -> EffectiveRule:
    return effective_rules(room, participant, CATALOGUE)[kind]


# ------------------------------------------------------------------------------------------- the layers


def test_a_usual_room_has_the_defaults_and_says_so() -> None:
    room = room_with()
    rules = effective_rules(room, student(room), CATALOGUE)
    assert {kind: rule.settings for kind, rule in rules.items()} == preset_rules("normal")
    assert all(rule.sources == {} and rule.source("hold") is Source.DEFAULT for rule in rules.values())


def test_every_layer_says_what_it_changed() -> None:
    changes = {str(AWAY): {"hold": 9.0, "severity": "critical"}}
    room = room_with(RoomSettings(preset="strict", rules=changes), muted=(TALKING,))
    participant = student(room, "no_gaze")
    away, talking = rule_of(room, participant, AWAY), rule_of(room, participant, TALKING)
    assert dict(away.sources) == {
        "enabled": Source.ACCOMMODATION,
        "hold": Source.ROOM,
        "severity": Source.ROOM,
        "cooldown": Source.PRESET,
        "strictness": Source.PRESET,
        "confirm": Source.PRESET,
    }
    assert (away.settings.enabled, away.settings.hold, away.settings.severity) == (False, 9.0, Severity.CRITICAL)
    assert talking.source("severity") is Source.MUTED and talking.source("hint") is Source.MUTED
    assert (talking.settings.severity, talking.settings.hint) == (Severity.NOTICE, False)


def test_a_room_without_hints_gives_none() -> None:
    rule = rule_of(room_with(RoomSettings(hints=False)), None, AWAY)
    assert (rule.settings.hint, rule.source("hint")) == (False, Source.ROOM)


def test_breaks_are_noted_and_what_is_off_stays_as_severe_as_it_was() -> None:
    room = room_with()
    participant = student(room, "breaks", "no_gaze")
    hidden, away = rule_of(room, participant, AlertKind.PAGE_HIDDEN), rule_of(room, participant, AWAY)
    assert (hidden.settings.enabled, hidden.settings.severity, hidden.settings.hint) == (True, Severity.NOTICE, False)
    assert hidden.source("severity") is hidden.source("hint") is Source.ACCOMMODATION
    assert (away.settings.enabled, away.settings.severity, away.settings.hint) == (False, Severity.WARNING, True)


def test_a_value_that_a_layer_leaves_as_it_was_keeps_its_source() -> None:
    usual = EffectiveRule(RuleSettings(hold=3.0))
    assert usual.under(Source.ROOM, {"hold": 3.0, "cooldown": 9.0}).sources == {"cooldown": Source.ROOM}
    assert usual.under(Source.ROOM, {"hold": 4.0}).under(Source.MUTED, {"hold": 4.0}).source("hold") is Source.ROOM


def test_what_the_room_has_of_an_unknown_rule_or_preset_changes_nothing() -> None:
    settings = RoomSettings(preset="merciless", rules={"CHARM": {"hold": 9.0}})
    rules = effective_rules(room_with(settings, muted=("CHARM",)), None, CATALOGUE)
    assert {kind: rule.settings for kind, rule in rules.items()} == preset_rules("normal")


# ------------------------------------------------------------------------------------------- any room, any student

CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "enabled": st.booleans(),
        "hint": st.booleans(),
        "severity": st.sampled_from([str(one) for one in Severity]),
        "hold": st.floats(0.5, 20.0).map(lambda seconds: round(seconds, 1)),
        "confirm": st.integers(1, 5),
        "cooldown": st.floats(0.0, 60.0),
    },
)
ROOMS = st.builds(
    lambda preset, hints, rules, muted: room_with(RoomSettings(preset=preset, hints=hints, rules=rules), muted),
    st.sampled_from(list(PRESETS)),
    st.booleans(),
    st.dictionaries(st.sampled_from([*SEEN, TALKING]), CHANGES),
    st.sets(st.sampled_from([*SEEN, TALKING])).map(tuple),
)
ACCOMMODATIONS = st.sets(st.sampled_from(list(EXEMPTIONS))).map(tuple)


def by_hand(room: LiveRoom, accommodations: tuple[str, ...], on_break: bool) -> dict[str, RuleSettings]:
    """The same settings, without asking where they come from."""
    rules = room.settings.rule_settings(preset_rules(room.settings.preset))
    off, notice = all_of(accommodations)
    for kind in (*room.muted, *(one for one in notice if one not in off)):
        rules[kind] = replace(rules[kind], severity=Severity.NOTICE, hint=False)
    return rules | {kind: replace(rules[kind], enabled=False) for kind in (rules if on_break else off)}


def layers_of(room: LiveRoom, kind: str, own: tuple[str, ...], on_break: bool) -> dict[Source, Mapping[str, Any]]:
    """What each layer wants of a rule."""
    off, notice = all_of(own)
    mild = {"severity": Severity.NOTICE, "hint": False}
    return {
        Source.DEFAULT: asdict(CATALOGUE[kind].defaults),
        Source.PRESET: asdict(CATALOGUE[kind].presets[room.settings.preset]),
        Source.ROOM: {**room.settings.rules.get(kind, {}), **({} if room.settings.hints else {"hint": False})},
        Source.MUTED: mild if kind in room.muted else {},
        Source.ACCOMMODATION: {"enabled": False} if kind in off else mild if kind in notice else {},
        Source.BREAK: {"enabled": False} if on_break else {},
        Source.HELD: {},
    }


@pytest.mark.slow
@given(ROOMS, ACCOMMODATIONS, st.booleans())
def test_any_value_is_that_of_its_layer_and_the_layers_above_agree(
    room: LiveRoom, own: tuple[str, ...], on_break: bool
) -> None:
    participant = student(room, *own)
    participant.hand = Hand(break_since=1.0 if on_break else None)
    rules = effective_rules(room, participant, CATALOGUE)
    assert {kind: rule.settings for kind, rule in rules.items()} == by_hand(room, own, on_break)
    order = list(Source)
    for kind, rule in rules.items():
        layers = layers_of(room, kind, own, on_break)
        for name in (field.name for field in fields(RuleSettings)):
            value, source = getattr(rule.settings, name), rule.source(name)
            assert layers[source][name] == value
            above = [layers[one] for one in order[order.index(source) + 1 :]]
            assert all(layer[name] == value for layer in above if name in layer)


# ------------------------------------------------------------------------------------------- the judge does it


def everything_at_once(court: Courtroom, participant: str, seconds: int = 45) -> None:
    """Show the judge all kinds of SEEN, for long."""
    for at in range(seconds):
        shown = picture("ok", at), faces(2, at), pose(at, 60), page("hidden", at), camera("denied", at)
        court.feed(*(replace(one, participant=participant) for one in shown))
        court.tick(at + 0.5)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(ROOMS, ACCOMMODATIONS)
def test_the_judge_behaves_as_the_effective_rules_say(room: LiveRoom, own: tuple[str, ...]) -> None:
    student(room, *own)
    student(room, name="another")
    court = Courtroom()
    court.judge.watch(ROOM, *judge_rules(room, CATALOGUE))
    for participant in room.students.values():
        everything_at_once(court, participant.id)
        rules = effective_rules(room, participant, CATALOGUE)
        raised = [alert for alert in court.raised if alert.participant == participant.id]
        assert {alert.kind for alert in raised} == {kind for kind in SEEN if rules[kind].settings.enabled}
        for alert in raised:
            wanted = rules[alert.kind].settings
            assert (alert.severity, alert.hint) == (wanted.severity, wanted.hint)
            assert alert.numbers["limit"] == pytest.approx(wanted.hold, abs=0.11)
            assert alert.raised_at - alert.started_at >= wanted.hold - 1e-6


def test_only_those_with_accommodations_have_rules_of_their_own() -> None:
    room = room_with(RoomSettings(preset="strict"))
    student(room, "no_gaze")
    student(room, name="another")
    rules, own = judge_rules(room, CATALOGUE)
    assert rules == preset_rules("strict")
    assert own == {STUDENT: by_hand(room, ("no_gaze",), False)}


# ------------------------------------------------------------------------------------------- as teachers see it


def test_teachers_are_told_every_setting_and_its_layer() -> None:
    room = room_with(RoomSettings(preset="relaxed"))
    view = effective_view(room, student(room, "reads_aloud"), ANA, CATALOGUE)
    assert (view["preset"], view["hidden"]) == ("relaxed", False)
    assert [rule["kind"] for rule in view["rules"]] == list(CATALOGUE)
    (talking,) = (rule for rule in view["rules"] if rule["kind"] == TALKING)
    assert talking["enabled"] is False and talking["from"]["enabled"] == "accommodation"
    assert talking["hold"] == preset_rules("relaxed")[TALKING].hold and talking["from"]["hold"] == "preset"


def test_what_another_teacher_adjusted_is_not_given_away() -> None:
    room = room_with()
    participant = student(room, "reads_aloud", by=ANA)
    view = effective_view(room, participant, BEN, CATALOGUE)
    assert view == {**effective_view(room, student(room, name="another"), BEN, CATALOGUE), "hidden": True}
    assert "accommodation" not in repr(view)


def test_the_lifecycle_answers_for_a_student_and_tells_the_judge(stage: Stage) -> None:
    participant = stage.admitted()
    stage.change(RoomSettings(preset="strict"))
    stage.lifecycle.set_state("r1", "running", "Ana")
    assert stage.monitor.watched["r1"] == preset_rules("strict") and stage.monitor.own["r1"] == {}
    assert stage.lifecycle.rules_of(stage.room, participant.id, ANA)["preset"] == "strict"
    with pytest.raises(UserError) as refused:
        stage.lifecycle.rules_of(stage.room, "nobody", ANA)
    assert refused.value.code == "unknown_participant"


def test_while_the_room_runs_each_change_reaches_the_judge_at_once(stage: Stage) -> None:
    participant = stage.admitted()
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.muting.mute(stage.room, AWAY, True, "Ana")
    stage.accommodations.adjust(stage.room, participant.id, ["helper_present"], (ANA, "Ana"))
    assert (stage.monitor.watched["r1"], stage.monitor.own["r1"]) == judge_rules(stage.room, CATALOGUE)
    assert stage.monitor.own["r1"][participant.id][AWAY].severity is Severity.NOTICE
    assert not stage.monitor.own["r1"][participant.id][AlertKind.SECOND_PERSON].enabled

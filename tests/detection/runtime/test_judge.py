"""The judge over time: gaps, jumps, disorder, settings that change, rooms that stop and people that leave."""

from core.types import AlertKind, ObservationKind, RuleSettings, Severity
from detection.rules import DEFAULTS
from detection.rules.base import LOOK_MEMORY
from detection.runtime.judge import UNWATCHED_MEMORY, Judge, random_id
from detection.runtime.tally import FACT_STEP
from tests.detection.courtroom import (
    ROOM,
    START,
    STUDENT,
    Courtroom,
    absent_for,
    camera,
    connection,
    faces,
    observe,
    of,
    page,
    picture,
    present_for,
)

NO_FACE, SEVERAL = AlertKind.FACE_NOT_FOUND, AlertKind.MULTIPLE_FACES
BLOCKED, LOST, HIDDEN = AlertKind.CAMERA_BLOCKED, AlertKind.CONNECTION_LOST, AlertKind.PAGE_HIDDEN


# ------------------------------------------------------------------------------------------- one alert


def test_an_alert_says_what_was_seen_for_how_long_and_by_which_rule() -> None:
    court = Courtroom({NO_FACE: RuleSettings(hold=4.5, confirm=3, window=4, severity=Severity.CRITICAL, hint=False)})
    absent_for(court, 0, 6)
    (alert,) = court.raised
    assert (alert.id, alert.room, alert.participant, alert.kind) == ("alert-1", ROOM, STUDENT, NO_FACE)
    assert (alert.severity, alert.hint, alert.channel) == (Severity.CRITICAL, False, "webcam")
    assert (alert.started_at, alert.raised_at, alert.ended_at) == (START, START + 5, None)
    assert alert.text % alert.numbers == "No face was seen for 5 s (limit 4.5 s), in 4 of the last 4 checks."
    assert (alert.numbers["confirm"], alert.numbers["window"]) == (3, 4)


def test_the_end_is_the_same_alert() -> None:
    court = Courtroom()
    absent_for(court, 0, 8)
    present_for(court, 8, 4)
    (ended,) = court.ended
    assert ended.id == court.raised[0].id
    assert ended.ended_at == START + 8
    assert ended == court.raised[0].ended(START + 8)


def test_ids_are_random_by_default() -> None:
    assert random_id() != random_id()


def test_an_alert_rests_before_it_comes_again() -> None:
    court = Courtroom()
    absent_for(court, 0, 6)
    present_for(court, 6, 3)
    absent_for(court, 9, 40)
    assert [alert.raised_at - START for alert in court.raised] == [5, 6 + DEFAULTS[NO_FACE].cooldown]
    assert court.raised[1].started_at == START + 9


def test_an_alert_that_ended_leaves_nothing_for_the_next() -> None:
    court = Courtroom({NO_FACE: RuleSettings(hold=3.0, confirm=3, window=5, release=0.0, cooldown=0.0)})
    absent_for(court, 0, 6)
    present_for(court, 6, 1)
    absent_for(court, 7, 3)
    assert len(court.raised) == 1
    absent_for(court, 10, 1)
    assert court.raised[1].started_at - START == 7


def test_students_do_not_mix() -> None:
    court = Courtroom()
    for second in range(20):
        court.feed(*[faces(int(name == "c"), second, participant=name) for name in "abc"])
    assert [(alert.participant, alert.kind) for alert in court.raised] == [("a", NO_FACE), ("b", NO_FACE)]


# ------------------------------------------------------------------------------------------- gaps and disorder


def test_a_gap_is_not_absence() -> None:
    court = Courtroom()
    court.feed(faces(0, 0), faces(0, 1))
    court.tick(*range(2, 60))
    court.feed(faces(0, 60), faces(0, 61))
    assert court.raised == []


def test_rare_looks_still_count_as_looks() -> None:
    # a busy server looks once in eight seconds: not time but looks must be convinced
    court = Courtroom()
    court.feed(*[faces(0, 8 * number) for number in range(6)])
    (alert,) = court.raised
    assert alert.raised_at - START == 24
    assert alert.numbers["seconds"] == 6
    assert alert.numbers["hits"] == 4


def test_looks_rarer_than_memory_never_add_up() -> None:
    court = Courtroom()
    court.feed(*[faces(0, (LOOK_MEMORY + 1) * number) for number in range(20)])
    assert court.raised == []


def test_an_alert_that_nobody_looks_at_any_more_ends_with_its_last_look() -> None:
    court = Courtroom()
    absent_for(court, 0, 10)
    court.tick(9 + LOOK_MEMORY)
    assert court.ended == []
    court.tick(9 + LOOK_MEMORY + 0.1)
    assert [alert.ended_at for alert in court.ended] == [START + 9]


def test_the_same_holds_when_a_look_comes_before_the_tick() -> None:
    court = Courtroom()
    absent_for(court, 0, 10)
    court.feed(faces(0, 100))
    court.feed(picture("ok", 100))
    assert [alert.ended_at for alert in court.ended] == [START + 9]
    assert len(court.raised) == 1


def test_late_observations_are_ignored() -> None:
    court = Courtroom()
    for second in range(20):
        court.feed(faces(1, second), faces(0, second - 0.5), faces(0, second - 0.4))
    assert court.raised == []


def test_a_late_fact_is_ignored() -> None:
    court = Courtroom()
    court.feed(page("visible", 1), page("hidden", 0.5))
    court.tick(*range(1, 20))
    assert court.raised == []


def test_a_frame_fed_twice_counts_no_time_twice() -> None:
    court = Courtroom()
    for second in range(5):
        court.feed(*[faces(0, second)] * 5)
    assert court.raised == []


def test_a_suspended_server_blames_nobody() -> None:
    court = Courtroom()
    court.tick(0)
    court.feed(connection(False, 0))
    court.tick(3600)  # it wakes up before the browsers could connect again
    assert court.raised == []
    court.feed(connection(True, 3602))
    court.tick(*range(3602, 3640))
    assert court.raised == []


def test_a_tick_credits_no_more_than_its_step() -> None:
    court = Courtroom()
    court.feed(page("hidden", 0))
    court.tick(FACT_STEP * 100)
    assert court.raised[0].numbers["seconds"] == FACT_STEP


def test_a_clock_set_forward_is_not_absence() -> None:
    court = Courtroom()
    absent_for(court, 0, 3)
    absent_for(court, 3600, 3)
    assert court.raised == []


def test_a_clock_set_back_starts_counting_anew_and_keeps_watching() -> None:
    court = Courtroom()
    absent_for(court, 0, 4)
    absent_for(court, -3600, 5)
    assert court.raised == []
    absent_for(court, -3595, 2)
    assert [alert.raised_at - START for alert in court.raised] == [-3595]


def test_an_open_alert_survives_a_clock_set_back_and_never_ends_before_it_was_raised() -> None:
    court = Courtroom()
    absent_for(court, 0, 10)
    present_for(court, -3600, 4)
    assert [alert.ended_at for alert in court.ended] == [START + 5]
    absent_for(court, -3500, 6)
    assert len(court.raised) == 2


def test_an_open_alert_ends_soon_after_a_clock_set_back_when_nobody_looks() -> None:
    court = Courtroom()
    absent_for(court, 0, 10)
    court.tick(*range(-3600, -3500))
    assert len(court.ended) == 1


# ------------------------------------------------------------------------------------------- rooms and people


def test_nothing_is_raised_in_a_room_that_is_not_watched() -> None:
    judge = Judge()
    assert [judge.feed(faces(0, second)) for second in range(20)] == [[]] * 20
    assert judge.tick(START + 30) == []


def test_settings_change_in_a_running_room_without_losing_what_was_seen() -> None:
    court = Courtroom({NO_FACE: RuleSettings(hold=60.0)})
    absent_for(court, 0, 10)
    assert court.raised == []
    court.judge.watch(ROOM, {NO_FACE: RuleSettings(hold=10.0)})
    absent_for(court, 10, 1)
    assert [alert.started_at for alert in court.raised] == [START]


def test_a_rule_switched_off_ends_its_alerts() -> None:
    court = Courtroom()
    absent_for(court, 0, 6)
    court.judge.watch(ROOM, {NO_FACE: RuleSettings(enabled=False)})
    court.tick(7)
    assert [alert.ended_at for alert in court.ended] == [START + 7]
    absent_for(court, 50, 20)
    assert len(court.raised) == 1


def test_an_unknown_kind_in_old_settings_is_harmless() -> None:
    court = Courtroom({"NO_LONGER_BUILT": RuleSettings()})
    absent_for(court, 0, 6)
    assert court.kinds == [NO_FACE]


def test_unwatch_ends_what_is_open() -> None:
    court = Courtroom()
    absent_for(court, 0, 7)
    court.feed(page("hidden", 7))
    court.tick(7, 8, 9, 10)
    assert [alert.kind for alert in court.take(court.judge.unwatch(ROOM, START + 11))] == [NO_FACE, HIDDEN]
    assert {alert.ended_at for alert in court.ended} == {START + 11}
    assert court.judge.unwatch(ROOM, START + 12) == []
    assert court.feed(*[faces(0, second) for second in range(12, 30)]) == []


def test_looks_are_not_remembered_through_a_pause() -> None:
    court = Courtroom()
    absent_for(court, 0, 5)
    court.feed(faces(0, 5))  # which still waits for its picture
    court.take(court.judge.unwatch(ROOM, START + 5))
    court.judge.watch(ROOM, {})
    court.tick(6, 7)
    absent_for(court, 7, 5)
    assert court.raised == []


def test_facts_are_remembered_through_a_pause_and_count_from_its_end() -> None:
    court = Courtroom()
    court.take(court.judge.unwatch(ROOM, START))
    court.feed(camera("denied", 1))
    court.tick(*range(1, 100))
    assert court.raised == []
    court.judge.watch(ROOM, {})
    court.tick(*range(100, 110))
    assert [(alert.started_at - START, alert.raised_at - START) for alert in court.raised] == [(100, 105)]


def test_forget_ends_what_is_open_and_leaves_the_others() -> None:
    court = Courtroom()
    for second in range(7):
        court.feed(faces(0, second), faces(0, second, participant="other"))
    ended = court.take(court.judge.forget(STUDENT, START + 8))
    assert [(alert.participant, alert.ended_at) for alert in ended] == [(STUDENT, START + 8)]
    assert court.judge.forget(STUDENT, START + 9) == []
    assert [alert.participant for alert in court.open] == ["other"]


def test_memory_of_rooms_that_nobody_watches_is_dropped() -> None:
    court = Courtroom()
    court.feed(camera("denied", 0))
    court.take(court.judge.unwatch(ROOM, START))
    court.tick(UNWATCHED_MEMORY + 1)
    court.judge.watch(ROOM, {})
    court.tick(*[UNWATCHED_MEMORY + second for second in range(60)])
    assert court.raised == []


def test_kinds_of_observation_without_a_rule_are_ignored() -> None:
    court = Courtroom()
    for kind in ObservationKind:
        court.feed(observe(kind, 1))
    assert court.raised == []


# ------------------------------------------------------------------------------------------- absences


PHONE_LOST = AlertKind.PHONE_CHANNEL_LOST


def offline() -> Courtroom:
    """A student who has been out of reach for half a minute, by computer and phone."""
    court = Courtroom()
    court.feed(connection(False, 0), *of("arm", connection(False, 0)))
    court.tick(*range(1, 30))
    assert court.kinds == [LOST, PHONE_LOST]
    return court


def resume(court: Courtroom, at: float, online: bool) -> None:
    """Watch again, and be told who is there, as a room that goes on tells it."""
    court.judge.watch(ROOM, {})
    court.feed(connection(online, at), *of("arm", connection(online, at)))


def test_one_absence_is_one_alert_through_any_number_of_pauses() -> None:
    court = offline()
    for at in range(100, 1000, 100):
        assert court.take(court.judge.unwatch(ROOM, START + at)) == []
        resume(court, at + 20, online=False)
        court.tick(*range(at + 20, at + 90))
    assert court.kinds == [LOST, PHONE_LOST] and court.ended == []
    court.feed(connection(True, 1000), *of("arm", connection(True, 1000)))
    court.tick(*range(1000, 1010))
    assert {alert.ended_at for alert in court.ended} == {START + 1000}


def test_who_comes_back_in_a_pause_is_back_and_may_be_lost_again() -> None:
    court = offline()
    court.take(court.judge.unwatch(ROOM, START + 100))
    court.feed(connection(False, 105))
    assert court.ended == []
    court.feed(connection(True, 110), *of("arm", connection(True, 111)))
    assert [alert.ended_at for alert in court.ended] == [START + 110, START + 111]
    court.feed(connection(False, 120))
    resume(court, 200, online=False)
    court.tick(*range(200, 230))
    assert court.kinds == [LOST, PHONE_LOST, LOST, PHONE_LOST]


def test_an_absence_of_an_earlier_process_is_told_no_second_time_and_ended_when_it_is_over() -> None:
    old, new = offline(), Courtroom()
    for alert in old.open:
        assert new.judge.take_up(alert)
    new.raised += old.raised
    resume(new, 60, online=False)
    new.tick(*range(60, 200))
    assert new.open == old.raised
    resume(new, 200, online=True)
    new.tick(*range(200, 210))
    assert [alert.id for alert in new.ended] == [alert.id for alert in old.raised]


def test_an_absence_ends_with_its_student_and_is_not_left_open_for_ever() -> None:
    court = offline()
    court.take(court.judge.unwatch(ROOM, START + 100))
    assert len(court.take(court.judge.forget(STUDENT, START + 110))) == 2
    waits = offline()
    waits.take(waits.judge.unwatch(ROOM, START + 100))
    waits.tick(100 + 7 * 3600.0)
    assert waits.open == []

"""Pairing: who may invite a phone, how often an invitation is good, and what becomes of the phone before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import NotAllowed, UserError
from rooms.participants.pairing import LETTERS, random_code
from rooms.protocol.tickets import PAIRING, PAIRING_S, PHONE, STUDENT, TEACHER
from rooms.setup.room_settings import RoomSettings
from store.phones import PhoneInvitation, PhoneRow, drop_old_invitations
from tests.rooms.stage import START, Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A room that needs a phone on the arm and allows one on the head."""
    made = Stage(tmp_path, RoomSettings(phones=("arm",), phones_allowed=("head",)))
    yield made
    made.database.close()


def ticket_of(link: str) -> str:
    return link.partition("?t=")[2]


def rows(stage: Stage) -> list[PhoneRow]:
    with stage.database.read() as session:
        return list(session.query(PhoneRow))


def refusal(stage: Stage, ticket: str = "", code: str = "") -> str:
    with pytest.raises(UserError) as refused:
        stage.pairing.join_by_link(ticket) if ticket else stage.pairing.join_by_code(code)
    return refused.value.code


def test_an_invitation_is_a_link_a_picture_and_a_code(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    participant.presence.origin = "https://exam.school.example"
    invited = stage.pairing.invite(participant, "arm")
    assert invited["link"].startswith("https://exam.school.example/phone/join?t=")
    assert invited["svg"].startswith("<svg") and "script" not in invited["svg"] and "style" not in invited["svg"]
    assert re.fullmatch(f"[{LETTERS}]{{8}}", invited["code"])
    assert invited["expires_at"] == (stage.clock.now() + PAIRING_S) * 1000


def test_codes_hold_nothing_that_is_misread() -> None:
    drawn = {letter for _ in range(300) for letter in random_code()}
    assert drawn == set(LETTERS)
    assert not drawn & set("01OI")


def test_a_link_pairs_once(stage: Stage) -> None:
    participant = stage.student()
    ticket = ticket_of(stage.pairing.invite(participant, "arm")["link"])
    for _ in range(3):
        assert stage.pairing.look_at(ticket).role == "arm"
    phone_id = stage.pairing.join_by_link(ticket)
    assert (stage.room.phones_of(participant)["arm"].id, [row.id for row in rows(stage)]) == (phone_id, [phone_id])
    assert refusal(stage, ticket) == "pairing_invalid"
    with pytest.raises(UserError):
        stage.pairing.look_at(ticket)


def test_link_and_code_are_one_invitation(stage: Stage) -> None:
    invited = stage.pairing.invite(stage.student(), "arm")
    typed = f" {invited['code'][:4].lower()}-{invited['code'][4:]} "
    stage.pairing.join_by_code(typed)
    assert refusal(stage, ticket_of(invited["link"])) == refusal(stage, code=typed) == "pairing_invalid"


def test_a_newer_invitation_ends_the_older(stage: Stage) -> None:
    participant = stage.student()
    older, newer = stage.pairing.invite(participant, "arm"), stage.pairing.invite(participant, "arm")
    other = stage.pairing.invite(participant, "head")
    assert refusal(stage, code=older["code"]) == "pairing_invalid"
    assert stage.pairing.join_by_code(newer["code"])
    assert stage.pairing.join_by_code(other["code"])


def test_an_invitation_is_soon_too_old(stage: Stage) -> None:
    invited = stage.pairing.invite(stage.student(), "arm")
    stage.clock.advance(PAIRING_S)
    assert refusal(stage, ticket_of(invited["link"])) == refusal(stage, code=invited["code"]) == "pairing_invalid"
    with stage.database.session() as session:
        drop_old_invitations(session, START.replace(hour=12))
        assert session.query(PhoneInvitation).count() == 0


@pytest.mark.parametrize("code", ["", "AAAA", "AAAAAAAA", "A" * 4000, "\ud800" * 8, "éééééééé"])
def test_any_text_typed_as_a_code_has_an_answer(stage: Stage, code: str) -> None:
    assert refusal(stage, code=code) == "pairing_invalid"


def test_tickets_of_other_kinds_pair_nothing(stage: Stage) -> None:
    participant = stage.student()
    stage.pairing.invite(participant, "arm")
    made = stage.tickets
    phone = made.issue_phone("r1", "x")
    for ticket in (phone, made.issue_student("r1", participant.id), made.issue_teacher("r1", 1, 1), "x", "é"):
        assert refusal(stage, ticket) == "pairing_invalid"
    for kind in (STUDENT, TEACHER, PAIRING):
        with pytest.raises(NotAllowed):
            made.read(phone, kind)
    for kind in (STUDENT, TEACHER, PHONE):
        with pytest.raises(NotAllowed):
            made.read(made.issue_pairing("token"), kind)


def test_a_room_names_the_phones_it_wants(stage: Stage) -> None:
    with pytest.raises(UserError) as refused:
        stage.pairing.invite(stage.student(), "room")
    assert refused.value.code == "not_wanted"


def test_an_invitation_ends_with_the_participant_and_with_the_room(stage: Stage) -> None:
    zoe, ali = stage.student("Zoé", "s1"), stage.student("Ali", "s2")
    of_zoe, of_ali = stage.pairing.invite(zoe, "arm"), stage.pairing.invite(ali, "arm")
    stage.admission.leave(zoe)
    assert refusal(stage, code=of_zoe["code"]) == "pairing_invalid"
    stage.lifecycle.set_state("r1", "ended", "Ana")
    assert refusal(stage, code=of_ali["code"]) == "pairing_invalid"
    with pytest.raises(UserError) as refused:
        stage.pairing.invite(ali, "arm")
    assert refused.value.code == "room_ended"


def test_the_next_phone_replaces_the_one_before(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    first = stage.phone(participant, "arm", "h1")
    second = stage.phone(participant, "arm", "h2")
    assert stage.told("h1", "replaced", "/phone") == [{}]
    assert ("/phone", "h1") in stage.sockets.closed
    assert [row.id for row in rows(stage)] == [second.id]
    with pytest.raises(NotAllowed) as refused:
        stage.connect_phone(first.id, "h3")
    assert refused.value.code == "unpaired"


def test_a_phone_is_let_go(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    stage.phone(participant, "arm", "h1")
    waiting = stage.pairing.invite(participant, "arm")
    stage.pairing.unpair(participant, "arm")
    stage.pairing.unpair(participant, "head")
    assert (stage.room.phones_of(participant), rows(stage)) == ({}, [])
    assert stage.told("h1", "replaced", "/phone") == [{}]
    assert refusal(stage, code=waiting["code"]) == "pairing_invalid"


def test_phones_and_invitations_outlive_a_restart(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    phone, invited = stage.phone(participant, "arm", "h1"), stage.pairing.invite(participant, "head")
    stage.restart()
    assert stage.room.phones_of(participant)["arm"].id == phone.id
    assert stage.connect_phone(phone.id, "h2").online
    stage.pairing.join_by_code(invited["code"])
    assert set(stage.room.phones_of(participant)) == {"arm", "head"}


def test_a_role_that_the_room_gives_up_has_no_phones_any_more(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    stage.phone(participant, "arm", "h1")
    stage.phone(participant, "head", "h2")
    stage.change(RoomSettings(phones=("arm",)))
    assert set(stage.room.phones_of(participant)) == {"arm"}
    assert ("/phone", "h2") in stage.sockets.closed

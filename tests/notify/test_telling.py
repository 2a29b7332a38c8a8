"""From a notice to messages: whom it concerns, what is put together, what webhooks get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from core.clock import FakeClock
from core.delivery.notices import NOTICE_JOB, Notice, NoticeKind
from jobs.ground import Ground
from jobs.kinds import KINDS
from notify.fan_out import DELIVER_JOB
from store.delivery.notices import NoticeRow, NotificationRules, PushSubscription, Webhook
from store.delivery.outbox import WAITING, JobRow
from store.users import User
from tests.jobs.outbox import do_due, now_of, put
from tests.notify.conftest import ANA, BEN
from tests.store.makers import MOMENT

BEFORE_SENDING = {name: kind for name, kind in KINDS.items() if name != DELIVER_JOB}
INCIDENT, HAND, REPORT = NoticeKind.INCIDENT_WAITS, NoticeKind.HAND_WAITS, NoticeKind.REPORT_READY
SITE = "https://exam.school.example"


def wish(ground: Ground, person: int, ways: Mapping[str, Sequence[str]], **changed: Any) -> None:
    with ground.database.session() as session:
        values = {"locale": "en", "site": SITE, **changed}
        session.merge(
            NotificationRules(user_id=person, ways={kind: list(names) for kind, names in ways.items()}, **values)
        )


def happen(ground: Ground, kind: str, **changed: Any) -> None:
    values: dict[str, Any] = {"room": "r1", "facts": {"what": "Phone seen"}, **changed}
    notice = Notice(kind=kind, at=ground.clock.now(), **values)
    put(ground, NOTICE_JOB, **notice.payload())
    do_due(ground, BEFORE_SENDING)


def outgoing(ground: Ground) -> list[Mapping[str, Any]]:
    """What is to be sent, the oldest first."""
    with ground.database.read() as session:
        query = select(JobRow).where(JobRow.kind == DELIVER_JOB, JobRow.state == WAITING).order_by(JobRow.id)
        return [row.payload for row in session.scalars(query)]


def advance(ground: Ground, seconds: float) -> None:
    assert isinstance(ground.clock, FakeClock)
    ground.clock.advance(seconds)
    do_due(ground, BEFORE_SENDING)


def test_a_teacher_who_wishes_it_gets_a_mail_with_a_link_and_no_name_of_a_student(ground: Ground) -> None:
    wish(ground, ANA, {INCIDENT: ["mail"]})
    happen(ground, INCIDENT)
    (sent,) = outgoing(ground)
    assert (sent["way"], sent["target"]) == ("mail", {"address": "ana@school.example"})
    message = sent["message"]
    assert message["subject"] == "Examonitor – Algebra: A critical incident that nobody looks after"
    assert message["lines"] == ["Phone seen: nobody has looked after this critical incident for a minute."]
    assert message["link"] == f"{SITE}/rooms/r1"


def test_nobody_is_told_without_a_wish_and_administrators_hear_of_the_server_alone(ground: Ground) -> None:
    happen(ground, INCIDENT)
    assert outgoing(ground) == []
    wish(ground, ANA, {NoticeKind.SERVER_TROUBLE: ["mail"]})
    wish(ground, BEN, {NoticeKind.SERVER_TROUBLE: ["mail"], INCIDENT: ["mail"]})
    happen(ground, INCIDENT)
    happen(ground, NoticeKind.SERVER_TROUBLE, room=None, facts={"what": "Little disk space is left."})
    assert [sent["target"] for sent in outgoing(ground)] == [{"address": "ben@school.example"}]


def test_each_kind_goes_by_the_ways_that_were_wished_for_it(ground: Ground) -> None:
    wish(ground, ANA, {INCIDENT: ["push"], HAND: ["push", "mail"]})
    with ground.database.session() as session:
        for endpoint in ("https://push.example/1", "https://push.example/2"):
            values = {"p256dh": "k", "auth": "a", "created_at": MOMENT}
            session.add(PushSubscription(user_id=ANA, endpoint=endpoint, **values))
    happen(ground, INCIDENT)
    advance(ground, 60)
    happen(ground, HAND)
    assert [sent["way"] for sent in outgoing(ground)] == ["push", "push", "mail", "push", "push"]


def test_what_comes_in_a_pause_is_told_together_after_it(ground: Ground) -> None:
    wish(ground, ANA, {INCIDENT: ["mail"], HAND: ["mail"]})
    happen(ground, INCIDENT)
    for what in ("Phone seen", "Second person"):
        advance(ground, 1)
        happen(ground, INCIDENT, facts={"what": what})
    assert len(outgoing(ground)) == 1
    advance(ground, 200)
    first, together = outgoing(ground)
    assert len(together["message"]["lines"]) == 2 and first["message"]["id"] != together["message"]["id"]
    advance(ground, 1000)
    assert len(outgoing(ground)) == 2


def test_a_digest_gathers_what_is_not_urgent(ground: Ground) -> None:
    wish(ground, ANA, {REPORT: ["mail"], INCIDENT: ["mail"]}, digest_minutes=60)
    happen(ground, REPORT, person=ANA)
    happen(ground, REPORT, person=ANA)
    happen(ground, INCIDENT)
    assert len(outgoing(ground)) == 1
    advance(ground, 3600)
    assert [sent["message"]["subject"] for sent in outgoing(ground)][1:] == [
        "Examonitor – Algebra: A report that is ready"
    ]


def test_it_is_said_in_the_language_that_the_person_reads(ground: Ground) -> None:
    wish(ground, ANA, {HAND: ["mail"]}, locale="fr")
    happen(ground, HAND)
    (sent,) = outgoing(ground)
    assert "main" in sent["message"]["lines"][0]


def test_an_account_that_was_closed_hears_nothing_more(ground: Ground) -> None:
    wish(ground, ANA, {REPORT: ["mail"]}, digest_minutes=15)
    happen(ground, REPORT, person=ANA)
    with ground.database.session() as session:
        session.get_one(User, ANA).active = False
    advance(ground, 3600)
    assert outgoing(ground) == []
    with ground.database.read() as session:
        assert list(session.scalars(select(NoticeRow))) == []


def test_webhooks_get_the_events_they_asked_for_while_they_are_on(ground: Ground) -> None:
    with ground.database.session() as session:
        for address, events, state in (
            ("https://a.example", [INCIDENT], "on"),
            ("https://b.example", [HAND], "on"),
            ("https://c.example", [INCIDENT], "off"),
        ):
            session.add(
                Webhook(
                    address=address,
                    events=[str(one) for one in events],
                    state=state,
                    sealed_secret=b"-",
                    created_at=MOMENT,
                )
            )
    happen(ground, INCIDENT)
    (sent,) = outgoing(ground)
    assert (sent["way"], sent["target"]) == ("webhook", {"webhook": 1})
    told = sent["message"]
    assert told["type"] == "incident_waits" and told["data"]["room"] == {
        "id": "r1",
        "code": "004217",
        "title": "Algebra",
    }
    assert told["timestamp"] == now_of(ground).isoformat()


def test_a_notice_that_nobody_passed_on_for_hours_is_dropped(ground: Ground) -> None:
    wish(ground, ANA, {INCIDENT: ["mail"]})
    put(ground, NOTICE_JOB, **Notice(kind=INCIDENT, at=ground.clock.now(), room="r1").payload())
    advance(ground, timedelta(hours=2).total_seconds())
    assert outgoing(ground) == []


def test_a_room_that_was_deleted_meanwhile_is_no_fault(ground: Ground) -> None:
    wish(ground, ANA, {INCIDENT: ["mail"]})
    happen(ground, INCIDENT, room="gone")
    assert outgoing(ground) == []
    with ground.database.read() as session:
        assert {row.error for row in session.scalars(select(JobRow))} == {""}

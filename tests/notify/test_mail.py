"""Mail goes out by the mail server that is set; what does not work is said in words."""

from __future__ import annotations

import email
from dataclasses import replace
from email import policy

import pytest

from core.delivery.attempts import GivenUp, TryLater
from core.delivery.mail_server import mail_server
from jobs.ground import Ground
from notify.message import Item, Message, message_of
from notify.ways import mail
from settings import SettingsError, load_settings
from tests.notify.receivers import free_port, mail_receiver

TARGET = {"address": "ana@school.example"}


def with_server(ground: Ground, address: str, **changed: str) -> Ground:
    return replace(ground, settings=replace(ground.settings, smtp_url=address, **changed))  # type: ignore[type-var]  # a protocol to mypy


def told(title: str = "Algèbre", locale: str = "en") -> Message:
    return message_of([Item("hand_waits", 1.0, "r1", title)], locale, "https://exam.example")


def test_a_mail_is_plain_text_without_pictures_and_asks_for_no_answer(ground: Ground) -> None:
    with mail_receiver() as (mailbox, port):
        mail.deliver(
            with_server(ground, f"smtp://127.0.0.1:{port}", mail_from="exam@school.example"), TARGET, told().payload()
        )
    (envelope,) = mailbox.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("exam@school.example", ["ana@school.example"])
    read = email.message_from_bytes(mailbox.content(), policy=policy.default)
    assert read["Subject"] == "Examonitor – Algèbre: A raised hand that nobody has seen"
    assert read["Auto-Submitted"] == "auto-generated" and read["From"] == "Examonitor <exam@school.example>"
    assert [part.get_content_type() for part in read.walk()] == ["text/plain"]
    body = read.get_content()
    assert "A student has had a hand up for a minute." in body and "https://exam.example/rooms/r1" in body


def test_the_same_message_has_the_same_id_in_every_try(ground: Ground) -> None:
    with mail_receiver() as (mailbox, port):
        there = with_server(ground, f"smtp://127.0.0.1:{port}")
        for _ in range(2):
            mail.deliver(there, TARGET, told().payload())
    ids = {email.message_from_bytes(mailbox.content(one))["Message-ID"] for one in (0, 1)}
    assert len(ids) == 1 and len(mailbox.taken) == 2


def test_a_title_begins_no_header_of_its_own(ground: Ground) -> None:
    with mail_receiver() as (mailbox, port):
        title = "Algebra\r\nBcc: all@school.example"
        mail.deliver(with_server(ground, f"smtp://127.0.0.1:{port}"), TARGET, told(title).payload())
    read = email.message_from_bytes(mailbox.content(), policy=policy.default)
    assert read["Bcc"] is None and mailbox.taken[0].rcpt_tos == ["ana@school.example"]


def test_a_log_in_is_used_and_a_wrong_one_is_told(ground: Ground) -> None:
    with mail_receiver(with_log_in=True) as (mailbox, port):
        mail.deliver(with_server(ground, f"smtp://exam:right@127.0.0.1:{port}"), TARGET, told().payload())
        with pytest.raises(TryLater, match="refused the log-in of EXAM_SMTP_URL: 535") as error:
            mail.deliver(with_server(ground, f"smtp://exam:wrong@127.0.0.1:{port}"), TARGET, told().payload())
    assert len(mailbox.taken) == 1 and "wrong" not in str(error.value)


@pytest.mark.parametrize(("answer", "expected"), [("450 later", TryLater), ("550 unknown here", GivenUp)])
def test_a_refused_recipient_is_tried_again_or_given_up_as_the_server_says(
    ground: Ground, answer: str, expected: type[Exception]
) -> None:
    with mail_receiver() as (mailbox, port):
        mailbox.refuse = answer
        with pytest.raises(expected, match=f"refused the recipient: {answer}"):
            mail.deliver(with_server(ground, f"smtp://127.0.0.1:{port}"), TARGET, told().payload())


def test_a_dead_mail_server_is_said_clearly_and_tried_again(ground: Ground) -> None:
    port = free_port()
    with pytest.raises(TryLater, match=f"the mail server 127.0.0.1 port {port} cannot be reached: "):
        mail.deliver(with_server(ground, f"smtp://127.0.0.1:{port}"), TARGET, told().payload())


def test_without_tls_where_it_is_asked_for_nothing_is_sent(ground: Ground) -> None:
    with mail_receiver() as (mailbox, port):
        for scheme in ("smtp+starttls", "smtps"):
            with pytest.raises(TryLater):
                mail.deliver(with_server(ground, f"{scheme}://127.0.0.1:{port}"), TARGET, told().payload())
    assert mailbox.taken == []


def test_without_a_mail_server_a_mail_is_given_up(ground: Ground) -> None:
    with pytest.raises(GivenUp, match="EXAM_SMTP_URL"):
        mail.deliver(ground, TARGET, told().payload())


def test_addresses_of_mail_servers_are_read() -> None:
    server = mail_server("smtps://exam%40school:p%3Aw@mail.example")
    assert (server.host, server.port, server.user, server.password) == ("mail.example", 465, "exam@school", "p:w")
    assert "p:w" not in repr(server)


@pytest.mark.parametrize(
    "address", ["mail.example", "http://mail.example", "smtp://", "smtp://a:b@mail.example", "smtp://m.example/x"]
)
def test_an_address_that_makes_no_sense_is_refused_at_the_start(address: str) -> None:
    with pytest.raises(SettingsError, match="EXAM_SMTP_URL"):
        load_settings({"EXAM_SMTP_URL": address})

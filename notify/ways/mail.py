"""Mail: one short plain text, without pictures, by the server's own mail server."""

import smtplib
import ssl
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

from sqlalchemy.orm import Session

from core.delivery.attempts import GivenUp, TryLater
from core.delivery.mail_server import STARTTLS, TLS, MailServer, mail_server
from core.text_keys import N_
from notify.ground import NotifyGround, NotifySettings
from notify.message import Message
from notify.ways.base import Target, Way
from store.users import User

SECONDS = 15.0
"""For each answer of the mail server."""
NO_SERVER = N_("This server sends no mail: its administrator has set no mail server (EXAM_SMTP_URL).")


def deliver(ground: NotifyGround, target: Target, told: Mapping[str, Any]) -> None:
    """Hand a message to the mail server."""
    settings = ground.settings
    if not settings.smtp_url:
        raise GivenUp("no mail server is set (EXAM_SMTP_URL)")
    server = mail_server(settings.smtp_url)
    mail = mail_of(Message.of(told), sender_of(settings, server), str(target["address"]), ground.clock.now())
    try:
        _send(server, mail)
    except smtplib.SMTPAuthenticationError as error:
        raise TryLater(f"the mail server {server.host} refused the log-in of EXAM_SMTP_URL: {_said(error)}") from error
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        raise _refusal(code)(f"the mail server {server.host} refused the recipient: {code} {_text(text)}") from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code)(f"the mail server {server.host} refused the mail: {_said(error)}") from error
    except ssl.SSLError as error:
        raise TryLater(f"no safe connection to the mail server {server.host}: {error.reason or error}") from error
    except (OSError, smtplib.SMTPException) as error:
        why = getattr(error, "strerror", None) or error
        raise TryLater(f"the mail server {server.host} port {server.port} cannot be reached: {why}") from error


def mail_of(message: Message, sender: str, recipient: str, now: float) -> EmailMessage:
    """Return the mail as it is sent."""
    mail = EmailMessage()
    mail["From"] = Address("Examonitor", addr_spec=sender)
    mail["To"] = recipient
    mail["Subject"] = message.subject
    mail["Date"] = formatdate(now)
    mail["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2]}>" if message.id else make_msgid()
    mail["Auto-Submitted"] = "auto-generated"  # so that nobody's absence is answered
    parts = ["\n".join(message.lines), message.link, f"-- \n{message.why}" if message.why else ""]
    mail.set_content("\n\n".join(part for part in parts if part) + "\n")
    return mail


def sender_of(settings: NotifySettings, server: MailServer) -> str:
    """Return the address that mail comes from."""
    return settings.mail_from or f"examonitor@{server.host}"


def _send(server: MailServer, mail: EmailMessage) -> None:
    safely = ssl.create_default_context()
    with (
        smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=safely)
        if server.scheme == TLS
        else smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    ) as connection:
        if server.scheme == STARTTLS:
            connection.starttls(context=safely)
        if server.user:
            connection.login(server.user, server.password)
        connection.send_message(mail)


def _refusal(code: int) -> type[TryLater] | type[GivenUp]:
    """A refusal of the five hundreds stays one."""
    return GivenUp if code >= 500 else TryLater


def _said(error: smtplib.SMTPResponseException) -> str:
    return f"{error.smtp_code} {_text(error.smtp_error)}"


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def _targets(_session: Session, person: User) -> list[dict[str, Any]]:
    return [{"address": person.email}]


WAY = Way(
    name="mail",
    label=N_("Mail"),
    is_personal=True,
    obstacle=lambda settings: "" if settings.smtp_url else NO_SERVER,
    targets=_targets,
    deliver=deliver,
)

"""Which mail server mail goes out by, read from one address."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

PLAIN, STARTTLS, TLS = "smtp", "smtp+starttls", "smtps"
PORTS = {PLAIN: 25, STARTTLS: 587, TLS: 465}
HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server and how we talk to it."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)


def mail_server(address: str) -> MailServer:
    """Return the server of `smtp://`, `smtp+starttls://` or `smtps://[user:password@]host[:port]`.

    Raises:
        ValueError: it is no such address, or a password would cross the network for everybody to read.
    """
    parts = urlsplit(address)
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("expected smtp://, smtp+starttls:// or smtps://, then user:password@ where needed, and a host")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if user and parts.scheme == PLAIN and parts.hostname not in HERE:
        raise ValueError("smtp:// sends the password for everybody to read; use smtp+starttls:// or smtps://")
    return MailServer(parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme], user, password)

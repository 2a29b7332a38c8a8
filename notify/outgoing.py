"""Sends one request to an address that somebody else chose: vetted, pinned, without redirects, never for long."""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.delivery.attempts import GivenUp, TryLater

SECONDS = 10.0
"""For one step of the connection."""
LONGEST_S = 20.0
"""For all of it: a receiver that answers a byte at a time must not hold us up."""
SCHEMES = {"http": 80, "https": 443}
LONGEST_ADDRESS = 1024


class Unfit(ValueError):
    """The address cannot be used, whoever asks; the text says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request goes: `address` is the one that was vetted, `host` the name that certificates know."""

    scheme: str
    host: str
    port: int
    path: str
    address: str = ""

    @property
    def origin(self) -> str:
        """Return scheme, host and port as a browser writes them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == SCHEMES[self.scheme] else f":{self.port}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the receiver said."""

    status: int
    reason: str

    @property
    def is_good(self) -> bool:
        """Say whether it took what it was sent."""
        return 200 <= self.status < 300


def place_of(url: str) -> Place:
    """Return the parts of an address; Unfit for one that no message can go to."""
    parts = urlsplit(url.strip())
    try:
        port = parts.port
    except ValueError as error:
        raise Unfit("its port is no number") from error
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise Unfit("it does not begin with https:// or http:// and a host")
    if parts.username or parts.password:
        raise Unfit("it holds a password")
    if len(url) > LONGEST_ADDRESS or any(ord(letter) <= 32 for letter in url.strip()):
        raise Unfit("it is too long or holds spaces")
    path = parts.path or "/"
    query = f"?{parts.query}" if parts.query else ""
    return Place(parts.scheme, parts.hostname, port or SCHEMES[parts.scheme], path + query)


def refuse_private(place: Place, private_too: bool) -> None:
    """Refuse, without asking anybody, what says by itself that it lies inside the network; Unfit."""
    try:
        inside = not is_public(place.host)
    except ValueError:  # a name: it is looked up when something is sent
        inside = place.host == "localhost" or place.host.endswith(".localhost")
    if inside and not private_too:
        raise Unfit(f"{place.host} lies inside the network")


def vetted(place: Place, private_too: bool) -> Place:
    """Return the place with the one address that is used; Unfit where a name leads into the network."""
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)]
    inside = [address for address in found if not is_public(address)]
    if inside and not private_too:
        raise Unfit(f"{place.host} is {inside[0]}, inside the network (EXAM_PRIVATE_TARGETS allows that)")
    return Place(place.scheme, place.host, place.port, place.path, found[0])


def is_public(address: str) -> bool:
    """Say whether an IP address is one of the internet's."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    return (ip if mapped is None else mapped).is_global and ip.is_global and not ip.is_multicast


def post(url: str, headers: Mapping[str, str], body: bytes, private_too: bool) -> Answer:
    """Send one request and return the answer, of which nothing but the status is read.

    Raises:
        GivenUp: the address is unfit.
        TryLater: nobody answers there.
    """
    try:
        place = vetted(place_of(url), private_too)
        return _post(place, headers, body)
    except Unfit as error:
        raise GivenUp(f"the address is not used: {error}") from error
    except ssl.SSLError as error:
        raise TryLater(f"no safe connection to {_named(url)}: {error.reason or error}") from error
    except (OSError, http.client.HTTPException) as error:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise TryLater(f"{_named(url)} cannot be reached: {why}") from error


def _post(place: Place, headers: Mapping[str, str], body: bytes) -> Answer:
    connection = http.client.HTTPConnection(place.host, place.port, timeout=SECONDS)
    line = socket.create_connection((place.address, place.port), SECONDS)
    deadline = threading.Timer(LONGEST_S, _hang_up, [line])
    deadline.daemon = True
    deadline.start()
    try:
        if place.scheme == "https":
            line = ssl.create_default_context().wrap_socket(line, server_hostname=place.host)
        connection.sock = line  # the address that was vetted, not one that the name has by now
        connection.request("POST", place.path, body, {"User-Agent": "Examonitor", **headers})
        answer = connection.getresponse()
        return Answer(answer.status, answer.reason)
    finally:
        deadline.cancel()
        connection.close()
        line.close()


def _named(url: str) -> str:
    place = place_of(url)
    return f"{place.host} port {place.port}"


def _hang_up(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)

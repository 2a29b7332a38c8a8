"""HTTPS with our own certificate: what a browser on another machine meets."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509

from tests.flows.live_server import LiveServer, wait_until

pytestmark = pytest.mark.both_modes


@pytest.fixture
def tls_server(mode: str, tmp_path: Path) -> Iterator[LiveServer]:
    live = LiveServer(tmp_path, mode, EXAM_TLS="on")
    try:
        yield live.start()
    finally:
        assert live.stop() == 0


def trusting(server: LiveServer) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(server.folder / "tls" / "certificate.pem"))


def ask(server: LiveServer, context: ssl.SSLContext) -> bytes:
    with (
        socket.create_connection(("127.0.0.1", server.port), timeout=20) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secure,
    ):
        secure.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return secure.recv(200)


def test_who_trusts_the_certificate_is_served(tls_server: LiveServer) -> None:
    assert ask(tls_server, trusting(tls_server)).startswith(b"HTTP/1.1 200")


def test_who_does_not_trust_it_or_speaks_no_tls_disturbs_nobody(tls_server: LiveServer) -> None:
    with pytest.raises(ssl.SSLError):
        ask(tls_server, ssl.create_default_context())
    with socket.create_connection(("127.0.0.1", tls_server.port), timeout=20) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
        wait_until(lambda: closed(plain), "the server hangs up")
    assert ask(tls_server, trusting(tls_server)).startswith(b"HTTP/1.1 200")
    assert not any("Traceback" in line for line in tls_server.log())


def test_who_connects_and_says_nothing_holds_up_nobody(tls_server: LiveServer) -> None:
    silent = [socket.create_connection(("127.0.0.1", tls_server.port), timeout=20) for _ in range(5)]
    assert ask(tls_server, trusting(tls_server)).startswith(b"HTTP/1.1 200")
    for one in silent:
        one.close()


def test_the_certificate_is_kept_and_names_this_machine(tls_server: LiveServer) -> None:
    path = tls_server.folder / "tls" / "certificate.pem"
    before = path.read_bytes()
    tls_server.stop()
    tls_server.start()
    assert path.read_bytes() == before
    names = x509.load_pem_x509_certificate(before).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert {"localhost", socket.gethostname()} <= set(names.value.get_values_for_type(x509.DNSName))
    key = tls_server.folder / "tls" / "certificate.key"
    assert key.stat().st_mode & 0o077 == 0, "the key is the owner's alone"


def closed(plain: socket.socket) -> bool:
    try:
        return not plain.recv(4096)
    except ConnectionError:
        return True

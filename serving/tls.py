"""A self-signed certificate of our own: browsers give the camera to secure pages only, and a school has no CA."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFETIME = timedelta(days=397)
"""Longer-lived certificates are refused by some browsers."""
RENEW_BEFORE = timedelta(days=14)


def certificate(folder: Path, names: Sequence[str], addresses: Sequence[str]) -> tuple[Path, Path]:
    """Return the paths of certificate and key; made on first use, kept while it names all of ours and is valid."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = folder / "certificate.pem", folder / "certificate.key"
    if not _is_good(paths, {*names, *addresses}):
        _make(paths, names, addresses)
    return paths


def _is_good(paths: tuple[Path, Path], wanted: set[str]) -> bool:
    if not all(path.exists() for path in paths):
        return False
    held = x509.load_pem_x509_certificate(paths[0].read_bytes())
    named = held.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    known = set(named.get_values_for_type(x509.DNSName))
    known |= {str(address) for address in named.get_values_for_type(x509.IPAddress)}
    return wanted <= known and held.not_valid_after_utc - RENEW_BEFORE > datetime.now(UTC)


def _make(paths: tuple[Path, Path], names: Sequence[str], addresses: Sequence[str]) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Examonitor")])
    now = datetime.now(UTC)
    held = [x509.DNSName(name) for name in names] + [x509.IPAddress(ip_address(a)) for a in addresses]
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(hours=1))
    builder = builder.not_valid_after(now + LIFETIME)
    builder = builder.add_extension(x509.SubjectAlternativeName(held), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    signed = builder.sign(key, hashes.SHA256())
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write_secret(paths[1], secret)
    paths[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))


def _write_secret(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(content)

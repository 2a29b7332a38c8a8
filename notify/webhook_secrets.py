"""The secrets of webhooks: made here, shown once, and sealed in the database, for whoever has it can forge notices."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PREFIX = "whsec_"
PURPOSE = b"examonitor webhook secrets"
BYTES = 32


class SecretBox:
    """Seals and opens with a key drawn from the server's secret."""

    def __init__(self, secret: str) -> None:
        drawn = HKDF(hashes.SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
        self._box = Fernet(base64.urlsafe_b64encode(drawn))

    def seal(self, secret: str) -> bytes:
        """Return a secret as bytes that only this server can read."""
        return self._box.encrypt(secret.encode())

    def open(self, sealed: bytes) -> str | None:
        """Return the secret; None for bytes that were sealed with another secret of the server."""
        try:
            return self._box.decrypt(sealed).decode()
        except InvalidToken:
            return None


def secret_of(chance: bytes) -> str:
    """Return random bytes as the secret of a webhook, in the form of the Standard Webhooks."""
    return PREFIX + base64.b64encode(chance).decode()

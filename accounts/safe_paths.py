"""Where a page may send a browser next: to our own pages only."""

from urllib.parse import urlsplit


def local_path(wanted: str | None, otherwise: str) -> str:
    """Return `wanted` where it is a path on this server, else `otherwise`; a link must not lead to a look-alike."""
    if not wanted or not wanted.startswith("/") or any(c in wanted for c in "\\\r\n\t"):
        return otherwise
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return otherwise
    # "//host" and "/\host" are other servers to a browser.
    is_local = not parts.scheme and not parts.netloc and not wanted.startswith("//")
    return wanted if is_local else otherwise

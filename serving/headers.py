"""Security headers of every page."""

from flask import Response, g

POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; worker-src 'self' blob:; "
    "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'; "
    "frame-src 'self'"
)
FEATURES = "camera=(self), microphone=(self), accelerometer=(self), gyroscope=(self), geolocation=(self), payment=()"


def secure_headers(response: Response) -> Response:
    """Add what tells browsers to run nothing but our own files; a page with a linked exam names its address in g."""
    linked = g.get("frame_source", "")
    response.headers.setdefault("Content-Security-Policy", f"{POLICY} {linked}".rstrip())
    response.headers.setdefault("Permissions-Policy", FEATURES)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("X-Frame-Options", "SAMEORIGIN")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-store")
    return response

"""Security headers of every page, and cookies that know whether they travel over HTTPS."""

import re

from flask import Flask, Response, g, request
from flask.sessions import SecureCookieSessionInterface

POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; worker-src 'self' blob:; "
    "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'; "
    "frame-src 'self'"
)
FEATURES = "camera=(self), microphone=(self), accelerometer=(self), gyroscope=(self), geolocation=(self), payment=()"
HTTPS_FROM_NOW_ON = "max-age=31536000"
"""A year. Without includeSubDomains: the school's other servers are not ours to decide about."""
ORIGIN = re.compile(r"https?://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
"""All that a policy may name beside ourselves: in here nothing can end the directive and begin another."""


class SessionCookies(SecureCookieSessionInterface):
    """Marks the cookie Secure wherever the browser speaks HTTPS, to us or to a proxy in front."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """Say whether the browser may send the cookie over HTTPS alone."""
        return is_over_https()


def init_headers(app: Flask, own_certificate: bool) -> None:
    """Secure every answer; `own_certificate` where browsers cannot know who signed it."""
    app.session_interface = SessionCookies()
    app.after_request(secure_headers)
    if not own_certificate:
        app.after_request(ask_for_https)


def is_over_https() -> bool:
    """Say whether the browser speaks HTTPS, also to a proxy that EXAM_PROXIES does not count.

    Such a proxy is believed in this one thing: whoever lies about it hardens the own cookie and nobody else's.
    """
    nearest = request.headers.get("X-Forwarded-Proto", "").rpartition(",")[2].strip()
    return request.is_secure or nearest == "https"


def ask_for_https(response: Response) -> Response:
    """Have browsers come by HTTPS from now on.

    Not with a certificate of our own: a browser that was told so lets nobody past the warning any more.
    """
    if is_over_https():
        response.headers.setdefault("Strict-Transport-Security", HTTPS_FROM_NOW_ON)
    return response


def secure_headers(response: Response) -> Response:
    """Add what tells browsers to run nothing but our own files, and to keep nothing but those.

    A page with a linked exam names its address in g; what is no plain origin is left out.
    """
    linked = g.get("frame_source", "")
    allowed = f"{POLICY} {linked}" if ORIGIN.fullmatch(linked) else POLICY
    response.headers.setdefault("Content-Security-Policy", allowed)
    response.headers.setdefault("Permissions-Policy", FEATURES)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("X-Frame-Options", "SAMEORIGIN")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response

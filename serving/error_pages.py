"""Every error as a page in the person's language; the one place where errors become HTTP."""

from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from core.errors import Busy, ExamError, NotAllowed, ProtocolError
from rooms.pages.services import services_of_request
from store.errors import StoreUnavailable


def init_error_pages(app: Flask) -> None:
    """Show pages instead of the framework's bare texts."""
    app.register_error_handler(ExamError, refused)
    app.register_error_handler(CSRFError, form_too_old)
    app.register_error_handler(HTTPException, failed)


def refused(error: ExamError) -> ResponseReturnValue:
    """Say what our own code refused; what somebody has no right to looks like what is not there."""
    headers = {"Retry-After": str(round(error.retry_after))} if isinstance(error, Busy) else {}
    if isinstance(error, NotAllowed):
        services_of_request().event_log.warn("refused", path=request.path, code=error.code, address=request.remote_addr)
    if isinstance(error, StoreUnavailable):
        # Who asks may be what could not be read; the page itself must not ask again.
        g._login_user = getattr(g, "_login_user", AnonymousUserMixin())
    return _page(_(error.text, **error.params), _status(error)), _status(error), headers


def form_too_old(error: CSRFError) -> ResponseReturnValue:
    """Say why a form without a good token was not taken."""
    return _page(
        _("This form is too old, or cookies are off. Please go back, load the page again and retry."), 400
    ), 400


def failed(error: HTTPException) -> ResponseReturnValue:
    """Say what the framework refused; redirects and other answers pass."""
    if error.code is None or error.code < 400:
        return error
    texts = {
        403: _("You may not see this page."),
        404: _("There is no such page. It may have moved, or the room was deleted."),
        413: _("What you sent is too large. A file may have at most 20 MB."),
        429: _("That was too fast. Please wait a little."),
        500: _("Something broke on the server. It was written to the log; please try again."),
    }
    return _page(texts.get(error.code, _("The server could not understand this.")), error.code), error.code


def _page(text: str, status: int) -> str:
    return render_template("error.html", text=text, status=status)


def _status(error: ExamError) -> int:
    if isinstance(error, StoreUnavailable):
        return 503
    if isinstance(error, Busy):
        return 429
    if isinstance(error, ProtocolError):
        return 400
    return 404 if isinstance(error, NotAllowed) else 409

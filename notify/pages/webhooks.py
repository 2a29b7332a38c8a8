"""The administrator's page of webhooks: which addresses hear of what, and whether they do."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from accounts.user_pages import admin_required
from core.text_keys import N_
from notify.fan_out import DELIVER_JOB
from notify.kinds import NOTICES
from notify.message import identity
from notify.outgoing import Unfit, place_of, refuse_private
from notify.pages.forms import WebhookForm
from notify.pages.services import now_of_request, services_of_request
from notify.webhook_secrets import BYTES, SecretBox, secret_of
from store.delivery.notices import Webhook, webhooks
from store.delivery.outbox import enqueue

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")

TEST = "test"
ADDRESS_TEXT = N_("This is no address that messages can go to: it begins with https:// or http:// and a host.")
PRIVATE_TEXT = N_("This address lies inside the network. The setting EXAM_PRIVATE_TARGETS=on allows such addresses.")
MOST_WEBHOOKS = 20


@blueprint.get("")
@admin_required
def listing() -> ResponseReturnValue:
    """List all webhooks."""
    return _page(WebhookForm(list(NOTICES.values()), formdata=None, events=list(NOTICES)))


@blueprint.post("")
@admin_required
def add() -> ResponseReturnValue:
    """Add a webhook; its secret is shown this once."""
    form = WebhookForm(list(NOTICES.values()))
    if not form.validate_on_submit() or (problem := _problem(form)):
        if not form.errors:
            form.url.errors = [problem]
        return _page(form), 422
    services, secret = services_of_request(), secret_of(secrets.token_bytes(BYTES))
    row = Webhook(address=form.url.data.strip(), events=list(form.events.data), created_at=now_of_request())
    row.sealed_secret = SecretBox(services.settings.secret()).seal(secret)
    with services.database.session() as db:
        if len(webhooks(db)) >= MOST_WEBHOOKS:
            form.form_errors.append(_("There are %(most)s webhooks already; please remove one.", most=MOST_WEBHOOKS))
        else:
            db.add(row)
    if form.form_errors:
        return _page(form), 422
    services.event_log.note("webhook-added", address=row.address, by=current_user.id)
    return _page(WebhookForm(list(NOTICES.values()), formdata=None, events=list(NOTICES)), secret=secret)


@blueprint.post("/<int:hook_id>/<any(on, off):state>")
@admin_required
def switch(hook_id: int, state: str) -> ResponseReturnValue:
    """Switch a webhook on or off."""

    def change(row: Webhook) -> None:
        row.state, row.error = state, ""

    return _change(hook_id, f"webhook-{state}", change)


@blueprint.post("/<int:hook_id>/remove")
@admin_required
def remove(hook_id: int) -> ResponseReturnValue:
    """Remove a webhook."""
    with services_of_request().database.session() as db:
        row = db.get(Webhook, hook_id)
        if row is None:
            abort(404)
        db.delete(row)
    services_of_request().event_log.note("webhook-removed", address=row.address, by=current_user.id)
    flash(_("The webhook was removed."), "good")
    return redirect(url_for("webhooks.listing"))


@blueprint.post("/<int:hook_id>/test")
@admin_required
def send_test(hook_id: int) -> ResponseReturnValue:
    """Send a webhook something, so that its receiver can be tried."""
    now = now_of_request()
    data: dict[str, Any] = {
        "room": None,
        "text": "This is a test.",
        "link": url_for("webhooks.listing", _external=True),
        "facts": {},
    }
    told = {"type": TEST, "timestamp": now.isoformat(), "data": data}
    with services_of_request().database.session() as db:
        if db.get(Webhook, hook_id) is None:
            abort(404)
        message = {"id": f"msg_{identity([hook_id, now.isoformat()])}", **told}
        enqueue(db, DELIVER_JOB, {"way": "webhook", "target": {"webhook": hook_id}, "message": message}, now)
    flash(_("A test is on its way; load this page again in a moment to see how it went."), "good")
    return redirect(url_for("webhooks.listing"))


def _page(form: WebhookForm, secret: str | None = None) -> str:
    with services_of_request().database.read() as db:
        rows = webhooks(db)
    return render_template("notify/webhooks.html", form=form, webhooks=rows, kinds=NOTICES, secret=secret)


def _problem(form: WebhookForm) -> str:
    """Return why an address cannot be used, "" where it can; names are looked up when something is sent."""
    try:
        place = place_of(form.url.data)
    except Unfit:
        return _(ADDRESS_TEXT)
    try:
        refuse_private(place, services_of_request().settings.private_targets)
    except Unfit:
        return _(PRIVATE_TEXT)
    return ""


def _change(hook_id: int, event: str, change: Callable[[Webhook], None]) -> ResponseReturnValue:
    with services_of_request().database.session() as db:
        row = db.get(Webhook, hook_id)
        if row is None:
            abort(404)
        change(row)
    services_of_request().event_log.note(event, address=row.address, by=current_user.id)
    return redirect(url_for("webhooks.listing"))

"""A person's own page of notifications: what they are told, by which ways, when; and the browsers that show them."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user, login_required
from flask_wtf.csrf import generate_csrf

from core.text_keys import N_
from notify.fan_out import DELIVER_JOB
from notify.kinds import kinds_for
from notify.message import WHY, Message, identity
from notify.outgoing import Unfit
from notify.pages.forms import NotificationForm, personal_ways, values_of
from notify.pages.services import now_of_request, services_of_request
from notify.subscribing import subscribe
from notify.ways import WAYS
from notify.ways.push import public_key
from store.delivery.notices import NotificationRules, PushSubscription, rules_of_person, subscriptions_of
from store.delivery.outbox import enqueue, last_about
from store.users import User

blueprint = Blueprint("notifications", __name__, url_prefix="/account/notifications")

BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    *(("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad")),
    *(("Windows", "Windows"), ("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")),
)
TEST_PAUSE = timedelta(seconds=10)
"""Between two test messages: nobody shall flood an address by them."""
TEST = N_("This is a test message. Notices of this server reach you here.")


@blueprint.get("")
@login_required
def page() -> ResponseReturnValue:
    """Show what the person wishes."""
    with services_of_request().database.read() as db:
        row = rules_of_person(db, current_user.id)
    form = NotificationForm(kinds_for(current_user.is_admin), formdata=None, data=values_of(row))
    return _page(form, is_new=row is None)


@blueprint.post("")
@login_required
def save() -> ResponseReturnValue:
    """Keep what the person wishes."""
    form = NotificationForm(kinds_for(current_user.is_admin))
    if not form.validate_on_submit():
        return _page(form), 422
    with services_of_request().database.session() as db:
        form.fill(_own_rules(db))
    flash(_("Your notifications were saved."), "good")
    return redirect(url_for("notifications.page"))


@blueprint.post("/test/<name>")
@login_required
def send_test(name: str) -> ResponseReturnValue:
    """Send the person a message by one way, so that they know whether it reaches them."""
    way = WAYS.get(name)
    if way is None or not way.is_personal:
        abort(404)
    services, now = services_of_request(), now_of_request()
    obstacle = way.obstacle(services.settings)
    if obstacle:
        flash(_(obstacle), "bad")
        return redirect(url_for("notifications.page"))
    with services.database.session() as db:
        subject = f"test/{current_user.id}"
        last = last_about(db, subject)
        if last is not None and now - last.created_at < TEST_PAUSE:
            flash(_("A test message went out a moment ago. Please wait a little."), "bad")
            return redirect(url_for("notifications.page"))
        targets = way.targets(db, db.get_one(User, current_user.id))
        for target in targets:
            enqueue(db, DELIVER_JOB, _delivery(name, target), now, subject=subject)
    if targets:
        flash(_("A test message is on its way. If none comes, the page “Server” says why."), "good")
    else:
        flash(_("No browser of yours shows messages yet."), "bad")
    return redirect(url_for("notifications.page"))


@blueprint.post("/browsers")
@login_required
def add_browser() -> ResponseReturnValue:
    """Take the subscription of a browser whose person allowed messages."""
    told = request.get_json(silent=True)
    try:
        with services_of_request().database.session() as db:
            subscribe(db, current_user.id, told, _browser_name(), now_of_request())
            _own_rules(db)
    except Unfit as error:
        services_of_request().event_log.warn("push-refused", user=current_user.id, why=error)
        return jsonify({"text": _("This browser gave an address that no message can go to.")}), 422
    services_of_request().event_log.note("push-allowed", user=current_user.id)
    return jsonify({}), 201


@blueprint.post("/browsers/<int:browser>/remove")
@login_required
def remove_browser(browser: int) -> ResponseReturnValue:
    """Send no more messages to a browser."""
    with services_of_request().database.session() as db:
        row = db.get(PushSubscription, browser)
        if row is None or row.user_id != current_user.id:
            abort(404)
        db.delete(row)
    flash(_("That browser shows no messages any more."), "good")
    return redirect(url_for("notifications.page"))


# ------------------------------------------------------------------------------------- what the pages are made of


def _page(form: NotificationForm, is_new: bool = False) -> str:
    services = services_of_request()
    with services.database.read() as db:
        browsers = subscriptions_of(db, current_user.id)
    push = {
        "key": public_key(services.settings.push_key()),
        "address": url_for("notifications.add_browser"),
        "worker": url_for("static", filename="js/push/worker.js"),
        "csrf": generate_csrf(),
    }
    return render_template(
        "notify/notifications.html",
        form=form,
        kinds=kinds_for(current_user.is_admin),
        ways=personal_ways(),
        obstacles={way.name: way.obstacle(services.settings) for way in personal_ways()},
        browsers=browsers,
        page_data={"push": push, "zone_known": not is_new},
    )


def _own_rules(db: Any) -> NotificationRules:
    """Return the person's row, in their language, with the address at which they found this server."""
    row = rules_of_person(db, current_user.id)
    if row is None:
        row = NotificationRules(user_id=current_user.id, ways={}, zone="UTC")
        db.add(row)
    row.locale, row.site = str(get_locale())[:8], request.url_root.rstrip("/")[:255]
    return row


def _delivery(way: str, target: Mapping[str, Any]) -> dict[str, Any]:
    return {"way": way, "target": target, "message": _test_message().payload()}


def _test_message() -> Message:
    now = services_of_request().clock.now()
    link = url_for("notifications.page", _external=True)
    return Message(id=identity([current_user.id, now]), subject="Examonitor", lines=(_(TEST),), link=link, why=_(WHY))


def _browser_name() -> str:
    """Return what the person knows the browser by."""
    agent = request.user_agent.string
    parts = [next((name for sign, name in signs if re.search(sign, agent)), "") for signs in (BROWSERS, SYSTEMS)]
    return " · ".join(part for part in parts if part)

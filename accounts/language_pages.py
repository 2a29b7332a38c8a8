"""Choosing a language, and the texts of the pages' JavaScript in it."""

from flask import Blueprint, abort, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from accounts.languages import COOKIE, LANGUAGES, catalogue
from accounts.safe_paths import local_path

blueprint = Blueprint("languages", __name__)
A_YEAR_S = 365 * 24 * 3600


@blueprint.post("/language")
def choose() -> ResponseReturnValue:
    """Remember the language of this browser and go back to the page it was chosen on."""
    chosen = request.form.get("locale", "")
    answer = redirect(local_path(request.form.get("next"), "/"))
    if chosen in LANGUAGES:
        answer.set_cookie(COOKIE, chosen, max_age=A_YEAR_S, httponly=True, samesite="Lax", secure=request.is_secure)
    return answer


@blueprint.get("/i18n/<locale>.json")
def texts(locale: str) -> ResponseReturnValue:
    """Give the JavaScript of a page its translations."""
    if locale not in LANGUAGES:
        abort(404)
    answer = jsonify(catalogue(locale))
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    return answer.make_conditional(request)

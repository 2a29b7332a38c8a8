"""The demonstration's own front door: one signed link that lets the teacher in once; no other command has it."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user
from itsdangerous import BadSignature, URLSafeTimedSerializer

from accounts.sessions import account_of
from rooms.pages.services import services_of_request
from store.users import User

GOOD_FOR_S = 600
SALT = "examonitor-demo"


class Entrance:
    """Makes the link and knows whether it was used."""

    def __init__(self, secret: str, user_id: int, room_id: str) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt=SALT)
        self._who = user_id
        self.room_id = room_id
        self._is_used = False

    def path(self) -> str:
        """Return the address that signs the teacher in."""
        return f"/demo/{self._signer.dumps(self._who)}"

    def use(self, token: str) -> int | None:
        """Return who may come in with this token, the first time it is shown and never again."""
        try:
            who = self._signer.loads(token, max_age=GOOD_FOR_S)
        except BadSignature:
            return None
        if self._is_used:
            return None
        self._is_used = True
        return int(who)


def make_blueprint(entrance: Entrance) -> Blueprint:
    """Return the one page of the demonstration."""
    blueprint = Blueprint("demo", __name__)

    @blueprint.get("/demo/<token>")
    def come_in(token: str) -> ResponseReturnValue:
        """Sign the teacher in and show the room; a link that was used or is too old leads to the log-in."""
        services = services_of_request()
        who = entrance.use(token)
        with services.database.read() as session:
            person = session.get(User, who) if who is not None else None
        if person is None:
            services.event_log.warn("refused", page="demo", why="link_used_or_invalid")
            return redirect(url_for("accounts.log_in"))
        login_user(account_of(person))
        return redirect(f"/rooms/{entrance.room_id}")

    return blueprint

"""The forms of the account pages: what is asked; users.py and passwords.py decide whether the answer is good."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import DataRequired

from accounts.passwords import LEAST

NEEDED = DataRequired(_("Please fill this in."))
NEW_PASSWORD = {"autocomplete": "new-password", "minlength": LEAST, "required": True}


class LogInForm(FlaskForm):
    """E-mail and password."""

    email = EmailField(_("E-mail"), [NEEDED], render_kw={"autocomplete": "username", "maxlength": 254})
    password = PasswordField(_("Password"), [NEEDED], render_kw={"autocomplete": "current-password"})


class RegisterForm(FlaskForm):
    """A new account."""

    name = StringField(_("Your name"), [NEEDED], render_kw={"autocomplete": "name", "maxlength": 60})
    email = EmailField(_("E-mail"), [NEEDED], render_kw={"autocomplete": "username", "maxlength": 254})
    password = PasswordField(_("Password"), [NEEDED], render_kw=NEW_PASSWORD)


class NameForm(FlaskForm):
    """The name that others see."""

    name = StringField(_("Your name"), [NEEDED], render_kw={"autocomplete": "name", "maxlength": 60})


class PasswordForm(FlaskForm):
    """A new password, confirmed by the old one."""

    current = PasswordField(_("Current password"), [NEEDED], render_kw={"autocomplete": "current-password"})
    password = PasswordField(_("New password"), [NEEDED], render_kw=NEW_PASSWORD)

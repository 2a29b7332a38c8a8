"""The kind of alert that a teacher raises by hand, and its words: no rule of the program concluded it."""

from core.text_keys import N_

FLAGGED = "FLAGGED"
LABEL = N_("Flagged by a teacher")
TEXT = N_("%(by)s flagged this student: something was seen that a person should look at.")

import pytest

from core.errors import NotAllowed
from rooms.protocol.tickets import Ticket, Tickets


def test_a_ticket_says_who_it_was_issued_to() -> None:
    tickets = Tickets("secret")
    assert tickets.read(tickets.issue_student("r1", "p1"), "student") == Ticket("student", "r1", "p1", 0)
    assert tickets.read(tickets.issue_teacher("r1", 7, 3), "teacher") == Ticket("teacher", "r1", "7", 3)


def test_a_students_ticket_opens_no_teachers_page() -> None:
    tickets = Tickets("secret")
    with pytest.raises(NotAllowed) as refused:
        tickets.read(tickets.issue_student("r1", "p1"), "teacher")
    assert refused.value.code == "ticket_invalid"


@pytest.mark.parametrize("forged", [None, 7, "", "x.y.z", b"bytes", {"ticket": "x"}, ["student"], "é" * 9000])
def test_what_is_no_ticket_is_refused(forged: object) -> None:
    with pytest.raises(NotAllowed) as refused:
        Tickets("secret").read(forged, "student")
    assert refused.value.code == "ticket_invalid"


def test_a_ticket_of_another_server_is_refused() -> None:
    with pytest.raises(NotAllowed):
        Tickets("secret").read(Tickets("other").issue_student("r1", "p1"), "student")


def test_an_old_ticket_says_that_it_expired() -> None:
    old = Tickets("secret", lifetime_s=-1)
    with pytest.raises(NotAllowed) as refused:
        old.read(old.issue_student("r1", "p1"), "student")
    assert refused.value.code == "ticket_expired"

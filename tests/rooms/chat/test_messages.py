import threading

import pytest

from core.errors import UserError
from rooms.chat.messages import keep_message, make_message
from store.messages import MOST_BYTES, Message, messages_for_student, messages_for_teachers
from tests.rooms.stage import START, Stage


def make(client_id: str = "c1", to: tuple[str, str | None] = ("teachers", None), text: str = "Hello") -> Message:
    return make_message("r1", client_id, ("student", "p1", "Zoé"), to, text, START)


def test_the_same_client_id_is_kept_once(stage: Stage) -> None:
    first, is_new = keep_message(stage.database, make())
    again, is_new_again = keep_message(stage.database, make(text="something else"))
    assert (is_new, is_new_again) == (True, False)
    assert (again.id, again.text) == (first.id, "Hello")


def test_two_connections_that_send_at_once_keep_one(stage: Stage) -> None:
    kept: list[tuple[int, bool]] = []

    def send() -> None:
        message, is_new = keep_message(stage.database, make())
        kept.append((message.id, is_new))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({who for who, _ in kept}) == 1
    assert sum(is_new for _, is_new in kept) == 1


def test_a_message_to_somebody_of_another_room_is_refused(stage: Stage) -> None:
    with pytest.raises(UserError) as refused:
        keep_message(stage.database, make(to=("student", "stranger")))
    assert refused.value.code == "unknown_participant"


def test_each_student_sees_own_and_common_messages_in_order(stage: Stage) -> None:
    zoe, ali = stage.student("Zoé"), stage.student("Ali")
    for number, to in enumerate([("student", zoe.id), ("student", ali.id), ("all", None), ("teachers", None)]):
        sender = ("teacher", "1", "Ana")
        keep_message(stage.database, make_message("r1", f"c{number}", sender, to, f"m{number}", START))
    with stage.database.read() as session:
        assert [m.text for m in messages_for_student(session, "r1", zoe.id).messages] == ["m0", "m2"]
        assert [m.text for m in messages_for_student(session, "r1", ali.id).messages] == ["m1", "m2"]
        assert [m.text for m in messages_for_teachers(session, "r1").messages] == ["m0", "m1", "m2", "m3"]


def test_a_page_has_a_size_and_pages_follow_each_other_without_a_gap(stage: Stage) -> None:
    with stage.database.session() as session:
        session.add_all(make(f"c{number}", text="😀" * 1000) for number in range(250))
    with stage.database.read() as session:
        page, seen = messages_for_teachers(session, "r1"), 0
        assert 25 < len(page.messages) < 33
        while page.more:
            seen += len(page.messages)
            first = page.messages[0].id
            page = messages_for_teachers(session, "r1", before=first)
            assert page.messages[-1].id == first - 1
    assert seen + len(page.messages) == 250


def test_an_ordinary_page_has_two_hundred_and_the_last_says_so(stage: Stage) -> None:
    with stage.database.session() as session:
        session.add_all(make(f"c{number}") for number in range(201))
    with stage.database.read() as session:
        assert [len(messages_for_teachers(session, "r1").messages), messages_for_teachers(session, "r1").more] == [
            200,
            True,
        ]
        assert not messages_for_teachers(session, "r1", after=1).more
        assert len(messages_for_teachers(session, "r1", before=2).messages) == 1


def test_one_message_fits_however_large(stage: Stage) -> None:
    keep_message(stage.database, make(text="x" * (MOST_BYTES + 1)))
    with stage.database.read() as session:
        assert len(messages_for_teachers(session, "r1").messages) == 1

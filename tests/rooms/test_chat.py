import threading

import pytest

from core.errors import UserError
from rooms.chat import keep_message, make_message
from store.messages import Message, messages_for_student, messages_for_teachers
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
    assert refused.value.code == "unknown_person"


def test_each_student_sees_own_and_common_messages_in_order(stage: Stage) -> None:
    zoe, ali = stage.student("Zoé"), stage.student("Ali")
    for number, to in enumerate([("student", zoe.id), ("student", ali.id), ("all", None), ("teachers", None)]):
        sender = ("teacher", "1", "Ana")
        keep_message(stage.database, make_message("r1", f"c{number}", sender, to, f"m{number}", START))
    with stage.database.read() as session:
        assert [m.text for m in messages_for_student(session, "r1", zoe.id)] == ["m0", "m2"]
        assert [m.text for m in messages_for_student(session, "r1", ali.id)] == ["m1", "m2"]
        assert [m.text for m in messages_for_teachers(session, "r1")] == ["m0", "m1", "m2", "m3"]

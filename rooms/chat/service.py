"""The chat of a room: keeps each message once, sends it to whom it is for, and gives back what a page missed."""

from datetime import UTC, datetime

from rooms.chat.messages import TO_ALL, TO_STUDENT, TO_TEACHERS, keep_message, make_message
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom, TeacherLink
from rooms.live.participant import Student
from rooms.live.views import history_view, message_view
from rooms.protocol.objects import HistoryView, MessageView
from rooms.protocol.payload_checks import ChatParts
from store.messages import Message, messages_for_student, messages_for_teachers


class ChatService:
    """Serves the channels of students and of teachers alike."""

    def __init__(self, context: RoomContext) -> None:
        self._database = context.database
        self._directory = context.directory
        self._broadcaster = context.broadcaster
        self._event_log = context.event_log
        self._clock = context.clock

    def from_student(self, participant: Student, said: ChatParts) -> MessageView:
        """Keep a student's message to the teachers, send it on if it is new, and return its view."""
        sender = "student", participant.id, participant.name
        draft = make_message(participant.room, said.client_id, sender, (TO_TEACHERS, None), said.text, self._now())
        message, is_new = keep_message(self._database, draft)
        room = self._directory.room(participant.room)
        if is_new and room is not None:
            self._note(room, message)
            self._send(room, message)
        return message_view(message)

    def from_teacher(
        self, room: LiveRoom, link: TeacherLink, said: ChatParts, to: tuple[str, str | None]
    ) -> MessageView:
        """Keep a teacher's message, send it to whom it is for if it is new, and return its view.

        Raises:
            UserError: `unknown_participant` when it is to nobody in the room, `room_ended` when that is deleted.
        """
        sender = "teacher", str(link.person), link.name
        draft = make_message(room.id, said.client_id, sender, to, said.text, self._now())
        message, is_new = keep_message(self._database, draft)
        if is_new:
            self._note(room, message)
            self._send(room, message)
        return message_view(message)

    def history_of_student(self, participant: Student, after: int, before: int | None) -> HistoryView:
        """Return the messages that a student's page may have missed."""
        with self._database.read() as session:
            found = messages_for_student(session, participant.room, participant.id, after, before=before)
        return history_view(found)

    def history_of_teachers(self, room: LiveRoom, after: int, before: int | None) -> HistoryView:
        """Return the messages that a teacher's page may have missed."""
        with self._database.read() as session:
            found = messages_for_teachers(session, room.id, after, before=before)
        return history_view(found)

    def _note(self, room: LiveRoom, message: Message) -> None:
        told = {"sender": message.sender_name, "to": message.to_kind, "length": len(message.text)}
        self._event_log.note("message", room=room.code, **told)

    def _send(self, room: LiveRoom, message: Message) -> None:
        view = message_view(message)
        self._broadcaster.to_teachers(room, "chat", view)
        if message.to_kind == TO_ALL:
            self._broadcaster.to_students(room, "chat", view)
        elif message.to_kind == TO_STUDENT:
            self._broadcaster.to_participant(room.students[str(message.to_id)], "chat", view)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now(), UTC)

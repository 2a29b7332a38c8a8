"""One file for each kind of client; CHANNELS is the list that create_app registers."""

from rooms.channels.phone import PhoneChannel
from rooms.channels.student import StudentChannel
from rooms.channels.teacher import TeacherChannel

CHANNELS = (StudentChannel, TeacherChannel, PhoneChannel)

"""What remains of an exam: reports of a room and of each student, made from what the database keeps."""

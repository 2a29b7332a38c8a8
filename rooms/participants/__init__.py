"""Coming, going and being admitted: students, teachers, phones, and the life of a live room."""

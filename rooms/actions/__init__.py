"""What teachers do about one student: pause, lock, extra time, the end of an exam, and flags raised by hand."""

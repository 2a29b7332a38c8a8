"""Pages of what is over: reports, evidence, and the exams of the whole school."""

"""`python -m bench.desk`: the teacher's desk with 200 students, from alerts to incidents, verdicts and evidence."""

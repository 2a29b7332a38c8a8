"""The process that does slow work: it takes jobs from the outbox, so that nobody waits for them in the web process."""

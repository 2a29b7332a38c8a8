"""What phones and microphones measure: batches of readings in, observations out, in a process of its own."""

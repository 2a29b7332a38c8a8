"""One live exam room: who takes part, what they send, what teachers are told, and the pages around it."""

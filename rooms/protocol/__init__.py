"""What crosses a room's sockets: events, limits, tickets, and cleaning of typed text."""

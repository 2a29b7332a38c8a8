"""People and their rights: sign up, log in, passwords, invitations, roles."""

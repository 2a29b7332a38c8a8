"""A room and its participants in the database: settings, forms, exam paper, states."""

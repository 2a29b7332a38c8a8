"""How a database is opened, brought up to date and kept clean: SQLite's own needs and the migrations."""

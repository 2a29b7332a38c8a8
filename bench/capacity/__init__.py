"""How many students a machine carries: `python app.py capacity`."""

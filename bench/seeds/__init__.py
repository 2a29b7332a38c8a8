"""How many students two simple monitors carry, beside ours."""

"""Who is here now and what each of them may see: directory, views, broadcaster, grid, capture plan."""

"""Pure measures of what was seen: directions, objects, scenes, stillness, the two scores."""

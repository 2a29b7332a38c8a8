"""The pages on which people say what they wish to be told, and administrators whom the server tells."""

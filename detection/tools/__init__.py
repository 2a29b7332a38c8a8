"""Commands around detection: analyse, replay, and training the arm's model."""

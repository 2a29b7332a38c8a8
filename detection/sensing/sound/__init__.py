"""Microphones: speech, utterances, words and phrases."""

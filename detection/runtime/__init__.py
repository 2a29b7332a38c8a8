"""Observations in, alerts out: the runtime around the engine, the judge and its memories."""

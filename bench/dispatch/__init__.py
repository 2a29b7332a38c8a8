"""The way of a picture to an analysis worker on another machine."""

"""A capsule as one video that any browser and player shows; made when it is asked for and kept nowhere."""

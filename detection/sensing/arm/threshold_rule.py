"""The threshold rule of the project's first version, kept beside the model as the baseline that it must beat.

A reading was taken for cheating where x and y were both above 3.5, or x + y + z above 30 (m/s2 with gravity, as the
sensor gives them; the text beside the code said 25). It looks at single readings of a phone that may lie in any way,
so gravity alone can trip it, whichever way the arm rests.
"""

from detection.sensing.arm.motion import Floats

EACH, TOGETHER = 3.5, 30.0  # m/s2
MOST_OF = 0.5  # share of a window's readings from which on the window is taken for cheating


def share_of(values: Floats) -> float:
    """Return the share of readings (x, y, z in m/s2 with gravity) that the rule takes for cheating; 0 of none."""
    if not len(values):
        return 0.0
    told = ((values[:, 0] > EACH) & (values[:, 1] > EACH)) | (values.sum(axis=1) > TOGETHER)
    return float(told.mean())

"""docs/accuracy.md: what was measured, with which models, against which goals, and what it does not say."""

from detection.models import exported
from detection.models.shelf import ModelShelf, sha256_of
from evaluation.figures.report import machine, table
from evaluation.figures.section import Section
from evaluation.goals import missed as goals_missed
from evaluation.goals import rows as goal_rows
from evaluation.run import Measured

HEAD = """# How right it is

Measured on labelled pictures and clips with `python -m evaluation --write docs/accuracy.md`; run it on pictures of
your own, in folders with the same `labels.csv`, by `--media DIR`. Each figure is followed by the interval that would
hold it in 95 of 100 draws of as many pictures like these: Wilson's for shares, drawing again for F1, means and areas
(where an F1 is perfect, that of the lower ends of precision and recall; a perfect area has no honest lower end).

{machine}.
"""

LIMITS = """## What these numbers do not say

- There are few pictures: with {fewest} of them a perfect score still leaves an interval of a dozen points. Read the
  intervals, not the middle.
- These were tuned on pictures of these very folders: the scores of faces and phones, the coarse head pose, the gaze's
  constants, identity distances, picture states. What was tuned on a picture is flattered by it; other rooms, cameras
  and phones will do worse. "Tuned without a source" says how much worse where sources can be left out.
- Phones were looked for with limits that these pictures helped to choose. On sources that nothing was chosen by, the
  same model ranks pictures with a phone far worse: see [phone-model.md](phone-model.md).
- Many pictures are no exam pictures: press photos, street scenes, web thumbnails. Head poses have exact angles for
  {posed} pictures only, photos of the AFLW2000 set, not of webcams.
- "After confirmation" repeats one photo with the shake, noise and light of a webcam. It shows that the rules hold a
  fact that is there and let go of one that is not; it does not show somebody who moves through a whole exam.
- The bands of a face's lightness mix skin with light. They are measured for this table alone; nothing of the kind is
  computed or kept for a student. Too few pictures lie in the dark band to rule out a difference.
- Identity was measured mostly on press photos, and with nobody who looked like, or tried to be, someone else.
- A face that does not move at all for 75 seconds is suspected to be a photo (`measures/test_stillness.py`). The
  four living people of the clips sway by 0.146 of their contrast or more within 8 to 15 seconds; the limit is 0.045.
  Of 25 photos with noise of 3 to 10 grey levels, compressed anew, 19 to 24 were found at 320 pixels wide and 24 at
  640. Four people are few, and none sat for an hour. A photo that is moved about by hand is not found.
- Times are of one machine that had other work; compare them within the table only.
"""

FILES = """## Look at files of your own

`python app.py analyse FILE... [--enrolled PHOTO] [--json] [--annotated DIR] [--every SECONDS]` runs the live pipeline
on pictures and videos; `python app.py replay CLIP... [--preset NAME] [--set KIND.SETTING=VALUE]` also runs the rules
and prints the alerts with their times, so that a threshold can be tried on a recording. `--channel head` or `room` has
both read the files as those of a student's phone. With `--json`, `analyse` prints
one line for each picture or sampled frame:

| key | what |
| --- | --- |
| file, at | the file as it was named; seconds from its start |
| picture | state (ok, dark, overexposed, blurred, covered), luminance (0 to 255), blur (low is blurred) |
| faces | box [x, y, width, height] and score of each, surest first |
| head | yaw, pitch, roll of the largest face in degrees; null without one |
| gaze | x, y of the eyes within the head, -1 to 1; null where it is not known |
| identity | distance to the enrolled face and match (yes, no, unsure); null without `--enrolled` |
| objects | label, box and score of each |
| attention | 0 to 100, smoothed over the file; null before anything could be judged and without a face |

Boxes are pixels of the original file, upright as its EXIF says. Yaw is positive when the face is turned towards the
left side of the picture, pitch when it is turned upwards. A file that cannot be read is an error line and, at the end,
exit status 1; the rest is still done.
"""


def body(told: Measured) -> str:
    """Return goals and tables."""
    parts = [goals(told).text(), *(section.text() for section in told.sections if section.rows)]
    return "\n".join(parts)


def goals(told: Measured) -> Section:
    """Return goals against what was reached."""
    figures = told.figures()
    said = ["Kept by the interval too: even the worse end of the interval keeps the goal."]
    said += [f"Without {name}: its model was not there." for name in told.missing]
    said += [f"Missed: {sentence}" for sentence in goals_missed(figures)]
    return Section("Goals", ("", "goal", "reached", "kept"), goal_rows(figures), "\n\n".join(said))


def page(told: Measured, shelf: ModelShelf) -> str:
    """Return the whole page."""
    counts = [figure.count for figure in told.figures().values() if figure.count]
    posed = told.figures()["yaw error all"].count if "yaw error all" in told.figures() else 0
    parts = [
        HEAD.format(machine=machine()),
        body(told),
        models(shelf),
        LIMITS.format(fewest=min(counts, default=0), posed=posed),
        FILES,
    ]
    return "\n".join(parts)


def models(shelf: ModelShelf) -> str:
    """Return which model files were measured."""
    there = [status.model for status in shelf.status() if status.path]
    lines = [[model.name, model.file, f"{model.sha256[:16]}…"] for model in there]
    if exported.shipped() is not None:
        lines.append([exported.SHIPPED.name, "model.xml", f"{sha256_of(exported.SHIPPED / 'model.xml')[:16]}…"])
    if made := exported.find_first(shelf.places, "yolo_phone"):
        lines.append(["yolo_phone", f"made here from {made.weights}, {made.precision}", ""])
    return "## Models\n\n" + table(("model", "file", "sha256"), lines) + "\n"

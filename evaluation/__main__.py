"""`python -m evaluation [--media DIR] [--json] [--write docs/accuracy.md] [--keep FILE]`."""

import argparse
from pathlib import Path

import cv2

from detection.models.shelf import ModelShelf
from evaluation import baseline, report_page
from evaluation.figures.labelled_data import media_folder
from evaluation.figures.report import show
from evaluation.run import measure
from settings import load_settings


def main() -> None:
    """Measure all, print it, and write what was asked for."""
    options = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    options.add_argument("--media", type=Path, help="folder of labelled pictures (EXAM_MEDIA_DIR, ../shared/media)")
    options.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    options.add_argument("--write", type=Path, metavar="PAGE", help="write the page for docs/")
    options.add_argument("--keep", action="store_true", help="keep the figures for the test that compares later ones")
    chosen = options.parse_args()
    cv2.setNumThreads(1)
    settings = load_settings()
    shelf = ModelShelf(settings.model_cache(), settings.model_folders(), face_runtime=settings.face_runtime)
    media = chosen.media or media_folder()
    if not media.is_dir():
        options.error(f"no folder at {media}")
    told = measure(shelf, media)
    text = report_page.body(told)
    if chosen.write:
        chosen.write.write_text(report_page.page(told, shelf), encoding="utf-8")
    if chosen.keep:
        baseline.keep(told.figures())
    show(told.report(), text, chosen.json)


if __name__ == "__main__":
    main()

"""Ends with a clear line when Python is too old or cannot make virtual environments. Runs on any Python 3."""

import importlib.util
import sys

if sys.version_info < (3, 11):
    found = "%d.%d" % sys.version_info[:2]
    sys.exit("Examonitor needs Python 3.11 or newer, this is %s. Name another one: make PYTHON=python3.12" % found)
if importlib.util.find_spec("ensurepip") is None:
    sys.exit("This Python cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv")

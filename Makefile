# Examonitor. `make` alone lists what it can do.
#
# Work that was done before is remembered by stamp files, so a second start touches neither the package index nor npm.

PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
STAMPS := $(VENV)/.stamps
PIP    := $(PY) -m pip --disable-pip-version-check install -q
VENDOR := static/vendor/.stamp
NODE   := $(PY) -m tools.node node

# HOST, PORT and TLS count only on the command line: shells and package managers export a HOST of their own
given   = $(if $(filter command,$(firstword $(origin $(1)))),$($(1)))
SERVER := $(if $(call given,HOST),--host $(call given,HOST)) $(if $(call given,PORT),--port $(call given,PORT)) \
	$(if $(filter-out 0 no,$(call given,TLS)),--tls)

CATALOGUES := $(wildcard translations/*/LC_MESSAGES/*.po)
JS_TESTS    = $(shell find tests/js -name '*.test.js' 2>/dev/null)
COMPILE     = CUSTOM_COMPILE_COMMAND="make lock" $(PY) -m piptools compile -q --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help run demo check test lint types test-js test-unit test-py test-browser bench fmt clean translations lock ready extension models programs FORCE

help: ## list what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

# ------------------------------------------------------------------------------------------ for everyone

run: ready ## start the server (HOST=0.0.0.0 PORT=5000 TLS=1 when others shall join)
	@$(PY) app.py $(SERVER)

demo: ready ## start it with a room of nine simulated students and a teacher signed in
	@$(PY) app.py demo $(SERVER)

clean: ## remove what was built; keeps the data of the server
	rm -rf $(VENV) node_modules static/vendor build cy_frame.c cy_frame.*.so *.egg-info
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis translations/*/LC_MESSAGES/*.mo
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ------------------------------------------------------------------------------------------ for contributors

check: $(STAMPS)/dev node_modules/.stamp ready lint types test-js test-unit ## while you write: linters, types, unit tests, JavaScript

test: ## everything that must hold: linters, types, tests, real browser
test: programs $(STAMPS)/dev ready lint types test-js test-py test-browser

lint: $(STAMPS)/dev ## ruff: rules and format
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: $(STAMPS)/dev node_modules/.stamp ## mypy for Python, tsc for JavaScript
	$(PY) -m mypy
	$(NODE) node_modules/typescript/bin/tsc --noEmit

test-js: $(STAMPS)/dev ## JavaScript tests on Node.js
	$(if $(JS_TESTS),$(NODE) --test $(JS_TESTS))

test-unit: $(STAMPS)/dev ready ## Python tests that need no whole server, no real media and no long run
	$(PY) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "not browser and not slow and not media"

test-py: $(STAMPS)/dev ready ## Python tests without the browser
	$(PY) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "not browser"

test-browser: $(STAMPS)/dev node_modules/.stamp ready ## tests that drive a real Chromium
	$(PY) -m pytest -q -m browser

bench: $(STAMPS)/dev ready ## the benchmarks, one table each
	$(PY) -m bench.frameops
	$(PY) -m bench.relay

fmt: $(STAMPS)/dev ## format the Python code and mend what ruff can mend
	$(PY) -m ruff check --fix-only -q .
	$(PY) -m ruff format .

# marks texts: t() in JavaScript, N_() and the second argument of our errors, which are translated where they are shown
KEYWORDS = t lazy_gettext UserError:2 NotAllowed:2 ProtocolError:2 Busy:2

translations: $(STAMPS)/dev ## collect the texts into every language's catalogue (NEW=de begins another language)
	@mkdir -p translations
	$(VENV)/bin/pybabel -q extract -F babel.cfg $(addprefix -k ,$(KEYWORDS)) --no-wrap --sort-by-file --add-location=file \
		--project Examonitor -o translations/messages.pot .
	$(if $(NEW),$(VENV)/bin/pybabel -q init -i translations/messages.pot -d translations -l $(NEW) --no-wrap)
	$(VENV)/bin/pybabel -q update -i translations/messages.pot -d translations --no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

lock: $(STAMPS)/dev ## pin the newest allowed version of every dependency
	$(COMPILE) --upgrade -o requirements/runtime.txt requirements/runtime.in requirements/build.in
	$(COMPILE) --upgrade -o requirements/dev.txt requirements/dev.in
	$(PY) -m tools.node npm update --package-lock-only --loglevel=error

# ------------------------------------------------------------------------------------------ getting ready

ready: $(STAMPS)/runtime extension $(VENDOR) $(STAMPS)/translations models

programs: $(STAMPS)/runtime
	@$(PY) -m tools.programs compiler graphics chromium ffmpeg redis

# a .venv whose Python is gone (the system was upgraded) is made anew
$(STAMPS)/venv: $(if $(shell test -x $(PY) && echo there),,FORCE)
	@$(PYTHON) tools/python_version.py
	@test -x $(PY) || $(PYTHON) -m venv --clear $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/runtime: $(STAMPS)/venv requirements/runtime.txt
	@echo "Installing the pinned dependencies into $(VENV) (about 300 MB the first time)."
	@$(PIP) -r requirements/runtime.txt
	@$(PY) -m tools.programs graphics
	@touch $@

$(STAMPS)/dev: $(STAMPS)/runtime requirements/dev.txt
	@echo "Installing what contributors need into $(VENV)."
	@$(PIP) -r requirements/dev.txt
	@touch $@

# optional for people: what could not be built is said, and tried again at the next start
extension: $(STAMPS)/runtime
	@test $(STAMPS)/extension -nt cy_frame.pyx -a $(STAMPS)/extension -nt setup.py || \
		if $(PY) -m tools.extension; then touch $(STAMPS)/extension; else test "$$BUILD_EXTENSION" != yes; fi

$(VENDOR): $(STAMPS)/venv package-lock.json tools/vendor.py
	@$(PY) -m tools.vendor
	@touch $@

node_modules/.stamp: $(STAMPS)/venv package-lock.json
	@$(PY) -m tools.node npm ci --ignore-scripts --loglevel=error
	@touch $@

$(STAMPS)/translations: $(STAMPS)/runtime $(CATALOGUES)
	@$(if $(CATALOGUES),$(VENV)/bin/pybabel -q compile -d translations)
	@touch $@

# a model that cannot be fetched costs its detector, never the start; what failed is tried again after a day
models: $(STAMPS)/runtime
	@test $(STAMPS)/models -nt detection/models/models.toml \
		|| test -n "$$(find $(STAMPS)/models-tried -newer detection/models/models.toml -mmin -1440 2>/dev/null)" \
		|| if $(PY) -W ignore app.py models fetch; then touch $(STAMPS)/models; else touch $(STAMPS)/models-tried; \
		echo "The server starts without what is missing. To try again: $(PY) app.py models fetch"; fi

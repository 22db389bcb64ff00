# Two commands matter: `make demo` and `make test`. Each builds .venv the first time.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

.PHONY: demo test lint types tests-of-the-store tests-of-the-cogs tests-of-the-rest run figures screenshots catalogues clean

demo: $(VENV)/.demo
	@$(BIN)/python -m bot demo $(ARGS)

ifdef ARGS
test: lint types
	$(BIN)/python -m pytest -v --durations=5 $(ARGS)
else
test: lint
	@$(MAKE) --no-print-directory -j3 types tests-of-the-store tests-of-the-cogs tests-of-the-rest
endif

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test
	$(BIN)/mypy

# Side by side: two cores, and what mostly waits for processes and signals.
tests-of-the-store: $(VENV)/.test
	$(BIN)/python -m pytest -q --durations=5 -p no:cacheprovider tests/store

tests-of-the-cogs: $(VENV)/.test
	$(BIN)/python -m pytest -q --durations=5 -p no:cacheprovider tests/cogs

tests-of-the-rest: $(VENV)/.test
	$(BIN)/python -m pytest -q --durations=5 -p no:cacheprovider --ignore tests/store --ignore tests/cogs

run: $(VENV)/.run
	@$(BIN)/python -m bot run $(ARGS)

# Needs ../shared or a folder of transcripts in ARGS.
figures: $(VENV)/.test
	@$(BIN)/python -m tests.bench figures $(ARGS)

# Needs Chromium and fonts with Japanese characters.
screenshots: $(VENV)/.test
	@$(BIN)/python -m tests.screenshots docs $(ARGS)

# Brings cogs/locales/*.po up to date with the sentences in the code.
catalogues: $(VENV)/.test
	@$(BIN)/python -m tests.cogs.locales.messages

$(VENV)/bin/python:
	@echo "Creating $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing Verbatim into $(VENV) …"
	@$(PIP) --editable .
	@touch $@

$(VENV)/.demo: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing Verbatim and its simulated Discord into $(VENV) …"
	@$(PIP) --editable '.[demo]'
	@touch $@

$(VENV)/.test: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing Verbatim and its tests into $(VENV) …"
	@$(PIP) --editable '.[test]'
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

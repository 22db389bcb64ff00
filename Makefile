# Two commands matter: `make demo` and `make test`. Each builds .venv the first time.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

.PHONY: demo test run figures screenshots clean

demo: $(VENV)/.demo
	@$(BIN)/python -m bot demo $(ARGS)

test: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -v --durations=5 $(ARGS)

run: $(VENV)/.run
	@$(BIN)/python -m bot run $(ARGS)

# Needs ../shared or a folder of transcripts in ARGS.
figures: $(VENV)/.test
	@$(BIN)/python -m tests.bench figures $(ARGS)

# Needs Chromium and fonts with Japanese characters.
screenshots: $(VENV)/.test
	@$(BIN)/python -m tests.screenshots docs $(ARGS)

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

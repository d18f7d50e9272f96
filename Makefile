# Two commands do everything on a machine with Python 3.11, pip and git: make run, make test.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3 python; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)
RUN = $(PYTHON) tools/with_deps.py
DEV = $(PYTHON) tools/with_deps.py --dev

.PHONY: run test test-long coverage lint bench bench-people wheel offline templates clean-deps

run: ## set up, put a sample district into an empty inbox, run the night, say where to look
	@$(RUN) tools/make_run.py

test: ## set up and run the tests (those that need LibreOffice or Chromium skip, loudly, without them)
	@$(DEV) -m pytest -n 2 --dist worksteal -m "not long"

test-long: ## the long suites: mutation of the corpus, big districts, all kill points
	@$(DEV) -m pytest -n 2 -m long

coverage: ## the tests once more, slower: which lines and branches they reach
	@$(DEV) -m pytest -n 2 -m "not long" --cov --cov-report=term-missing:skip-covered

lint: ## ruff and mypy
	@$(DEV) -m ruff check . && $(DEV) -m ruff format --check . && $(DEV) -m mypy

bench: ## ratios in one run: our night, the floor, a straightforward script
	@$(DEV) tools/bench.py

bench-people: ## matching of people beside Splink 5 and recordlinkage on labelled rows (makes their environments once)
	@$(DEV) tools/bench_people.py

wheel: ## a wheel that carries schemas/ and templates/
	@$(DEV) -m hatchling build -t wheel

offline: ## the zip for a Windows office: make offline EMBED=python-3.11.x-embed-amd64.zip (from python.org)
	@$(RUN) tools/make_offline.py --python "$(EMBED)"

templates: ## rebuild the Word templates from their source
	@$(DEV) tools/make_docx_templates.py

clean-deps:
	rm -rf .venv .deps

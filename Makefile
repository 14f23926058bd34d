# Everything runs in .venv, made from the lock files: with uv when it is there, with venv and pip else.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo run test check bench lock clean

demo: .venv/.run
	@$(BIN)/watcher demo

run: .venv/.run
	@$(BIN)/watcher run

test: .venv/.dev
	$(BIN)/pytest -q -n 3 --dist worksteal

check: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -q tests/test_architecture.py

bench: .venv/.dev
	@for script in bench/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

# New pins for everything (needs uv and a package index).
lock:
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --upgrade \
		--extra build --extra attachments --extra postgres pyproject.toml -o requirements.lock
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --upgrade \
		--extra build --extra dev pyproject.toml -o requirements-dev.lock

.venv/.run: pyproject.toml requirements.lock
	@./deploy/install requirements.lock
	@touch $@

.venv/.dev: pyproject.toml requirements-dev.lock
	@./deploy/install requirements-dev.lock
	@touch $@ .venv/.run

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache

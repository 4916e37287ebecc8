# The commands of this project; `make help` lists them.
.PHONY: help run test check format demo bench pins
.DEFAULT_GOAL := help
export PORT ?= 8000

help: ## Show this list.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Start everything on this machine: make run PORT=8000 (Ctrl-C ends everything).
	@bin/run

test: ## All linters and all tests, as CI runs them.
	@bin/setup test
	@bin/check; checked=$$?; bin/test && exit $$checked

check: ## The linters alone.
	@bin/setup test
	@bin/check

format: ## Format Python and templates.
	@bin/setup test
	@.venv/bin/ruff check --fix-only --quiet . || true
	@.venv/bin/ruff format --quiet .
	@.venv/bin/djade --target-version 5.2 $$(find templates -name '*.html')

demo: ## Make the demo company anew; everything in the embedded database is lost.
	@bin/setup run
	@.venv/bin/python manage.py demo --anew

bench: ## Measure what the README promises; one JSON line for each figure.
	@bin/setup test
	@for script in bench/*.py; do .venv/bin/python "$$script" || exit 1; done

pins: ## Pin the newest allowed versions with their hashes.
	@bin/setup test
	@.venv/bin/uv pip compile --quiet --upgrade --universal --generate-hashes requirements.in -o requirements.txt
	@.venv/bin/uv pip compile --quiet --upgrade --universal --generate-hashes requirements-dev.in -o requirements-dev.txt

# Kith's commands. `make` alone lists them. Needs make and Python 3.11 or newer; everything else is fetched, by hash.

PYTHON ?= python3
BIN := .venv/bin
JOBS ?= 2

# The checks look at the code under the settings of a real practice; nothing connects to these addresses.
CHECKED_PLACE := \
	SECRET_KEY=only-for-the-checks-kR7vQ2mX9bT4nW8cZ5yD1fG6hJ3pL0sA \
	DATABASE_URL=postgresql://kith@127.0.0.1:1/kith \
	REDIS_URL=redis://127.0.0.1:1/0 \
	KITH_ENCRYPTION_KEYS=00000000000000000000000000000001:b25seS1mb3ItdGhlLWNoZWNrcy0wMTIzNDU2Nzg5MDE= \
	KITH_AUDIT_KEYS=00000000000000000000000000000002:b25seS1mb3ItdGhlLWNoZWNrcy0wMTIzNDU2Nzg5MDE= \
	DATA_DIR=/nonexistent DEBUG=0

# $(call debian,packages): install them as root on Debian, else say what to do.
debian = if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing $(1) …"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(1) >/dev/null; \
	else echo "Missing: $(1). Install it first, for example: sudo apt install $(1)" >&2; exit 1; fi

# $(call install,requirements file)
install = echo "Installing the packages of $(1) …"; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --compile -r $(1)

# The parts of `make check`, the longest first; they run side by side.
CHECKS := types lint templates layers migrations deployable
# $(call together,targets)
together = $(MAKE) --no-print-directory --output-sync=target --keep-going -j $(JOBS) $(1)

.PHONY: help run test check fmt permissions lock fuzz races bench benchreminders chaos chromium migrated $(CHECKS)

help: ## List these commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: .venv/.local ## Start a practice on http://127.0.0.1:$PORT (8000), data in $DATA_DIR (.data)
	@exec $(BIN)/python -m config.start

test: .venv/.dev chromium ## Every check, then every test
	@$(call together,$(CHECKS) migrated)
	@exec $(BIN)/pytest -n $(JOBS) --dist worksteal

check: .venv/.dev ## Style, types, layers, templates, migrations, deployment settings
	@$(call together,$(CHECKS))

fmt: .venv/.dev ## Format Python, fix what can be fixed
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --fix .

fuzz: .venv/.dev ## Send 200 made-up forms to every address, and as much to every rule (the suite sends a few)
	@KITH_FUZZ_EXAMPLES=200 exec $(BIN)/pytest -n $(JOBS) -m hypothesis

races: .venv/.dev ## 200 times 32 people at one button (the suite runs a few rounds)
	@KITH_RACE_ROUNDS=200 exec $(BIN)/pytest tests/groups_app/test_races.py

bench: .venv/.dev ## Measure the main pages against a bare Django page
	@exec $(BIN)/python -m benchmarks.pages $(ARGS)

permissions: .venv/.dev ## Write docs/permissions.md from the permission matrix
	@$(CHECKED_PLACE) $(BIN)/python -W ignore::RuntimeWarning -m tests.architecture.permissions.page

chaos: .venv/.dev ## Send 10,000 reminders while workers, servers and mail fail; about six minutes
	@exec $(BIN)/python -m benchmarks.chaos $(ARGS)

benchreminders: .venv/.dev ## Measure how fast reminders go out, beside three other ways
	@exec $(BIN)/python -m benchmarks.reminders $(ARGS)

lock: .venv/.dev ## Choose versions anew (UPGRADE=1: the newest) and lock them with their hashes
	@for layer in base local dev; do \
		extra=""; \
		[ $$layer = base ] || extra="--extra local --constraint requirements/base.txt"; \
		[ $$layer = dev ] && extra="$$extra --extra dev --constraint requirements/local.txt"; \
		$(BIN)/uv pip compile pyproject.toml $$extra --quiet --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade) \
			--custom-compile-command "make lock" --output-file requirements/$$layer.txt || exit 1; \
	done

# --- The parts of `make check` ---

lint: .venv/.dev
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "Run make fmt." >&2; exit 1; }

templates: .venv/.dev
	@$(BIN)/djlint templates --lint --quiet

# mypy trips over what it remembers of models that were moved since; then it begins anew.
types: .venv/.dev
	@report=$$($(CHECKED_PLACE) $(BIN)/mypy --no-error-summary 2>&1) && exit; \
	case "$$report" in \
		*"INTERNAL ERROR"*|*Traceback*) rm -rf .mypy_cache; $(CHECKED_PLACE) $(BIN)/mypy --no-error-summary;; \
		*) echo "$$report"; exit 1;; \
	esac

layers: .venv/.dev
	@report=$$($(BIN)/lint-imports --no-cache) || { echo "$$report"; exit 1; }

migrations: .venv/.dev
	@$(CHECKED_PLACE) $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run --verbosity 1

deployable: .venv/.dev
	@$(CHECKED_PLACE) $(BIN)/python manage.py check --deploy --fail-level WARNING

# --- What tests need ---

migrated: .venv/.dev
	@$(BIN)/python -m tests.migrated

chromium:
	@[ -n "$$CHROMIUM_PATH" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
		|| { $(call debian,chromium fonts-inter fonts-ebgaramond); }

# --- The virtual environment: made anew when its lock changes ---

.venv/.local: requirements/local.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "Kith needs Python 3.11 or newer; name one with PYTHON=/path/to/python3." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { $(call debian,python3-venv); }
	@[ ! -L .venv ] || rm .venv  # a link to somebody else's; clearing it would empty theirs
	@$(PYTHON) -m venv --clear .venv
	@$(call install,$<)
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.local
	@$(call install,$<)
	@touch $@

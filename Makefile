# make run    set everything up and open memlens on its demo
# make test   set everything up and run the tests
# make quick  the unit tests alone, without end-to-end and long ones
# make check  lint, types, import contracts, file lengths
# make bench  the benchmarks behind the README's figures
# make translations  bring the texts to translate up to date, compile what is translated
# make clean  remove what the others made

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
BIN := .venv/bin

.PHONY: run test quick check bench translations clean set-up qt-libraries
.DELETE_ON_ERROR:

run: set-up
	$(BIN)/memlens

test: set-up
	QT_QPA_PLATFORM=offscreen $(BIN)/pytest --numprocesses 2 --dist loadfile

quick: set-up
	QT_QPA_PLATFORM=offscreen $(BIN)/pytest --numprocesses 2 --dist loadfile -m "not long" \
		--ignore tests/e2e --ignore tests/memlens/lab

check: set-up
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --num-workers 2
	$(BIN)/lint-imports
	$(BIN)/python scripts/check_file_lengths.py

bench: set-up
	@missed=; for benchmark in benchmarks/[a-z]*.py; do \
		case $$benchmark in */kill_nine.py) options="--kills 20" ;; *) options= ;; esac; \
		echo "== $$benchmark $$options"; \
		QT_QPA_PLATFORM=offscreen $(BIN)/python $$benchmark $$options || missed="$$missed $$benchmark"; \
	done; test -z "$$missed" || { echo "missed or failed:$$missed" >&2; exit 1; }

translations: set-up
	$(BIN)/python scripts/update_translations.py

set-up: qt-libraries .venv/installed

qt-libraries:
	@sh scripts/install-qt-libraries

# Compiled as pip would, but on all cores; a template that only looks like Python is left alone.
# Touched last, so that an interrupted installation is taken up again.
.venv/installed: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "memlens needs Python 3.11 or newer: install it," \
		"or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --constraint constraints.txt setuptools
	$(BIN)/python -m pip install --no-compile --constraint constraints.txt \
		--no-build-isolation -e '.[test,ray]'
	$(BIN)/python -m compileall -qq -j 0 .venv/lib || true
	@touch $@

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache \
		.hypothesis .import_linter_cache benchmarks/results
	find memlens ui resources tests benchmarks scripts -name __pycache__ -prune -exec rm -rf {} +

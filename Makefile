# The words people type; Meson and Ninja do the work (see meson.build).
SHELL := /bin/bash
PYTHON := /usr/bin/python3
PREFIX ?= /usr/local
JOBS ?= 2
FILE ?=
ARGS ?=

.PHONY: run test build dev asan tsan count unit bench bench-gil bench-threads conformance install test-long test-fresh format clean \
        build-deps test-deps

# The optimised interpreter at build/gila: a copy, since what the linker writes piecemeal stands in small
# pages of the system's cache, with which a program starts 4% slower.
build: build-deps natives
	@tools/configure.sh opt
	@ninja -C build/opt -j $(JOBS)
	@if ! cmp -s build/opt/gila build/gila; then cp build/opt/gila build/gila.new && mv -f build/gila.new build/gila; fi

# The main job, or any program: make run FILE=prog.py ARGS="..."
run: build
	@if [ -n "$(FILE)" ]; then exec build/gila $(FILE) $(ARGS); else exec build/gila examples/main_job.py $(ARGS); fi

# -O1 -g with assertions.
dev: build-deps natives
	@tools/configure.sh dev
	@ninja -C build/dev -j $(JOBS)

asan tsan count: build-deps natives
	@tools/configure.sh $@
	@ninja -C build/$@ -j $(JOBS)

# The unit tests alone, with assertions.
unit: dev
	@$(PYTHON) tests/run.py --only unit

test: test-deps build asan tsan
	@$(PYTHON) tests/run.py $(ARGS)

test-long: test-deps build asan tsan
	@$(PYTHON) tests/run.py --long $(ARGS)

# Every command from nothing, in a bare Debian 12.
test-fresh:
	@tools/test_fresh.sh

bench: test-deps build
	@$(PYTHON) bench/run.py $(ARGS)

# The lock: latency, fairness and cost, beside CPython's; fails when a bound does not hold.
bench-gil: test-deps build
	@$(PYTHON) bench/gil.py $(ARGS)

# Threads without the lock: speed-up, cost, scaling; fails when a bound does not hold.
bench-threads: test-deps build
	@$(PYTHON) bench/threads.py $(ARGS)

conformance: test-deps build
	@$(PYTHON) tests/cpython/run.py $(ARGS)

install: build
	@meson configure build/opt -Dprefix=$(abspath $(PREFIX))
	@ninja -C build/opt >/dev/null && meson install -C build/opt --quiet

format:
	@find src tests/unit fuzz include -name '*.[ch]' 2>/dev/null | xargs -r clang-format -i

clean:
	@rm -rf build

build-deps:
	@tools/install-deps.sh build

test-deps:
	@tools/install-deps.sh test

# Tables of native functions (FILE.gen.h beside FILE.c), committed; see src/objects/native.h.
.PHONY: natives
natives:
	@tools/gen_natives.py

# One command each; `make demo` and `make test` do all set-up by themselves.
SHELL := /bin/bash
PREFIX ?= /usr/local
PEERS = $(shell Benchmarks/peers/setup.sh)

# The Swift runtime goes into the binary, so that it runs where no toolchain is (macOS brings its own).
ifeq ($(shell uname -s),Linux)
RELEASE = -c release --static-swift-stdlib
else
RELEASE = -c release
endif
SWIFT_FILES = Package.swift Sources Tests Benchmarks Examples

.PHONY: help setup build demo test test-browser format lint bench bench-peers bench-explorer docs models install clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

setup: ## Install libtorch and what draws figures into .deps/ (LIBTORCH=/path uses one that is there)
	@Scripts/setup.sh

build: setup ## Build the program in release mode
	swift build $(RELEASE) --product induct

demo: build ## Take a bundled model from scores to causes, as one report
	@echo
	@.build/release/induct demo

test: ## Run all tests (side by side, so each with one thread)
	@Scripts/setup.sh --tests
	swift build --build-tests
	OMP_NUM_THREADS=1 swift test --skip-build --skip HubTests --skip ExplorerTests
	OMP_NUM_THREADS=1 swift test --skip-build --filter 'HubTests|ExplorerTests' # by themselves: they wait for a clock

test-browser: build ## Test the explorer's page in a browser
	@Scripts/setup.sh --browser
	@.deps/venv/bin/python -m pytest Tests/Browser

format: ## Format all Swift sources
	swift format --in-place --recursive --configuration .swift-format $(SWIFT_FILES)

lint: ## Check formatting and documentation of all Swift sources
	swift format lint --strict --recursive --configuration .swift-format $(SWIFT_FILES)

bench: setup ## Microbenchmarks of the engine
	swift package --package-path Benchmarks/Micro --allow-writing-to-package-directory benchmark

bench-peers: setup ## Compare with TransformerLens and transformers, in turn
	swift build $(RELEASE) --product induct
	swift build $(RELEASE) --product induct-bench
	"$(PEERS)/bin/python" Benchmarks/peers/compare.py

bench-explorer: build ## Ask the explorer's server: one at a time, fifty at once, ten thousand times
	python3 Benchmarks/explorer/load.py

docs: setup ## Build the reference documentation into docs/
	Scripts/docs.sh

models: setup ## Train the bundled models of words again
	swift build $(RELEASE) --product induct-models
	.build/release/induct-models Sources/Lab/Resources/Models

install: build ## Install to PREFIX (default /usr/local)
	Scripts/install.sh "$(PREFIX)"

clean: ## Remove what was built; .deps/ stays
	rm -rf .build docs

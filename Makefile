# Layerlab's commands. Each installs what it needs first, and is quick where nothing is missing.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: catalogue help setup build serve check test bench fuzz docs screenshots first-view lighthouse

PORT ?= 8080
export PORT

help: ## Show the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install everything that is missing (wasm target, trunk, wasm-bindgen, npm packages, Chromium)
	@scripts/setup test

build: ## Build the page into dist/ and print its weight
	@scripts/setup build
	@scripts/build

serve: build ## Build the page and serve it at http://127.0.0.1:8080 (PORT=… changes the port)
	@node scripts/serve.mjs

check: ## Format, clippy and the native tests
	@scripts/setup check
	@scripts/check

test: ## Everything: format, clippy, native tests, build, browser tests
	@scripts/test

interop: ## What skopeo and umoci make of our exports (part of make test)
	@scripts/setup check
	@scripts/interop

bench: ## Native and browser benchmarks, with their bars
	@scripts/setup test
	@scripts/bench

fuzz: ## Fuzz every parser for a minute each (FUZZ_SECONDS=… changes that; needs the nightly toolchain)
	@scripts/fuzz

docs: ## Write docs/commands.md from the tables of programs
	@cargo run --quiet --locked --bin layerlab -- commands > docs/commands.md.new && mv docs/commands.md.new docs/commands.md

catalogue: ## Make the catalogue's data again (root, Debian, FACTS=folder of image facts)
	@scripts/catalogue/run

screenshots: ## Take the README's pictures from the running page
	@scripts/setup test
	@scripts/build
	@node scripts/screenshots.mjs

first-view: ## Write static/first-view.html, what is shown before the page's own code is there
	@scripts/setup test
	@scripts/build
	@node scripts/first-view.mjs

lighthouse: ## Lighthouse on the built page, against its bars
	@scripts/setup test
	@scripts/build
	@node scripts/lighthouse.mjs

# Start here: `make run` to use Rapport, `make test` to run everything that CI runs.
# The work is done in scripts/; tools and build output live in ~/.cache/rapport (RAPPORT_CACHE).
.DEFAULT_GOAL := help
.PHONY: help run test dev setup check fmt unit web e2e seed openapi release bench soak

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

run: ## Install what is missing, build, start everything on http://127.0.0.1:8080 (PORT, DATA_DIR)
	@scripts/run.sh

test: ## Everything CI runs: format, lints, unit, integration, contract, web build, browser
	@scripts/test.sh

dev: ## Rebuild and restart on each change; quick builds
	@scripts/dev.sh

setup: ## Install what is missing for `make run` and `make test`
	@scripts/setup.sh test

check: ## Format and lints, server and web app
	@scripts/check.sh

fmt: ## Format the Rust code
	@scripts/cargo.sh fmt --all

unit: ## Unit and integration tests against a private PostgreSQL and Redis (ARGS="-E 'test(import)'")
	@scripts/unit.sh $(ARGS)

web: ## Build the web app into dist/
	@scripts/web.sh release

e2e: ## Browser tests (ARGS="specs/board.spec.ts --headed")
	@scripts/e2e.sh $(ARGS)

seed: ## Make the demo organization, if it is not there yet
	@scripts/cargo.sh run --locked --quiet -p api -- seed

openapi: ## Write openapi/openapi.json
	@scripts/openapi.sh write

release: ## Build one binary with the web app inside: target/release/rapport
	@scripts/release.sh

bench: ## Measure the release build under load (BENCH_ROWS="10000", ARGS=docs/benchmarks.md); see scripts/bench.sh
	@scripts/bench.sh $(ARGS)

soak: ## Let people and jobs work for ten minutes, kill processes, look for what was acknowledged; see scripts/soak.sh
	@scripts/soak.sh

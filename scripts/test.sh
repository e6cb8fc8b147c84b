#!/usr/bin/env bash
# Everything CI runs, the quick answers first. Stops at the first failure.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
began=$SECONDS
step "set-up" scripts/setup.sh test

# Optimising the web app keeps one core busy for minutes: it runs beside the steps that do not need it.
beside scripts/web.sh release

scripts/check.sh
step "schema and its row-level security" migrations/check.sh
step "unit and integration tests" scripts/unit.sh
step "OpenAPI document" scripts/openapi.sh check
step "web app and its size budget" joined
step "browser tests" scripts/e2e.sh
step "small forms of the benchmark and the soak" scripts/small.sh
printf '\nAll steps passed in %s s.\n' $((SECONDS - began))

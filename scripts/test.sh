#!/usr/bin/env bash
# Everything CI runs, the quick answers first. Stops at the first failure.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
began=$SECONDS
step "set-up" scripts/setup.sh test
scripts/check.sh
step "schema and its row-level security" migrations/check.sh
step "unit and integration tests" scripts/unit.sh
step "OpenAPI document" scripts/openapi.sh check
step "web app and its size budget" scripts/web.sh release
step "browser tests" scripts/e2e.sh
printf '\nAll steps passed in %s s.\n' $((SECONDS - began))

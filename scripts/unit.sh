#!/usr/bin/env bash
# Unit and integration tests. Arguments go to the test runner.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
scripts/setup.sh test
load_toolchain
native_cargo build --locked -p api --bin rapport
# A failed test says what it expected and where; forty frames of the runtime below it would hide that.
export RUST_BACKTRACE=0
if in_toolchain "$NATIVE_CARGO" nextest --version >/dev/null 2>&1; then
  scripts/test-servers.sh scripts/cargo.sh nextest run --locked --no-fail-fast "$@"
else
  scripts/test-servers.sh scripts/cargo.sh test --locked --no-fail-fast "$@"
fi

#!/usr/bin/env bash
# The benchmark and the soak in a minute, with the debug build: whether they work, not how fast anything is.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
native_cargo build --locked -p api --bin rapport
CHROMIUM=${CHROMIUM:-$(chromium_bin)}
export CHROMIUM
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
BENCH_ROWS=1000 BENCH_SECONDS=1 BENCH_CONNECTIONS=2 BENCH_SCROLLING=2 BENCH_ONLY='^(list, first page|search, few hits|create|get|board)$' \
  node scripts/bench/bench.mjs "$CARGO_TARGET_DIR/debug/rapport" "$out/bench.json"
node scripts/bench/report.mjs "$out/bench.json" >"$out/benchmarks.md"
SOAK_ROWS=500 SOAK_MINUTES=0.3 SOAK_KILLS=1 node scripts/soak/soak.mjs "$CARGO_TARGET_DIR/debug/rapport"

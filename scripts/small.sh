#!/usr/bin/env bash
# The benchmark and the soak in a minute, with the debug build: whether they work, not how fast anything is. So both at
# once, each with servers of its own: alone, each leaves the processors idle for a third of the time.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
binary=$CARGO_TARGET_DIR/debug/rapport

if [ "${1:-}" = --bench ]; then
  out=$(mktemp -d)
  trap 'rm -rf "$out"' EXIT
  CHROMIUM=${CHROMIUM:-$(chromium_bin)} BENCH_ROWS=1000 BENCH_SECONDS=1 BENCH_CONNECTIONS=2 BENCH_SCROLLING=2 \
    BENCH_ONLY='^(list, first page|search, few hits|create|get|board)$' \
    node scripts/bench/bench.mjs "$binary" "$out/bench.json"
  node scripts/bench/report.mjs "$out/bench.json" >"$out/benchmarks.md"
  exit
fi

native_cargo build --locked -p api --bin rapport
beside scripts/small.sh --bench
SOAK_ROWS=500 SOAK_MINUTES=0.3 SOAK_KILLS=1 node scripts/soak/soak.mjs "$binary"
joined

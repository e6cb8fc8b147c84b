#!/usr/bin/env bash
# Measures the release build: scripts/bench.sh [FILE] prints the figures and, with FILE, writes them there as a document.
# BENCH_ROWS ("10000 100000 1000000"), BENCH_SECONDS (5), BENCH_CONNECTIONS ("1 8 32"), BENCH_SCROLLING (20) say how much.
# Needs wrk, Chromium and the client programs of PostgreSQL (psql, pgbench). With a million contacts it takes about three
# quarters of an hour and 10 GB of disk.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
for tool in wrk psql pgbench; do have "$tool" || fail "$tool is needed: install it (Debian: apt install wrk postgresql)."; done
scripts/release.sh
BENCH_BUNDLE=$(scripts/web.sh release | grep '^first load' | paste -sd ';' || true)
CHROMIUM=${CHROMIUM:-$(chromium_bin)}
export BENCH_BUNDLE CHROMIUM
out=$(mktemp "${TMPDIR:-/tmp}/rapport-bench-figures.XXXXXX")
trap 'rm -f "$out"' EXIT
node scripts/bench/bench.mjs target/release/rapport "$out"
if [ $# -gt 0 ]; then
  node scripts/bench/report.mjs "$out" >"$1"
  say "written to $1"
fi

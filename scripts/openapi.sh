#!/usr/bin/env bash
# The committed OpenAPI document: scripts/openapi.sh write | check
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
committed=openapi/openapi.json
fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
native_cargo run --locked --quiet -p api -- openapi >"$fresh"
case ${1:-} in
  write) mkdir -p openapi && cp "$fresh" "$committed" && chmod 644 "$committed" ;;
  check)
    diff -u "$committed" "$fresh" | head -n 60
    cmp -s "$committed" "$fresh" || fail "$committed is not what the server says of itself: run 'make openapi' and commit the result."
    ;;
  *) fail "usage: scripts/openapi.sh write|check" ;;
esac

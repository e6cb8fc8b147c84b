#!/usr/bin/env bash
# Runs a command with a private, migrated PostgreSQL and Redis whose addresses are in its environment, and removes
# both afterwards, also after Ctrl-C or a failure: scripts/test-servers.sh COMMAND [ARGUMENT...]
# The server binary must be built (debug).
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
[ $# -gt 0 ] || fail "usage: scripts/test-servers.sh COMMAND [ARGUMENT...]"

dir=$(mktemp -d "${TMPDIR:-/tmp}/rapport-test.XXXXXX")
# As root the servers run as another user, who must be able to pass.
chmod 711 "$dir"
servers=
cleanup() {
  trap '' INT TERM HUP
  if [ -n "$servers" ]; then
    kill "$servers" 2>/dev/null || true
    wait "$servers" 2>/dev/null || true
  fi
  rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

"$CARGO_TARGET_DIR/debug/rapport" dev-servers --data-dir "$dir/data" >"$dir/env" 2>"$dir/log" &
servers=$!
# The last line that they write.
until grep -qs '^REDIS_URL=' "$dir/env"; do
  kill -0 "$servers" 2>/dev/null || { cat "$dir/log" >&2; fail "the test servers did not start."; }
  sleep 0.1
done
while IFS= read -r line; do export "${line?}"; done <"$dir/env"
# Files of the servers under test go with them.
export DATA_DIR=$dir/app
mkdir "$DATA_DIR"
"$@"

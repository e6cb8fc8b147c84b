#!/usr/bin/env bash
# Browser tests against the real server, the release build of the web app, and private servers of their own.
# Arguments go to Playwright. In its environment: BASE_URL, CHROMIUM, and the addresses of PostgreSQL and Redis.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

if [ "${1:-}" != --inside ]; then
  scripts/setup.sh test
  scripts/web.sh release >/dev/null
  # A debug build of the server reads the web app from dist/.
  native_cargo build --locked -p api --bin rapport
  exec scripts/test-servers.sh scripts/e2e.sh --inside "$@"
fi
shift

PORT=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
export PORT BASE_URL=http://127.0.0.1:$PORT CHROMIUM=${CHROMIUM:-$(chromium_bin)}
# Every test signs in from this one address.
export SIGN_IN_RATE=0
log=$DATA_DIR/serve.log
"$CARGO_TARGET_DIR/debug/rapport" serve --demo >"$log" 2>&1 &
server=$!
cleanup() {
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
until node -e 'fetch(process.env.BASE_URL + "/readyz").then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))'; do
  kill -0 "$server" 2>/dev/null || { cat "$log" >&2; fail "the server did not start."; }
  sleep 0.2
done
status=0
(cd e2e && "$ROOT/node_modules/.bin/playwright" test "$@") || status=$?
if [ "$status" -ne 0 ]; then
  say "the server's last words:"
  tail -n 20 "$log" >&2
  # Once more and last, where a log that is cut short still has it.
  say "what failed:"
  find e2e/test-results -name error-context.md -exec awk '/^# Page snapshot/ { exit } /^- Name:/ || found; /^# Error details/ { found = 1 }' {} \; >&2
fi
exit "$status"

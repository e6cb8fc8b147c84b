#!/usr/bin/env bash
# Quick builds of server and web app; rebuilds what a change concerns. Reload the page after a rebuild of the web app.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
export PORT=${PORT:-8080} DATA_DIR=${DATA_DIR:-.data}
scripts/setup.sh run
stamps=$(mktemp -d)
server=
stop_server() {
  [ -z "$server" ] || { kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }
  server=
}
trap 'stop_server; rm -rf "$stamps"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

build_web() { scripts/web.sh dev || say "the web app does not build; waiting for the next change."; }
build_server() {
  if native_cargo build --locked -p api --bin rapport; then
    stop_server
    "$CARGO_TARGET_DIR/debug/rapport" serve --demo &
    server=$!
  else
    say "the server does not build; waiting for the next change."
  fi
}
# changed NAME FOLDER...: whether a file there is newer than the last time this was asked.
changed() {
  local stamp=$stamps/$1 newer
  shift
  if [ ! -e "$stamp" ]; then
    touch "$stamp"
    return 0
  fi
  newer=$(find "$@" -type f -newer "$stamp" -print -quit)
  [ -n "$newer" ] || return 1
  touch "$stamp"
}
while true; do
  ! changed web crates/web crates/domain || build_web
  ! changed server crates/api crates/domain migrations || build_server
  # Waiting for a child lets a signal through at once.
  sleep 1 & wait $!
done

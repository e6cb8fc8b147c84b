#!/usr/bin/env bash
# From a fresh checkout to a running Rapport. PORT (8080) and DATA_DIR (.data) change where.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
export PORT=${PORT:-8080} DATA_DIR=${DATA_DIR:-.data}
case $PORT in '' | *[!0-9]*) fail "PORT must be a number, not '$PORT'." ;; esac
# Told before the build rather than after it.
if (exec 3<>"/dev/tcp/${BIND:-127.0.0.1}/$PORT") 2>/dev/null; then
  fail "port $PORT is taken: choose another, for example with 'make run PORT=8081'."
fi
scripts/release.sh
# In place of this shell, so that Ctrl-C reaches the server alone and its end is ours.
exec target/release/rapport serve --demo

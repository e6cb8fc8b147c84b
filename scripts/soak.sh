#!/usr/bin/env bash
# Lets people, imports, exports and bulk changes work on the release build for a while, kills processes meanwhile, and looks
# for everything that was acknowledged. SOAK_MINUTES (10), SOAK_ROWS (100000), SOAK_KILLS (1) say how much. Needs psql.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
have psql || fail "psql is needed: install it (Debian: apt install postgresql-client)."
scripts/release.sh
node scripts/soak/soak.mjs target/release/rapport "$@"

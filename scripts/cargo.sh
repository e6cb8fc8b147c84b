#!/usr/bin/env bash
# cargo as the set-up chose it, with the shared target folder: scripts/cargo.sh test -p domain
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
[ -f "$CACHE/toolchain" ] || scripts/setup.sh run
native_cargo "$@"

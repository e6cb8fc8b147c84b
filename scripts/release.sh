#!/usr/bin/env bash
# Builds one optimised binary with the web app inside and puts it at target/release/rapport.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
scripts/setup.sh run
scripts/web.sh release
built=$CARGO_TARGET_DIR/release/rapport
# Cargo sees changes of files that were embedded before, but not the first appearance of the folder.
[ ! -e "$built" ] || [ ! dist/.build -nt "$built" ] || touch crates/api/src/web_app.rs
native_cargo build --release --locked -p api
mkdir -p target/release
# Under a new name first: a running copy is never written to.
cp "$built" target/release/rapport.new
mv target/release/rapport.new target/release/rapport
